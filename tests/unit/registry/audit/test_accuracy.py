import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.accuracy import RATIO_METHOD, accuracy
from registry.audit.accuracy_table import AccuracyTable, NonDiagnostic
from registry.audit.errors import CountError
from registry.audit.intervals import IntervalMethod

tables = st.builds(AccuracyTable, *[st.integers(0, 30)] * 12)
handlings = st.sampled_from(NonDiagnostic)
SWAPPED = {
    NonDiagnostic.AS_POSITIVE: NonDiagnostic.AS_NEGATIVE,
    NonDiagnostic.AS_NEGATIVE: NonDiagnostic.AS_POSITIVE,
}


@given(tables, handlings)
def test_swapping_positive_and_negative_swaps_sensitivity_and_specificity(table, handling):
    here = accuracy(table, handling)
    there = accuracy(table.mirrored(), SWAPPED.get(handling, handling))
    for one, other in (("sensitivity", "specificity"), ("ppv", "npv")):
        for name in ("numerator", "denominator", "value", "lower", "upper"):
            swapped = getattr(there.estimate(other), name)
            assert getattr(here.estimate(one), name) == swapped


@given(tables)
def test_counting_non_diagnostic_as_positive_never_lowers_sensitivity(table):
    values = [
        accuracy(table, handling).estimate("sensitivity").value
        for handling in (
            NonDiagnostic.AS_NEGATIVE,
            NonDiagnostic.OWN_RESULT,
            NonDiagnostic.EXCLUDED,
            NonDiagnostic.AS_POSITIVE,
        )
    ]
    defined = [value for value in values if value is not None]
    assert defined == sorted(defined)


@given(tables, handlings)
def test_the_ratio_is_sensitivity_over_the_false_positive_share(table, handling):
    found = accuracy(table, handling)
    ratio = found.ratio("lr_positive")
    sensitivity = found.estimate("sensitivity").value
    if ratio.value is not None:
        share = ratio.denominator / ratio.denominator_of
        assert ratio.value == pytest.approx(sensitivity / share)
    if ratio.lower is not None:
        assert ratio.lower <= ratio.value <= ratio.upper


def test_the_published_table_of_delhaas():
    """17 / 4 / 2 / 27 (domain reference, D1; repub.eur.nl/pub/126152)."""
    found = accuracy(AccuracyTable(17, 2, 4, 27), NonDiagnostic.EXCLUDED, window="2013 to 2018")
    printed = {
        "sensitivity": (0.810, 0.581, 0.946),
        "specificity": (0.931, 0.772, 0.992),
        "ppv": (0.895, 0.669, 0.987),
        "npv": (0.871, 0.702, 0.964),
    }
    for key, (value, lower, upper) in printed.items():
        estimate = found.estimate(key)
        assert estimate.value == pytest.approx(value, abs=5e-4)
        assert estimate.lower == pytest.approx(lower, abs=5e-4)
        assert estimate.upper == pytest.approx(upper, abs=5e-4)
        assert (estimate.unit, estimate.window) == ("studies", "2013 to 2018")
    assert found.ratio("lr_positive").value == pytest.approx(17 / 21 / (2 / 29))
    assert found.ratio("lr_positive").method == RATIO_METHOD


def test_the_four_ways_of_one_table():
    """Worked by hand: 8 of 10 defects found, one indeterminate and one not aspirable."""
    table = AccuracyTable(8, 1, 0, 5, indeterminate_with=1, not_aspirable_with=1)
    by_handling = {
        handling: accuracy(table, handling).estimate("sensitivity") for handling in NonDiagnostic
    }
    assert {one.value: (e.numerator, e.denominator) for one, e in by_handling.items()} == {
        "excluded": (8, 8),
        "as positive": (10, 10),
        "as negative": (8, 10),
        "a result of its own": (8, 10),
    }
    third = accuracy(table, NonDiagnostic.OWN_RESULT)
    yields = third.estimate("yield"), third.estimate("yield_with"), third.estimate("yield_without")
    assert [(e.numerator, e.denominator) for e in yields] == [(14, 16), (8, 10), (6, 6)]
    assert third.estimate("npv").value == 1.0
    assert third.ratio("lr_third").value is None
    assert third.ratio("lr_negative").value == 0.0
    assert third.ratio("lr_negative").upper is None


def test_intervals_are_exact_unless_wilson_is_asked_for():
    table = AccuracyTable(17, 2, 4, 27)
    exact = accuracy(table, NonDiagnostic.EXCLUDED)
    wilson = accuracy(table, NonDiagnostic.EXCLUDED, method=IntervalMethod.WILSON)
    assert exact.estimate("sensitivity").method == "Clopper-Pearson"
    assert wilson.estimate("sensitivity").method == "Wilson"
    assert wilson.estimate("sensitivity").lower == pytest.approx(0.6, abs=5e-5)


def test_without_studies_nothing_is_known():
    found = accuracy(AccuracyTable(0, 0, 0, 0), NonDiagnostic.OWN_RESULT)
    assert all(one.value is None for one in (*found.estimates, *found.ratios))
    with pytest.raises(CountError):
        accuracy(AccuracyTable(1, 1, 1, 1), NonDiagnostic.EXCLUDED, confidence=1)
