from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.pairing import PairingRule, chosen_read, is_blind, pair, verifies
from tests.factories.cohorts import patient, patients, read, study, surgery

DAY = date(2023, 3, 1)
RULE = PairingRule()


def after(number: int) -> date:
    return DAY + timedelta(days=number)


def pairs_of(one, rule=RULE):
    return [(p.study.study_id, p.surgery.surgery_id) for p in pair(one, rule).pairs]


@pytest.mark.parametrize(
    ("interval_days", "expected"),
    [(-1, False), (0, True), (1, True), (180, True), (181, False)],
)
def test_an_operation_verifies_a_study_from_its_day_to_the_end_of_the_window(
    interval_days, expected
):
    assert (
        verifies(contrast_study_on=DAY, revision_on=after(interval_days), window_days=180)
        is expected
    )


def test_an_operation_verifies_the_latest_study_before_it_and_lists_the_others():
    one = patient(
        "p",
        studies=[study("a", on=DAY), study("b", on=after(5)), study("c", on=after(40))],
        surgeries=[surgery("o", on=after(20))],
    )
    (only,) = pair(one, RULE).pairs
    assert only.study.study_id == "b"
    assert [other.study_id for other in only.others] == ["a"]


def test_a_study_is_verified_by_the_earliest_operation_only():
    one = patient(
        "p",
        studies=[study("a", on=DAY)],
        surgeries=[surgery("a-second", on=after(30)), surgery("b-first", on=after(10))],
    )
    pairing = pair(one, RULE)
    assert [p.surgery.surgery_id for p in pairing.pairs] == ["b-first"]
    assert [s.surgery_id for s in pairing.unpaired] == ["a-second"]


def test_a_second_operation_does_not_fall_back_on_an_older_study():
    """The older study was overtaken by a newer one, which the first operation answered."""
    one = patient(
        "p",
        studies=[study("older", on=DAY), study("newer", on=after(5))],
        surgeries=[surgery("first", on=after(10)), surgery("second", on=after(20))],
    )
    assert pairs_of(one) == [("newer", "first")]


def test_an_operation_of_another_case_verifies_nothing_unless_the_rule_allows():
    one = patient(
        "p",
        studies=[study("a", on=DAY)],
        surgeries=[surgery("o", on=after(1), case_id="case-2")],
    )
    assert pairs_of(one) == []
    assert pairs_of(one, PairingRule(same_case=False)) == [("a", "o")]


def test_studies_of_one_day_are_ordered_by_id():
    studies = [study("a", on=DAY), study("b", on=DAY)]
    for order in (studies, studies[::-1]):
        assert pairs_of(patient("p", studies=order, surgeries=[surgery("o", on=DAY)])) == [
            ("b", "o")
        ]


@given(patients("p"), st.integers(0, 400), st.booleans())
def test_no_study_is_paired_with_an_operation_before_it_beyond_the_window_or_twice(
    one, window_days, same_case
):
    rule = PairingRule(window_days=window_days, same_case=same_case)
    pairing = pair(one, rule)
    for chosen in pairing.pairs:
        interval = chosen.surgery.performed_on - chosen.study.performed_on
        assert 0 <= interval.days <= window_days
        assert not same_case or chosen.study.case_id == chosen.surgery.case_id
        between = [
            s
            for s in one.studies
            if chosen.study.performed_on < s.performed_on <= chosen.surgery.performed_on
            and (not same_case or s.case_id == chosen.surgery.case_id)
        ]
        assert between == []
    study_ids = [p.study.study_id for p in pairing.pairs]
    assert len(set(study_ids)) == len(study_ids)
    surgery_ids = [p.surgery.surgery_id for p in pairing.pairs] + [
        s.surgery_id for s in pairing.unpaired
    ]
    assert sorted(surgery_ids) == sorted(s.surgery_id for s in one.surgeries)


@given(patients("p"))
def test_of_the_operations_that_could_verify_a_study_the_earliest_does(one):
    for chosen in pair(one, RULE).pairs:
        earlier = [
            s
            for s in one.surgeries
            if s.case_id == chosen.study.case_id
            and chosen.study.performed_on <= s.performed_on < chosen.surgery.performed_on
        ]
        assert earlier == []


def test_a_read_signed_on_the_day_of_operation_is_not_blind():
    assert is_blind(signed_on=DAY, revision_on=after(1))
    assert not is_blind(signed_on=DAY, revision_on=DAY)
    assert not is_blind(signed_on=after(1), revision_on=DAY)


@pytest.mark.parametrize(("signed_after_days", "blind"), [(9, True), (10, False), (11, False)])
def test_a_pair_says_whether_its_read_was_blind(signed_after_days, blind):
    signed = read("r", "leak", signed_on=after(signed_after_days))
    one = patient(
        "p",
        studies=[replace(study("a", on=DAY), reads=(signed,))],
        surgeries=[surgery("o", on=after(10))],
    )
    assert pair(one, RULE).pairs[0].blind is blind


def test_a_pair_without_a_read_is_neither_blind_nor_not():
    one = patient("p", studies=[study("a", on=DAY)], surgeries=[surgery("o", on=DAY)])
    assert pair(one, RULE).pairs[0].blind is None


def test_the_read_signed_first_is_counted():
    early = read("z", "leak", signed_on=after(1))
    late = read("a", "occlusion", signed_on=after(2))
    assert chosen_read(replace(study("s", on=DAY), reads=(late, early))) == early
    assert chosen_read(study("s", on=DAY)) is None


def test_an_adjudication_is_counted_before_any_read():
    """`ADJUDICATED_CHOICE`."""
    early = read("z", "leak", signed_on=after(1))
    late = read("y", "occlusion", signed_on=after(2))
    decided = replace(read("a", "occlusion", signed_on=after(9)), adjudicates=("y", "z"))
    assert chosen_read(replace(study("s", on=DAY), reads=(late, decided, early))) == decided


def test_an_adjudication_after_the_operation_is_not_blind_though_the_reads_were():
    early = read("z", "leak", signed_on=after(1))
    decided = replace(read("a", "occlusion", signed_on=after(9)), adjudicates=("y", "z"))
    operation = surgery("o", on=after(5))
    for reads, blind in (((early,), True), ((early, decided), False)):
        one = patient("p", studies=[replace(study("s", on=DAY), reads=reads)])
        one = replace(one, surgeries=(operation,))
        assert pair(one, RULE).pairs[0].blind is blind


def test_the_printed_rule_states_its_version_window_and_that_the_window_is_ours():
    text = PairingRule(window_days=90).text
    assert text.startswith("pairing-1:")
    assert "90 days" in text
    assert "[proposal]" in text
    assert "of the same case" in text
    assert "of the same case" not in PairingRule(same_case=False).text
