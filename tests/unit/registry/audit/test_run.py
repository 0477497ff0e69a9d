from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.errors import UnknownProtocolError
from registry.audit.facts import Cohort
from registry.audit.pairing import ADJUDICATED_CHOICE
from registry.audit.run import run
from registry.audit.selection import Filters, known_by, of_centres
from registry.audit.stored_facts import facts_sha256
from tests.factories.cohorts import (
    AS_OF,
    CENTRES,
    abousamra_cohort,
    cohorts,
    days,
    filters,
    studied_patient,
)

EVERYTHING = Filters()


def audited(cohort, limits=EVERYTHING, as_of=AS_OF, version=None):
    return run(
        "abousamra-2016", cohort, filters=limits, as_of=as_of, code_version="1.0", version=version
    )


def numbers(result):
    """All that was counted, without the seal over the facts."""
    return {
        key: value
        for key, value in result.to_json().items()
        if key not in ("facts_sha256", "filters", "as_of")
    }


def test_an_unknown_protocol_is_named():
    with pytest.raises(UnknownProtocolError, match="abousamra-2016"):
        run(
            "nobody-1900",
            Cohort(()),
            filters=EVERYTHING,
            as_of=AS_OF,
            code_version="1.0",
        )


def test_the_result_is_sealed_with_the_hash_of_the_facts_it_was_given():
    cohort = abousamra_cohort()
    assert audited(cohort).facts_sha256 == facts_sha256(cohort)


def test_the_rule_of_adjudications_is_printed_where_it_chose_and_nowhere_else():
    """A report frozen before there were any comes out as it was."""
    one = studied_patient("p", finding="leak", operated_after_days=30)
    (study,) = one.studies
    (read,) = study.reads
    decided = replace(read, read_id="decided", primary_finding="occlusion", adjudicates=("a", "b"))
    before = audited(Cohort((one,)))
    study = replace(study, reads=(read, decided))
    after = audited(Cohort((replace(one, studies=(study,)),)))

    assert [rule.partition(":")[0] for rule in before.rules] == ["index-1", "read-choice-1"]
    assert after.rules == (*before.rules, ADJUDICATED_CHOICE)
    assert before.members("operated_leak") == after.members("operated_occlusion") == ("p",)
    notes = {table.key: table for table in before.tally.tables}["data_notes"]
    assert "adjudicated" not in [row[0] for row in notes.rows]
    assert after.members("data_notes.adjudicated.patients") == ("p",)
    assert after.members("data_notes.several_reads.patients") == ()


@given(cohorts(), filters, st.randoms(use_true_random=False))
def test_the_order_of_patients_does_not_matter(cohort, limits, order):
    mixed = list(cohort.patients)
    order.shuffle(mixed)
    assert audited(Cohort(tuple(mixed)), limits).to_json() == audited(cohort, limits).to_json()


@given(cohorts(), filters)
def test_choosing_centres_is_running_on_their_patients_alone(cohort, limits):
    alone = of_centres(cohort, limits.centres)
    rest = replace(limits, centres=None)
    of_them = numbers(audited(alone, rest, version="2"))
    assert numbers(audited(cohort, limits, version="2")) == of_them
    assert numbers(audited(alone, limits, version="2")) == of_them


@given(cohorts(), filters)
def test_the_centres_add_up_to_all(cohort, limits):
    per_centre = [audited(cohort, replace(limits, centres=(centre,))) for centre in CENTRES]
    whole = audited(cohort, replace(limits, centres=CENTRES))
    for box in whole.flow.boxes:
        assert box.n == sum(result.flow.box(box.key).n for result in per_centre)


@given(cohorts(), filters, days)
def test_what_happened_after_the_cut_does_not_count(cohort, limits, as_of):
    cut = known_by(cohort, as_of)
    assert numbers(audited(cohort, limits, as_of)) == numbers(audited(cut, limits, as_of))


@given(cohorts(), filters, days, days)
def test_a_later_cut_loses_neither_patients_nor_studied_patients(cohort, limits, one, other):
    early = audited(cohort, limits, min(one, other))
    late = audited(cohort, limits, max(one, other))
    for key in ("patients", "ct_studied"):
        assert set(early.members(key)) <= set(late.members(key))


@given(cohorts(), filters)
def test_studied_patients_of_a_shorter_period_are_studied_in_the_longer_one(cohort, limits):
    inside = set(audited(cohort, limits).members("ct_studied"))
    assert inside <= set(audited(cohort, Filters(centres=limits.centres)).members("ct_studied"))


def test_a_period_keeps_the_studies_in_it():
    cohort = Cohort(
        (
            studied_patient("early", finding="leak", on=date(2022, 1, 1)),
            studied_patient("late", finding="leak", on=date(2023, 1, 1)),
        )
    )
    limits = Filters(performed_from=date(2023, 1, 1), performed_to=date(2023, 12, 31))
    result = audited(cohort, limits)
    assert result.members("ct_studied") == ("late",)
    assert result.members("patients") == ("early", "late")


def test_an_empty_cohort_has_empty_boxes_and_undefined_proportions():
    result = audited(Cohort(())).to_json()
    assert {box["n"] for box in result["flow"]} == {0}
    assert {estimate["value"] for estimate in result["estimates"]} == {None}
