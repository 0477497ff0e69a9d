"""A schedule is set up, stopped with a reason, and falls due once for each day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.audit.patient_limits import PatientLimits
from registry.models import HistoryEvent, ReportNotice, ReportSchedule, ScheduledReport
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db
LATER = make.NOW + timedelta(days=95)


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def auditor(centre):
    return make.user(at_centre=centre)


@pytest.fixture
def schedule(centre, auditor):
    return make.report_schedule(of=centre, by=auditor)


def change(schedule, state, auditor, reason="", at=make.NOW):
    return actions.report_schedules.change_state(
        schedule=schedule, state=state, reason=reason, by=auditor, at=at
    )


def due(schedule, at=LATER):
    return actions.report_schedules.fall_due(schedule=schedule, by=None, at=at)


def test_it_is_due_on_the_next_such_day(schedule):
    assert schedule.next_on > make.NOW.date()
    assert schedule.next_on.day == 5
    (event,) = HistoryEvent.objects.filter(action="report_schedule.set_up")
    assert event.object_id == schedule.public_id


def test_its_limits_are_kept_and_told_to_the_history(centre, auditor):
    limits = PatientLimits(age_to=17, diagnoses=("cp_spastic",))
    schedule = make.report_schedule(of=centre, by=auditor, limits=limits)
    schedule.refresh_from_db()
    assert PatientLimits.from_json(schedule.limits) == limits
    (event,) = HistoryEvent.objects.filter(action="report_schedule.set_up")
    assert event.changes["limits"] == [None, limits.to_json()]


@pytest.mark.parametrize(
    "wrong",
    [
        {"centres": []}, {"recipients": []}, {"title": " "}, {"look_back": "week"}, {"day": 29},
        {"day": 0},
    ],
    ids=str,
)  # fmt: skip
def test_what_makes_no_sense_is_refused(centre, auditor, wrong):
    with pytest.raises(InvalidRecordError):
        make.report_schedule(of=centre, by=auditor, **wrong)
    assert not ReportSchedule.objects.exists()


def test_every_day_that_was_missed_falls_due_and_none_twice(schedule):
    days = [issue.due_on for issue in due(schedule)]
    assert len(days) == 3
    assert days == sorted(set(days))
    assert due(schedule) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledReport.objects.create(schedule=schedule, due_on=days[0])


def test_a_pause_needs_a_reason_and_what_it_skipped_stays_out(schedule, auditor):
    with pytest.raises(InvalidRecordError):
        change(schedule, "paused", auditor)
    change(schedule, "paused", auditor, reason="Holidays")
    assert due(schedule) == []
    resumed = change(schedule, "active", auditor, at=LATER)
    assert resumed.next_on > LATER.date()
    assert resumed.state_reason == ""
    reasons = HistoryEvent.objects.filter(action="report_schedule.change_state")
    assert [event.reason for event in reasons.order_by("sequence")] == ["Holidays", ""]


def test_an_end_is_for_good(schedule, auditor):
    change(schedule, "ended", auditor, reason="No more")
    with pytest.raises(InvalidRecordError, match="has ended"):
        change(schedule, "active", auditor)
    assert due(schedule) == []


def test_nothing_falls_due_before_the_day_has_come_in_every_centre(centre, auditor):
    """00:30 on the fifth in Berlin is the fourth in New York."""
    west = make.centre("WEST", time_zone="America/New_York")
    both = make.report_schedule(of=centre, by=auditor, centres=[centre, west])
    moment = make.NOW.replace(
        year=both.next_on.year, month=both.next_on.month, day=4, hour=23, minute=30
    )
    assert due(both, at=moment) == []
    assert len(due(both, at=moment + timedelta(hours=6))) == 1


def test_a_mail_is_taken_in_hand_once_and_can_be_given_back(schedule, centre, auditor):
    (issue, *_) = due(schedule)
    report = make.report(of=centre, by=auditor)
    for _ in range(2):
        actions.report_schedules.attach(issue=issue, report=report, by=None, at=LATER)
    notice = ReportNotice.objects.get()

    def begin():
        return actions.report_schedules.begin_notice(notice=notice, by=None, at=LATER)

    assert begin()
    assert not begin()
    finish = actions.report_schedules.finish_notice
    finish(notice=notice, outcome="", problem="busy", by=None, at=LATER)
    assert begin()
    finish(notice=notice, outcome="sent", by=None, at=LATER)
    assert not begin()


def test_a_problem_is_noted_until_there_is_a_report(schedule, centre, auditor):
    (issue, *_) = due(schedule)
    for _ in range(2):
        actions.report_schedules.note_problem(issue=issue, problem="why", by=None, at=LATER)
    assert HistoryEvent.objects.filter(action="report_schedule.problem").count() == 1
    report = make.report(of=centre, by=auditor)
    done = actions.report_schedules.attach(issue=issue, report=report, by=None, at=LATER)
    assert (done.problem, done.report) == ("", report)
    actions.report_schedules.note_problem(issue=issue, problem="late", by=None, at=LATER)
    assert ScheduledReport.objects.get(pk=issue.pk).problem == ""


@pytest.mark.parametrize(
    "change",
    [
        {"state": "paused"}, {"state": "gone", "state_reason": "x"}, {"state_reason": "x"},
        {"title": ""}, {"rhythm": "daily"}, {"look_back": "week"}, {"day": 31},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_what_is_no_schedule(schedule, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportSchedule.objects.filter(pk=schedule.pk).update(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "lost", "finished_at": LATER}, {"outcome": "sent"}, {"finished_at": LATER},
        {"outcome": "sent", "finished_at": LATER},
        {"begun_at": LATER, "outcome": "sent", "finished_at": make.NOW},
    ],
    ids=str,
)  # fmt: skip
def test_the_database_refuses_what_is_no_notice(schedule, centre, auditor, change):
    (issue, *_) = due(schedule)
    report = make.report(of=centre, by=auditor)
    actions.report_schedules.attach(issue=issue, report=report, by=None, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReportNotice.objects.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ScheduledReport.objects.filter(pk=issue.pk).update(problem="x")
