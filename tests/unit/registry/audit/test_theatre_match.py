"""Lines and operations are matched one to one, as many and as near as can be."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.facts import Cohort
from registry.audit.selection import Period
from registry.audit.theatre_match import (
    MISSED,
    STATE_LABELS,
    TOLERANCE_DAYS,
    LineState,
    match,
    nearest_pairs,
)
from tests.factories.cohorts import AS_OF, FIRST_DAY, patient, surgery
from tests.factories.quality_cohorts import line, listed_by_hand, listed_cohorts, theatre_list

OF_2024 = Period(date(2024, 1, 1), AS_OF)
EVER = Period(None, AS_OF)


def matched(cohort, period=EVER):
    return match(cohort.theatre_lists, cohort.patients, period)


def test_a_list_counted_by_hand():
    found = matched(listed_by_hand(), OF_2024)
    rows = {
        state: [int(one.partition(":")[2]) for one in found.in_state(state)] for state in LineState
    }
    assert {state: sorted(row) for state, row in rows.items()} == {
        LineState.FOUND: [2, 3, 4, 5, 6], LineState.NOT_LOGGED: [7, 8], LineState.NOBODY: [9, 10],
        LineState.DUPLICATE: [11], LineState.OUTSIDE: [15], LineState.OTHER_CENTRE: [13],
        LineState.OPTED_OUT: [14], LineState.UNREADABLE: [12],
    }  # fmt: skip
    assert found.unlisted == ("e-1",)
    assert [one.line.row for one in found.lines if one.days_apart] == [4]


def test_an_operation_at_the_edge_is_not_missed_by_the_list():
    """The list stops in March; its line of the first of April is logged on the day before."""
    lines = theatre_list(
        "l", line(2, date(2024, 4, 1), "p"), covers=(date(2024, 1, 1), date(2024, 3, 31))
    )
    cohort = Cohort((patient("p", surgeries=[surgery("s", on=date(2024, 3, 31))]),), (lines,))
    found = matched(cohort)
    assert found.in_state(LineState.OUTSIDE) == ("l:2",)
    assert found.unlisted == ()


def test_a_line_outside_its_list_takes_nothing_from_another_list():
    day = date(2024, 4, 2)
    early = theatre_list("a", line(2, day, "p"), covers=(date(2024, 1, 1), date(2024, 3, 31)))
    late = theatre_list("b", line(2, day, "p"), covers=(date(2024, 4, 1), AS_OF))
    cohort = Cohort((patient("p", surgeries=[surgery("s", on=day)]),), (early, late))
    assert matched(cohort).in_state(LineState.FOUND) == ("b:2",)


def test_of_overlapping_lists_an_operation_counts_once():
    one, other = (theatre_list(name, line(5, patient_id="p")) for name in "ab")
    cohort = Cohort((patient("p"),), (other, one))
    found = matched(cohort)
    assert found.in_state(LineState.NOT_LOGGED) == ("a:5",)
    assert found.in_state(LineState.DUPLICATE) == ("b:5",)


def test_every_state_has_its_words():
    assert set(STATE_LABELS) == set(LineState)


days = st.lists(st.integers(0, 9), max_size=5).map(
    lambda found: [FIRST_DAY + timedelta(n) for n in sorted(found)]
)


@given(days, days)
def test_no_other_choice_has_more_pairs_or_nearer_ones(lines, surgeries):
    found = nearest_pairs(lines, surgeries, TOLERANCE_DAYS)
    assert len({i for i, _ in found}) == len({j for _, j in found}) == len(found)
    apart = [abs((lines[i] - surgeries[j]).days) for i, j in found]
    assert max(apart, default=0) <= TOLERANCE_DAYS
    places = [*range(len(surgeries)), *[None] * len(lines)]
    best = (0, 0)
    for order in set(permutations(places, len(lines))) if lines else ():
        pairs = [
            abs((on - surgeries[j]).days)
            for on, j in zip(lines, order, strict=True)
            if j is not None
        ]
        kept = [one for one in pairs if one <= TOLERANCE_DAYS]
        if len(kept) == len(pairs):
            best = max(best, (len(pairs), -sum(pairs)))
    assert (len(found), -sum(apart)) == best


@settings(deadline=None, max_examples=60)
@given(listed_cohorts(), st.randoms())
def test_every_line_is_counted_once_and_their_order_makes_no_difference(cohort, random):
    found = matched(cohort)
    every = [one.line_id for one in found.lines]
    assert sorted(every) == sorted(cohort.line_of())
    assert sum(len(found.in_state(state)) for state in LineState) == len(every)
    pairs = [one.surgery.surgery_id for one in found.lines if one.surgery]
    assert len(set(pairs)) == len(pairs) == len(found.in_state(LineState.FOUND))
    assert not set(pairs) & set(found.unlisted)
    patient_of = cohort.patient_of()
    for one in found.lines:
        if one.surgery:
            assert patient_of[one.surgery.surgery_id] == one.line.patient_id
            assert one.days_apart <= TOLERANCE_DAYS
    lists = list(cohort.theatre_lists)
    random.shuffle(lists)
    assert match(lists, reversed(cohort.patients), EVER).in_state(*MISSED) == found.in_state(
        *MISSED
    )


@given(listed_cohorts())
def test_a_shorter_period_only_moves_lines_outside(cohort):
    period = Period(FIRST_DAY + timedelta(3), FIRST_DAY + timedelta(8))
    found = matched(cohort, period)
    for one in found.lines:
        if one.state in (LineState.FOUND, *MISSED, LineState.DUPLICATE):
            assert period.contains(one.line.on)
    assert all(period.contains(one.performed_on) for _, one in found.not_listed)


def test_renumbered_rows_are_the_same_operations():
    (one,) = listed_by_hand().theatre_lists
    moved = replace(one, lines=tuple(replace(each, row=each.row + 100) for each in one.lines))
    cohort = replace(listed_by_hand(), theatre_lists=(moved,))
    assert len(matched(cohort, OF_2024).in_state(LineState.FOUND)) == 5
