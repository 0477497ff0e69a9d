"""Nobody is at risk while the log of the centre is incomplete, and who has not said is named."""

from datetime import date, timedelta

from registry.audit.centre_log_facts import CentreLogFacts
from registry.audit.centre_logs import centre_logs_table, watched_period
from registry.audit.patient_components import observed, repeated, watched
from registry.audit.selection import Period
from tests.factories.component_cohorts import FIRST_DAY, component, patient

LAST = date(2020, 1, 1)
LOG = date(2012, 1, 1)


def said(day, *components, centre="EAST"):
    return patient(f"p-{centre}", CentreLogFacts(day), *components, centre=centre)


def test_the_later_of_log_and_period_begins_the_watch():
    for first, day, expected in (
        (None, None, None),
        (None, LOG, LOG),
        (date(2011, 1, 1), LOG, LOG),
        (date(2013, 1, 1), LOG, date(2013, 1, 1)),
        (date(2011, 1, 1), None, date(2011, 1, 1)),
    ):
        assert watched_period(said(day), Period(first, LAST)) == Period(expected, LAST)
    assert watched_period(patient("old"), Period(None, LAST)) == Period(None, LAST)


def test_a_component_of_before_enters_on_that_day_and_one_that_ended_is_told_apart():
    ended = component("a", removed_on=LOG - timedelta(days=1), removal_reason="motor_stall")
    early, late = component("b"), component("c", implanted_on=date(2015, 1, 1))
    found = {
        one.component.component_id: one
        for one in watched(said(LOG, ended, early, late), Period(None, LAST))
    }
    assert (found["a"].course, found["a"].before_log) == (None, True)
    # At risk on the days after the entry, so the first day of the log is one of them.
    assert found["b"].course.entry_day == (LOG - FIRST_DAY).days - 1
    assert found["c"].course.entry_day == 0
    assert not found["b"].before_log


def test_revisions_of_a_patient_count_from_the_same_day():
    removals = [
        component(name, removed_on=day, removal_reason="motor_stall")
        for name, day in (("a", date(2011, 1, 1)), ("b", date(2013, 1, 1)))
    ]
    for day, revisions in ((None, 2), (LOG, 1)):
        curve = repeated(observed([said(day, *removals)], Period(None, LAST)))
        assert sum(point.events for point in curve.points) == revisions


def test_the_table_names_each_centre_and_what_is_assumed_of_it():
    patients = [said(LOG), said(None, centre="WEST")]
    table = centre_logs_table(patients, {"EAST": ["b", "a"]}, Period(None, LAST))
    assert table.rows == (
        ("EAST", "EAST", 2, "2012-01-01", "2012-01-01"),
        ("WEST", "WEST", 0, None, "their implantation"),
    )
    assert table.cells["EAST", "components"] == ("a", "b")
    assert centre_logs_table([patient("old")], {}, Period(None, LAST)) is None
