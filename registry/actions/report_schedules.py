"""Scheduled reports: set up, paused, ended, and what becomes of each due day and each mail."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

import uuid_utils.compat
from django.db import transaction
from django.utils.translation import gettext as _

from registry.actions import history
from registry.actions.errors import InvalidRecordError
from registry.actions.records import store
from registry.audit.patient_limits import PatientLimits
from registry.audit.rhythm import Rhythm, due_after
from registry.models import (
    AuditReport,
    Centre,
    ReportNotice,
    ReportSchedule,
    ScheduledReport,
    User,
)

LONGEST_PROBLEM = 200


def set_up(
    *,
    title: str,
    protocol_key: str,
    centres: Sequence[Centre],
    recipients: Sequence[User],
    rhythm: str,
    look_back: str,
    day: int,
    limits: PatientLimits | None = None,
    by: User,
    at: datetime,
    public_id: UUID | None = None,
) -> ReportSchedule:
    """Ask for a report at regular times; the first is due on the next such day.

    Parameters
    ----------
    limits
        Which patients and components; None for all.

    Raises
    ------
    InvalidRecordError
        No centre, no recipient, or a value that is none of its list.
    """
    if not centres:
        raise InvalidRecordError({"centre": [_("Name at least one centre.")]})
    if not recipients:
        raise InvalidRecordError({"recipients": [_("Name at least one recipient.")]})
    schedule = ReportSchedule(
        public_id=public_id or uuid_utils.compat.uuid7(),
        title=title.strip(),
        protocol_key=protocol_key,
        rhythm=rhythm,
        look_back=look_back,
        day=day,
        limits=limits.to_json() if limits else {},
        next_on=_today(centres, at),
        created_at=at,
        created_by=by,
    )
    with transaction.atomic():
        store(schedule, force_insert=True)
        schedule.next_on = due_after(Rhythm(rhythm), day, schedule.next_on)
        store(schedule, update_fields=["next_on"])
        schedule.centres.set(centres)
        schedule.recipients.set(recipients)
        _record(schedule, action="report_schedule.set_up", before=None, by=by, at=at)
    return schedule


def change_state(
    *, schedule: ReportSchedule, state: str, reason: str, by: User, at: datetime
) -> ReportSchedule:
    """Pause, resume or end; what fell due while it was paused stays out. An end is for good.

    Raises
    ------
    InvalidRecordError
        There is no reason, or the schedule has ended.
    """
    active = state == ReportSchedule.State.ACTIVE
    if not active and not reason.strip():
        raise InvalidRecordError({"reason": [_("Say why.")]})
    with transaction.atomic():
        current = ReportSchedule.objects.select_for_update().get(pk=schedule.pk)
        if current.state == state:
            return current
        if current.state == ReportSchedule.State.ENDED:
            raise InvalidRecordError({"__all__": [_("This schedule has ended. Set up a new one.")]})
        before = history.state_of(current)
        current.state = state
        current.state_reason = "" if active else reason.strip()
        if active:
            today = _today(list(current.centres.all()), at)
            current.next_on = due_after(Rhythm(current.rhythm), current.day, today)
        store(current)
        _record(
            current,
            action="report_schedule.change_state",
            before=before,
            by=by,
            at=at,
            reason=reason.strip(),
        )
    return current


def fall_due(*, schedule: ReportSchedule, by: User | None, at: datetime) -> list[ScheduledReport]:
    """Note every due day that has come; whoever asks again finds nothing new."""
    with transaction.atomic():
        current = ReportSchedule.objects.select_for_update().get(pk=schedule.pk)
        if current.state != ReportSchedule.State.ACTIVE:
            return []
        before, found = history.state_of(current), []
        today = _today(list(current.centres.all()), at)
        while current.next_on <= today:
            issue = ScheduledReport(schedule=current, due_on=current.next_on)
            store(issue, force_insert=True)
            found.append(issue)
            current.next_on = due_after(Rhythm(current.rhythm), current.day, current.next_on)
        if found:
            store(current, update_fields=["next_on"])
            _record(current, action="report_schedule.fall_due", before=before, by=by, at=at)
    return found


def attach(
    *, issue: ScheduledReport, report: AuditReport, by: User | None, at: datetime
) -> ScheduledReport:
    """Note the frozen report of a due day, and whom it is to be told."""
    with transaction.atomic():
        current = ScheduledReport.objects.select_for_update().get(pk=issue.pk)
        if current.report_id is not None:
            return current
        current.report, current.problem, current.tried_at = report, "", at
        store(current)
        for person in current.schedule.recipients.all():
            store(ReportNotice(issue=current, recipient=person), force_insert=True)
        _record(
            current.schedule, action="report_schedule.freeze", before=None, by=by, at=at,
            further={"report": str(report.public_id), "due_on": current.due_on.isoformat()},
        )  # fmt: skip
    return current


def note_problem(
    *, issue: ScheduledReport, problem: str, by: User | None, at: datetime
) -> ScheduledReport:
    """Note why there is no report yet; the next sending tries again."""
    with transaction.atomic():
        current = ScheduledReport.objects.select_for_update().get(pk=issue.pk)
        if current.report_id is not None:
            return current
        is_new = current.problem != problem
        current.problem, current.tried_at = problem[:LONGEST_PROBLEM], at
        store(current)
        if is_new:
            _record(
                current.schedule, action="report_schedule.problem", before=None, by=by, at=at,
                further={"problem": current.problem, "due_on": current.due_on.isoformat()},
            )  # fmt: skip
    return current


def begin_notice(*, notice: ReportNotice, by: User | None, at: datetime) -> bool:
    """Take a mail in hand, before it is given to the server; False if somebody else has."""
    with transaction.atomic():
        current = ReportNotice.objects.select_for_update().get(pk=notice.pk)
        if current.begun_at is not None or current.outcome:
            return False
        current.begun_at, current.problem = at, ""
        store(current)
        _record_notice(current, action="report_notice.begin", by=by, at=at)
    return True


def finish_notice(
    *, notice: ReportNotice, outcome: str, problem: str = "", by: User | None, at: datetime
) -> ReportNotice:
    """Note what became of a mail; an empty outcome gives it back, to be sent another time."""
    with transaction.atomic():
        current = ReportNotice.objects.select_for_update().get(pk=notice.pk)
        current.outcome, current.problem = outcome, problem[:LONGEST_PROBLEM]
        current.finished_at = at if outcome else None
        if not outcome:
            current.begun_at = None
        store(current)
        _record_notice(current, action="report_notice.finish", by=by, at=at)
    return current


def _today(centres: Iterable[Centre], at: datetime) -> date:
    """The day that has come in every centre: nothing is cut in the future of one."""
    return min(centre.day_at(at) for centre in centres)


def _record(
    schedule: ReportSchedule,
    *,
    action: str,
    before: history.State | None,
    by: User | None,
    at: datetime,
    reason: str = "",
    further: history.State | None = None,
) -> None:
    after = history.state_of(schedule) | {
        "recipients": sorted(str(one.public_id) for one in schedule.recipients.all())
    }
    for centre in schedule.centres.all():
        history.record(
            chain=centre.code,
            at=at,
            by=by,
            action=action,
            obj=schedule,
            before=before,
            after=further or after,
            reason=reason,
        )


def _record_notice(notice: ReportNotice, *, action: str, by: User | None, at: datetime) -> None:
    schedule = notice.issue.schedule
    for centre in schedule.centres.all():
        history.record(
            chain=centre.code,
            at=at,
            by=by,
            action=action,
            obj=schedule,
            after={
                "notice": str(notice.public_id),
                "recipient": str(notice.recipient.public_id),
                "outcome": notice.outcome,
                "problem": notice.problem,
            },
        )
