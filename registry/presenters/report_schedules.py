"""What the pages of scheduled reports say."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from registry.audit.protocols import PROTOCOLS
from registry.models import ReportNotice, ReportSchedule, ScheduledReport
from registry.presenters.audit_words import limit_words

LONGEST_REASON = 200
MOST_ISSUES = 50


@dataclass(frozen=True)
class ScheduleLine:
    """A schedule in words; `is_good` is about its last outcome."""

    schedule: ReportSchedule
    url: str
    protocol: str
    centres: str
    when: str
    limits: list[tuple[str, str]]
    recipients: list[str]
    last: str
    is_good: bool


@dataclass(frozen=True)
class NoticeLine:
    name: str
    words: str
    is_good: bool


@dataclass(frozen=True)
class IssueLine:
    issue: ScheduledReport
    words: str
    is_good: bool
    notices: list[NoticeLine]


def url(schedule: ReportSchedule) -> str:
    return reverse("registry:report-schedule", args=[schedule.public_id])


def line(schedule: ReportSchedule) -> ScheduleLine:
    """From what `queries.report_schedules.visible` has loaded."""
    protocol = PROTOCOLS.get(schedule.protocol_key)
    found = list(schedule.issues.all())
    last, bad = _("none yet"), []
    if found:
        latest = _issue(found[0])
        bad = [] if latest.is_good else [latest.words]
        bad += [one.words for one in latest.notices if not one.is_good]
        last = f"{found[0].due_on.isoformat()}: {'; '.join(dict.fromkeys(bad)) or _('all sent')}"
    return ScheduleLine(
        schedule=schedule,
        url=url(schedule),
        protocol=protocol.title if protocol else schedule.protocol_key,
        centres=", ".join(centre.code for centre in schedule.centres.all()),
        when=_("%(rhythm)s, on day %(day)s, about %(period)s")
        % {
            "rhythm": schedule.get_rhythm_display(),
            "day": schedule.day,
            "period": schedule.get_look_back_display(),
        },
        limits=limit_words(schedule.limits),
        recipients=[one.get_full_name() or one.get_username() for one in schedule.recipients.all()],
        last=last,
        is_good=not bad,
    )


def issues(schedule: ReportSchedule) -> list[IssueLine]:
    """The latest due days with what became of them."""
    return [_issue(one) for one in list(schedule.issues.all())[:MOST_ISSUES]]


def _issue(issue: ScheduledReport) -> IssueLine:
    notices = [_notice(one) for one in issue.notices.all()]
    if issue.report_id is None:
        words = issue.problem or _("not frozen yet")
        return IssueLine(issue, words, is_good=False, notices=[])
    sent = sum(one.outcome == ReportNotice.Outcome.SENT for one in issue.notices.all())
    words = ngettext("frozen, %(n)s mail sent", "frozen, %(n)s mails sent", sent) % {"n": sent}
    return IssueLine(issue, words, is_good=True, notices=notices)


def _notice(notice: ReportNotice) -> NoticeLine:
    person = notice.recipient.get_full_name() or notice.recipient.get_username()
    if notice.outcome:
        words = str(notice.get_outcome_display())
    elif notice.begun_at is not None:
        words = _("in doubt: handed to the mail server, no answer noted. Tell them yourself.")
    else:
        words = _("waiting to be sent")
    if notice.problem:
        words = f"{words} ({notice.problem})"
    return NoticeLine(person, words, is_good=notice.outcome == ReportNotice.Outcome.SENT)
