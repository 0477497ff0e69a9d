from datetime import date, timedelta

from hypothesis import given, settings

from registry.audit.component_course import REVISED
from registry.audit.departure_facts import DepartureFacts
from registry.audit.patient_components import observed, repeated, watched
from registry.audit.procedure_facts import ProcedureFacts
from registry.audit.selection import Period
from tests.factories.component_cohorts import FIRST_DAY, component, component_cohorts, patient

YEAR = timedelta(days=365)
PERIOD = Period(None, date(2020, 1, 1))


def test_who_left_is_watched_no_more_unless_something_was_logged_afterwards():
    left = DepartureFacts("case", FIRST_DAY + YEAR)
    (gone,) = watched(patient("p", component(), left), PERIOD)
    assert gone.course.exit_day == 365
    back = ProcedureFacts("s", FIRST_DAY + 2 * YEAR, "growth", ())
    (returned,) = watched(patient("p", component(), left, back), PERIOD)
    assert returned.course.ended_on == PERIOD.last


def test_a_day_with_several_removals_is_one_revision_and_a_second_day_another():
    one = patient(
        "p",
        component("a", removed_on=FIRST_DAY + YEAR, removal_reason="motor_stall"),
        component("b", "connector", removed_on=FIRST_DAY + YEAR, removal_reason="motor_stall"),
        ProcedureFacts("s", FIRST_DAY + 2 * YEAR, "growth", ("tip_reposition",)),
    )
    curve = repeated(observed([one, patient("q", component("c")), patient("r")], PERIOD))
    assert (curve.numerator, curve.denominator) == (2, 2)
    assert [(point.day, point.mean) for point in curve.points] == [(365, 0.5), (730, 1.0)]
    after = repeated(observed([one], Period(FIRST_DAY + YEAR + timedelta(days=1), PERIOD.last)))
    assert after.numerator == 1


@settings(max_examples=40)
@given(component_cohorts())
def test_revisions_of_components_are_no_fewer_days_than_those_of_their_patients(cohort):
    courses = [one.course for p in cohort.patients for one in watched(p, PERIOD) if one.course]
    days = {(one.patient_id, one.ended_on) for one in courses if one.end in REVISED}
    curve = repeated(observed(cohort.patients, PERIOD))
    started = {one.patient_id for one in courses}
    assert curve.numerator >= len(days)
    assert curve.denominator >= len(started)
