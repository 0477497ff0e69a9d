"""Scheduled reports: which a viewer may see, and what `manage.py send_reports` has to do."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from registry.models import (
    Centre,
    Membership,
    ReportNotice,
    ReportSchedule,
    ScheduledReport,
    User,
)

PERMISSION = "registry.run_audit"


def visible(*, viewer: User) -> QuerySet[ReportSchedule]:
    """Schedules all of whose centres the viewer may audit, the ended ones last."""
    foreign = Centre.objects.exclude(code__in=viewer.centre_codes(PERMISSION))
    return (
        ReportSchedule.objects.exclude(centres__in=foreign)
        .select_related("created_by")
        .prefetch_related(
            "centres",
            Prefetch("recipients", queryset=User.objects.order_by("username")),
            Prefetch(
                "issues",
                queryset=ScheduledReport.objects.select_related("report")
                .defer("report__facts", "report__results")
                .prefetch_related("notices__recipient"),
            ),
        )
        .order_by("state", "title", "pk")
    )


def possible_recipients(*, viewer: User) -> list[User]:
    """Active people who may audit a centre where the viewer may freeze reports, by name."""
    codes = viewer.centre_codes("registry.freeze_report")
    roles = Membership.objects.select_related("centre").order_by("centre__code", "role")
    # What the property would ask for each person by itself.
    of_all = Prefetch("memberships", queryset=roles, to_attr="active_memberships")
    people = (
        User.objects.filter(is_active=True, memberships__centre__code__in=codes)
        .distinct()
        .prefetch_related(of_all)  # type: ignore[no-redef]
        .order_by("username")
    )
    return [person for person in people if codes & person.centre_codes(PERMISSION)]


def may_receive(person: User, centres: Iterable[Centre]) -> bool:
    """Whether somebody may see a report of these centres, asked anew each time."""
    # Memberships are remembered with the person; a sending may be hours after they were loaded.
    fresh = User.objects.get(pk=person.pk)
    return fresh.is_active and {one.code for one in centres} <= fresh.centre_codes(PERMISSION)


def active() -> QuerySet[ReportSchedule]:
    """For the sending command."""
    return ReportSchedule.objects.filter(state=ReportSchedule.State.ACTIVE).order_by("pk")


def without_report() -> QuerySet[ScheduledReport]:
    """Due days whose report is not frozen yet, the oldest first; an ended schedule has none."""
    return (
        ScheduledReport.objects.filter(report__isnull=True)
        .exclude(schedule__state=ReportSchedule.State.ENDED)
        .select_related("schedule__created_by")
        .order_by("due_on", "pk")
    )


def to_be_sent() -> QuerySet[ReportNotice]:
    """Mails that nobody has taken in hand."""
    return (
        ReportNotice.objects.filter(outcome="", begun_at__isnull=True)
        .select_related("issue__schedule", "issue__report", "recipient")
        .defer("issue__report__facts", "issue__report__results")
        .order_by("pk")
    )


def in_doubt() -> QuerySet[ReportNotice]:
    """Mails that were taken in hand and have no outcome: the process ended on the way."""
    return ReportNotice.objects.filter(outcome="", begun_at__isnull=False).order_by("pk")
