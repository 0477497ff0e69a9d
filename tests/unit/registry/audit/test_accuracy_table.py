import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.accuracy_table import AccuracyTable, NonDiagnostic, verified_fractions
from registry.audit.errors import CountError

tables = st.builds(AccuracyTable, *[st.integers(0, 30)] * 12)


@given(tables, st.sampled_from(NonDiagnostic))
def test_no_handling_loses_or_invents_a_verified_study(table, handling):
    left_out = table.non_diagnostic_with + table.non_diagnostic_without
    kept = table.verified - (left_out if handling is NonDiagnostic.EXCLUDED else 0)
    assert table.resolved(handling).verified == kept


@given(tables)
def test_mirrored_twice_is_the_table_itself(table):
    assert table.mirrored().mirrored() == table


@given(tables)
def test_verified_and_unverified_of_each_result_are_all_of_it(table):
    fractions = verified_fractions(table)
    assert sum(one.numerator for one in fractions) == table.verified
    assert [one.key for one in fractions] == [
        "verified_positive",
        "verified_negative",
        "verified_indeterminate",
        "verified_not_aspirable",
    ]


def test_in_abousamra_the_result_decided_who_was_operated():
    """12 of 12 abnormal and 4 of 12 normal (doi:10.1111/dmcn.12893; domain reference, 6.6)."""
    table = AccuracyTable(12, 0, 0, 4, unverified_negative=8, unverified_not_aspirable=3)
    positive, negative, indeterminate, not_aspirable = verified_fractions(table)
    assert positive.value == 1
    assert negative.value == pytest.approx(1 / 3)
    assert indeterminate.value is None
    assert not_aspirable.value == 0


def test_no_cell_is_negative():
    with pytest.raises(CountError):
        AccuracyTable(1, 1, 1, -1)
