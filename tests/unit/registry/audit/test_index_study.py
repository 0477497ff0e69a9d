from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given

from registry.audit.facts import StudyOutcome
from registry.audit.index_study import (
    RESULT_LABELS,
    groups_by_result,
    indexed,
    joined,
)
from registry.audit.pairing import PairingRule
from registry.audit.selection import Period
from tests.factories.cohorts import cohorts, patient, studied_patient, study, surgery

DAY = date(2023, 3, 1)
EVER = Period(first=None, last=date(2030, 1, 1))
RULE = PairingRule()


def after(number: int) -> date:
    return DAY + timedelta(days=number)


def index_of(one, period=EVER):
    return indexed(one, period=period, rule=RULE)


def test_a_patient_counts_with_the_study_that_an_operation_verifies():
    one = patient(
        "p",
        studies=[
            study("a", on=DAY, finding="normal_crescent"),
            study("b", on=after(9), finding="leak"),
        ],
        surgeries=[surgery("o", on=after(20))],
    )
    counted = index_of(one)
    assert (counted.index.study_id, counted.result, counted.operated) == (
        "b",
        "leak",
        True,
    )


def test_a_patient_without_a_pair_counts_with_the_earliest_study():
    one = patient(
        "p",
        studies=[
            study("a", on=after(9), finding="leak"),
            study("b", on=DAY, finding="normal_crescent"),
        ],
    )
    counted = index_of(one)
    assert (counted.index.study_id, counted.operated) == ("b", False)


def test_of_two_pairs_the_earlier_operation_counts():
    one = patient(
        "p",
        studies=[study("a", on=DAY), study("b", on=after(300))],
        surgeries=[surgery("second", on=after(310)), surgery("first", on=after(10))],
    )
    assert index_of(one).index.study_id == "a"


def test_a_filter_does_not_move_an_operation_to_an_older_scan():
    """The operation answered study b; hiding b leaves study a without an operation."""
    one = patient(
        "p",
        studies=[
            study("a", on=DAY, finding="leak"),
            study("b", on=after(40), finding="leak"),
        ],
        surgeries=[surgery("o", on=after(50))],
    )
    counted = index_of(one, Period(first=None, last=after(10)))
    assert (counted.index.study_id, counted.operated) == ("a", False)


def test_an_operation_after_the_period_still_verifies_a_study_inside_it():
    one = studied_patient("p", finding="leak", operated_after_days=60, on=DAY)
    assert index_of(one, Period(first=DAY, last=DAY)).operated


def test_a_stopped_study_has_its_outcome_as_result_even_if_somebody_read_it():
    one = studied_patient(
        "p",
        outcome=StudyOutcome.STOPPED_NOT_ASPIRABLE,
        finding="occlusion",
        operated_after_days=3,
    )
    counted = index_of(one)
    assert (counted.result, counted.read) == ("stopped_not_aspirable", None)


def test_a_completed_study_nobody_signed_is_not_read():
    assert index_of(studied_patient("p")).result == "not_read"


def test_a_patient_without_a_study_in_the_period_has_no_result():
    one = studied_patient("p", finding="leak", on=DAY)
    assert index_of(one, Period(first=after(1), last=after(9))).result is None
    assert index_of(patient("p")).result is None


def test_operations_that_verify_no_study_are_counted():
    one = studied_patient("p", finding="leak", operated_after_days=3, on=DAY)
    earlier = surgery("before", on=DAY - timedelta(days=1), case_id="p-case")
    assert index_of(replace(one, surgeries=(*one.surgeries, earlier))).unpaired_surgeries == 1


@given(cohorts())
def test_each_studied_patient_is_in_one_group(cohort):
    counted = {one.patient_id: index_of(one) for one in cohort.patients}
    groups = groups_by_result(counted)
    assert list(groups) == list(RESULT_LABELS)
    members = [one for group in groups.values() for one in (*group.operated, *group.not_operated)]
    assert sorted(members) == sorted(p for p, one in counted.items() if one.index is not None)
    assert joined(groups, RESULT_LABELS).everybody == tuple(sorted(members))
