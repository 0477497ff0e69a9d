from datetime import date, timedelta

import pytest

from registry.audit import component_course
from registry.audit.component_course import (
    CATHETER_FAILURES,
    INFECTIONS,
    MOVES,
    PLANNED_BATTERY,
    PUMP_FAILURES,
    End,
    Move,
    cause_of,
    follow_up,
    revised,
)
from registry.audit.devices import ComponentKind
from registry.audit.selection import Period
from registry.vocabulary import Procedure, RevisionIndication
from tests.factories.component_cohorts import FIRST_DAY, component

YEAR = timedelta(days=365)
LAST = date(2020, 1, 1)
ALWAYS = Period(None, LAST)


def course(one, *, period=ALWAYS, moves=(), gone_on=None, died_on=None, reasons=None):
    return component_course.course(
        one,
        patient_id="p",
        centre="EAST",
        moves=moves,
        reason_of_surgery=reasons or {},
        gone_on=gone_on,
        died_on=died_on,
        period=period,
    )


def test_every_code_is_one_of_the_vocabulary():
    indications = {code.value for code in RevisionIndication}
    assert indications >= PUMP_FAILURES | CATHETER_FAILURES | PLANNED_BATTERY | INFECTIONS
    assert {code.value for code in Procedure} >= set(MOVES)


@pytest.mark.parametrize(
    ("kind", "reason", "end"),
    [
        ("pump", "motor_stall", End.FAILURE),
        ("pump", "battery_premature", End.FAILURE),
        ("pump", "battery_eos", End.BATTERY),
        ("pump", "catheter_kink", End.OTHER),
        ("spinal_segment", "catheter_kink", End.FAILURE),
        ("spinal_segment", "battery_eri", End.OTHER),
        ("connector", "meningitis", End.INFECTION),
        ("pump", "", End.NO_REASON),
    ],
)
def test_a_reason_makes_an_end_of_the_part_it_is_about(kind, reason, end):
    """Domain reference, section 6.3: device failure [proposal]."""
    assert cause_of(kind, reason) is end


def test_the_first_end_counts_and_a_revision_before_a_death_of_the_same_day():
    removed = component(removed_on=FIRST_DAY + 2 * YEAR, removal_reason="motor_stall")
    assert course(removed).end is End.FAILURE
    assert course(removed, died_on=FIRST_DAY + 2 * YEAR).end is End.FAILURE
    assert course(removed, died_on=FIRST_DAY + YEAR).end is End.DEATH
    assert course(removed, gone_on=FIRST_DAY + YEAR).end is End.WATCHED
    moved = course(removed, moves=[Move(FIRST_DAY + YEAR, ComponentKind.PUMP, "growth")])
    assert (moved.end, moved.exit_day) == (End.OTHER, 365)
    tip = Move(FIRST_DAY + YEAR, ComponentKind.SPINAL_SEGMENT, "growth")
    assert course(removed, moves=[tip]).end is End.FAILURE


def test_a_removal_without_a_reason_has_that_of_its_operation():
    removed = component(removed_on=FIRST_DAY + YEAR, removed_by="s")
    assert course(removed).end is End.NO_REASON
    assert course(removed, reasons={"s": "motor_stall"}).end is End.FAILURE


def test_what_was_implanted_before_the_period_enters_late_and_its_first_day_counts():
    removed = component(removed_on=FIRST_DAY + YEAR, removal_reason="motor_stall")
    late = course(removed, period=Period(FIRST_DAY + YEAR, LAST))
    assert (late.entry_day, late.exit_day) == (364, 365)
    assert revised([late]).events_of(1).sum() == 1
    assert course(removed, period=Period(FIRST_DAY + YEAR + timedelta(days=1), LAST)) is None
    assert course(removed, period=Period(FIRST_DAY, LAST)).entry_day == 0


def test_what_has_no_day_or_comes_after_the_period_was_not_watched():
    assert course(component(implanted_on=None)) is None
    assert course(component(implanted_on=LAST + timedelta(days=1))) is None
    assert course(component(implanted_on=LAST)).exit_day == 0


def test_a_death_competes_with_both_endpoints():
    ended = [course(component(), died_on=FIRST_DAY + YEAR), course(component())]
    assert revised(ended).causes == (2,)
    assert follow_up(ended).causes == (End.DEATH,)
