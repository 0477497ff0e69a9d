"""Scheduled reports: frozen when they are due, and told by a mail that holds a link and a title.

Every step is noted before the next begins, so that after a kill the next run goes on: nothing is
frozen or sent twice. Between handing a mail to the server and noting its answer nobody can know
what became of it; such a mail is shown as *in doubt* and not sent again by itself.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from registry import actions, queries
from registry.audit.errors import AuditError
from registry.audit.patient_limits import PatientLimits
from registry.audit.rhythm import LookBack, looked_back_on
from registry.audit.selection import Filters
from registry.models import AuditReport, ReportNotice, ScheduledReport, User

PERMANENT = 500
"""Answers from here on are the mail server's last word (RFC 5321, section 4.2.1)."""

NOT_ALLOWED = "The author of the schedule may no longer freeze reports of all its centres."

Clock = Callable[[], datetime]


@dataclass
class Sending:
    """What one run did and what is left."""

    frozen: int = 0
    without_report: int = 0
    sent: int = 0
    not_sent: int = 0
    waiting: int = 0
    in_doubt: int = 0

    @property
    def is_complete(self) -> bool:
        return not (self.without_report or self.not_sent or self.waiting or self.in_doubt)


def send_due(*, address: str | None, code_version: str, clock: Clock) -> Sending:
    """Freeze what is due and tell who may see it.

    Parameters
    ----------
    address
        Where people reach this installation, without a path; None where no mail is set up.
    """
    done = Sending(in_doubt=queries.report_schedules.in_doubt().count())
    for schedule in queries.report_schedules.active():
        actions.report_schedules.fall_due(schedule=schedule, by=None, at=clock())
    for issue in queries.report_schedules.without_report():
        problem = _freeze(issue, code_version=code_version, clock=clock)
        done.frozen += not problem
        done.without_report += bool(problem)
    if address is not None:
        _tell_all(done, address=address, clock=clock)
    done.waiting = queries.report_schedules.to_be_sent().count()
    return done


def message(notice: ReportNotice, *, address: str) -> EmailMessage:
    """The mail: title and link, in the language of whom it is for. No number and no patient.

    Its id is always the same, so a mailbox knows it if it comes twice.
    """
    schedule, report = notice.issue.schedule, notice.issue.report
    assert report is not None
    link = f"{address}{reverse('registry:report-detail', args=[report.public_id])}"
    host = address.partition("://")[2].partition(":")[0]
    with translation.override(notice.recipient.language):
        body = gettext(
            "A scheduled audit report is ready:\n\n%(title)s\n%(link)s\n\nYou need to sign in to "
            "see it. Crescent sends this since somebody who audits with you set it up; they can "
            "also end it."
        ) % {"title": schedule.title, "link": link}
        subject = gettext("Crescent: %(title)s") % {"title": schedule.title}
    return EmailMessage(
        subject=subject,
        body=f"{body}\n",
        to=[notice.recipient.email],
        headers={
            "Message-ID": f"<{notice.public_id}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _freeze(issue: ScheduledReport, *, code_version: str, clock: Clock) -> str:
    """Why it failed; empty if there is a report now."""
    schedule = issue.schedule
    centres = list(schedule.centres.all())
    codes = {centre.code for centre in centres}
    author: User = schedule.created_by
    if not author.is_active or not codes <= author.centre_codes("registry.freeze_report"):
        actions.report_schedules.note_problem(issue=issue, problem=NOT_ALLOWED, by=None, at=clock())
        return NOT_ALLOWED
    first, last = looked_back_on(LookBack(schedule.look_back), issue.due_on)
    try:
        audit = queries.audits.for_viewer(
            viewer=author,
            protocol_key=schedule.protocol_key,
            filters=Filters(
                centres=tuple(codes),
                performed_from=first,
                performed_to=last,
                limits=PatientLimits.from_json(schedule.limits),
            ),
            as_of=issue.due_on,
            code_version=code_version,
        )
    except AuditError as error:
        # Its words hold no patient, study or operation.
        actions.report_schedules.note_problem(issue=issue, problem=str(error), by=None, at=clock())
        return str(error)
    report: AuditReport = actions.reports.freeze(
        result=audit.result,
        cohort=audit.cohort,
        title=f"{schedule.title}, {issue.due_on.isoformat()}",
        by=author,
        at=clock(),
        public_id=issue.public_id,
    )
    actions.report_schedules.attach(issue=issue, report=report, by=None, at=clock())
    return ""


def _tell_all(done: Sending, *, address: str, clock: Clock) -> None:
    connection: Any = None
    for notice in list(queries.report_schedules.to_be_sent()):
        refusal = _refusal(notice)
        if refusal:
            _finish(notice, refusal, clock=clock)
            done.not_sent += 1
            continue
        try:
            # Before the mail is taken in hand: where there is no server, nothing is in doubt.
            connection = connection or _opened()
        except (OSError, smtplib.SMTPException) as error:
            _finish(notice, "", problem=_words(error), clock=clock)
            continue
        if actions.report_schedules.begin_notice(notice=notice, by=None, at=clock()):
            _tell(notice, connection, done, address=address, clock=clock)
    if connection is not None:
        connection.close()


def _tell(
    notice: ReportNotice, connection: Any, done: Sending, *, address: str, clock: Clock
) -> None:
    mail = message(notice, address=address)
    mail.connection = connection
    refused = ReportNotice.Outcome.REFUSED
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        _finish(notice, refused if code >= PERMANENT else "", problem=_words(error), clock=clock)
        done.not_sent += code >= PERMANENT
    except smtplib.SMTPResponseException as error:
        permanent = error.smtp_code >= PERMANENT
        _finish(notice, refused if permanent else "", problem=_words(error), clock=clock)
        done.not_sent += permanent
    except (OSError, smtplib.SMTPException):
        # The line broke: the server may have taken it.
        done.in_doubt += 1
    else:
        _finish(notice, ReportNotice.Outcome.SENT, clock=clock)
        done.sent += 1


def _refusal(notice: ReportNotice) -> str:
    centres = notice.issue.schedule.centres.all()
    if not queries.report_schedules.may_receive(notice.recipient, centres):
        return ReportNotice.Outcome.NO_RIGHT
    return "" if notice.recipient.email else ReportNotice.Outcome.NO_ADDRESS


def _opened() -> Any:
    connection = get_connection()
    connection.open()
    return connection


def _finish(notice: ReportNotice, outcome: str, *, clock: Clock, problem: str = "") -> None:
    actions.report_schedules.finish_notice(
        notice=notice, outcome=outcome, problem=problem, by=None, at=clock()
    )


def _words(error: Exception) -> str:
    """What the server said: a kind and a number. Its text may repeat an address."""
    codes = {code for code, _ in getattr(error, "recipients", {}).values()}
    codes |= {error.smtp_code} if isinstance(error, smtplib.SMTPResponseException) else set()
    said = ", ".join(map(str, sorted(codes)))
    return f"{type(error).__name__}{f' {said}' if said else ''}"
