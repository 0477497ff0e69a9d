"""Lanes of a swimmer plot: from a cohort made by hand, and against what else counts the same."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from registry.audit.component_course import End
from registry.audit.departure_facts import DepartureFacts
from registry.audit.lanes import How, LaneChoice, left, parts_of
from registry.audit.patient_components import observed, repeated, watched
from registry.audit.selection import Period
from tests.factories.component_cohorts import FIRST_DAY, component, component_cohorts, patient
from tests.factories.lane_cohorts import LAST, PERIOD, day, lane_cohort


def everything(_):
    return True


def chosen(patients, period=PERIOD, most=30):
    choice = LaneChoice(most)
    curve = repeated(choice.passing(observed(patients, period)))
    return choice, curve


def lane_of(patient_id, period=PERIOD):
    patients = [one for one in lane_cohort().patients if one.patient_id == patient_id]
    (lane,) = observed(patients, period)
    return lane


def said(lane, fits=everything):
    return [
        (part.kind, part.from_day, part.to_day, part.how, part.cause)
        for part in parts_of(lane, fits)
    ]


def test_the_parts_of_each_patient_follow_each_other_with_what_ended_them():
    choice, _ = chosen(lane_cohort().patients)
    lanes = {one.patient.patient_id: one for one in choice.lanes}
    assert [one.patient.patient_id for one in choice.lanes] == [
        "often", "late", "moved", "elsewhere", "undated", "died", "gone",
    ]  # fmt: skip
    assert said(lanes["often"]) == [
        ("pump", 0, 400, How.REPLACED, End.BATTERY),
        ("pump", 400, 900, How.REPLACED, End.FAILURE),
        ("pump", 900, 3650, How.IN_PLACE, None),
        ("spinal_segment", 0, 700, How.EXPLANTED, End.INFECTION),
    ]
    assert said(lanes["moved"]) == [
        ("pump", 0, 300, How.MOVED, End.OTHER),
        ("pump", 300, 500, How.EXPLANTED, End.NO_REASON),
    ]
    # The connector was never dated: when it ended is known, when it began is not.
    assert said(lanes["elsewhere"]) == [
        ("pump", 0, 3650, How.IN_PLACE, None),
        ("connector", None, 800, How.EXPLANTED, End.FAILURE),
    ]
    assert said(lanes["undated"])[1] == ("spinal_segment", None, None, How.NO_DAY, None)
    assert [left(lanes[one]) for one in ("often", "died", "gone")] == ["watched", "died", "gone"]


def ended(**other):
    """How the first pump ended, removed on day 400, with another pump beside it."""
    first = component("first", removed_on=day(400), removal_reason="motor_stall")
    second = component("second", **other)
    (lane,) = observed([patient("p", first, second)], PERIOD)
    return next(
        part.how for part in parts_of(lane, everything) if part.component_id in {"first", ""}
    )


def test_a_part_is_replaced_only_by_what_came_after_it():
    assert ended(implanted_on=day(400)) is How.REPLACED
    assert ended(implanted_on=day(399)) is How.EXPLANTED
    # Known to the month, which holds the day of the removal, or not known at all.
    month = day(400).replace(day=1)
    assert month < day(400)
    assert ended(implanted_on=month, precision="month") is How.REMOVED
    assert ended(implanted_on=month.replace(month=1), precision="year") is How.REMOVED
    assert ended(implanted_on=day(365).replace(day=1), precision="month") is How.EXPLANTED
    assert ended(implanted_on=None) is How.REMOVED
    # What was gone by then, or contradicts itself, replaced nothing.
    assert ended(implanted_on=None, removed_on=day(300)) is How.EXPLANTED
    assert ended(implanted_on=day(400), removed_on=day(400)) is How.EXPLANTED
    assert ended(implanted_on=day(500), removed_on=day(450)) is How.EXPLANTED


def test_who_came_under_observation_late_has_a_lane_that_begins_then():
    lane = lane_of("late", Period(day(1000), LAST))
    assert (lane.entry_day, lane.revision_days) == (999, (1500,))
    # Of the first pump, gone by then, nothing is shown.
    assert said(lane) == [
        ("pump", 999, 1500, How.REPLACED, End.FAILURE),
        ("pump", 1500, 3650, How.IN_PLACE, None),
    ]


def test_of_a_component_that_is_not_asked_for_only_its_revision_is_shown():
    often = lane_of("often")
    parts = parts_of(often, lambda one: one.kind == "pump")
    assert [(one.from_day, one.to_day, one.component_id) for one in parts[3:]] == [(None, 700, "")]


def test_the_most_revised_are_drawn_then_who_was_watched_longest_then_the_first_id():
    patients = [
        patient("a", component("a")),
        patient("b", component("b")),
        patient("c", component("c"), died_on=day(100)),
        patient("d", component("d", removed_on=day(50)), died_on=day(60)),
    ]
    choice, _ = chosen(patients, most=2)
    assert [one.patient.patient_id for one in choice.lanes] == ["d", "a"]
    assert (choice.revised, choice.not_revised) == (["d"], ["a", "b", "c"])


@settings(max_examples=25)
@given(component_cohorts())
def test_lanes_show_what_the_flow_and_the_repeated_revisions_count(cohort):
    choice, curve = chosen(cohort.patients, most=100)
    assert len(choice.lanes) == curve.denominator
    assert sum(len(one.revision_days) for one in choice.lanes) == curve.numerator
    for lane in choice.lanes:
        parts = parts_of(lane, everything)
        assert {one.to_day for one in parts if one.is_revision} == set(lane.revision_days)
        first = {
            one.component_id: one for one in parts if one.component_id and one.from_day is not None
        }
        courses = {
            one.component.component_id: one.course
            for one in watched(lane.patient, PERIOD)
            if one.course is not None
        }
        assert first.keys() == courses.keys()
        for key, course in courses.items():
            ended = (course.ended_on - lane.first_on).days
            assert first[key].to_day == ended
            cause = None if course.end in (End.WATCHED, End.DEATH) else course.end
            assert first[key].cause == cause


def test_who_left_on_the_day_of_death_died():
    both = patient(
        "p", component(), DepartureFacts("case", FIRST_DAY + timedelta(days=9)), died_on=day(9)
    )
    (lane,) = observed([both], PERIOD)
    assert left(lane) == "died"
    (alive,) = observed([replace(both, died_on=None)], PERIOD)
    assert left(alive) == "gone"
