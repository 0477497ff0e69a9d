"""A report that is frozen again and again, and whom a mail tells of it."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.audit.rhythm import LATEST_DAY

from .audit_report import AuditReport
from .centre import Centre
from .constraints import between, in_order


class ReportSchedule(models.Model):
    """What an auditor asked for; it acts with the rights its author has on that day."""

    class Rhythm(models.TextChoices):
        MONTHLY = "monthly", _("every month")
        QUARTERLY = "quarterly", _("every quarter")
        YEARLY = "yearly", _("every year")

    class LookBack(models.TextChoices):
        MONTH = "month", _("the month before")
        QUARTER = "quarter", _("the quarter before")
        YEAR = "year", _("the year before")
        EVER = "ever", _("everything so far")

    class State(models.TextChoices):
        ACTIVE = "active", _("active")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    title = models.CharField(max_length=80)
    protocol_key = models.CharField(max_length=48)
    centres = models.ManyToManyField(Centre, related_name="report_schedules")
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    rhythm = models.CharField(max_length=16, choices=Rhythm)
    look_back = models.CharField(max_length=16, choices=LookBack)
    day = models.PositiveSmallIntegerField(help_text="Of the first month of each period.")
    next_on = models.DateField()
    limits = models.JSONField(
        default=dict,
        blank=True,
        help_text="Which patients and components, as `PatientLimits.to_json`.",
    )
    state = models.CharField(max_length=16, choices=State, default=State.ACTIVE)
    state_reason = models.CharField(max_length=200, blank=True, help_text="Of pausing or ending.")
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "title", "protocol_key", "centres", "recipients", "rhythm",
        "look_back", "day", "next_on", "limits", "state", "state_reason", "created_at",
        "created_by",
    )  # fmt: skip

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="report_schedule_has_title"),
            models.CheckConstraint(
                condition=Q(rhythm__in=["monthly", "quarterly", "yearly"]),
                name="report_schedule_rhythm_known",
            ),
            models.CheckConstraint(
                condition=Q(look_back__in=["month", "quarter", "year", "ever"]),
                name="report_schedule_look_back_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "ended"]),
                name="report_schedule_state_known",
            ),
            between("day", 1, LATEST_DAY, name="report_schedule_day_of_every_month"),
            models.CheckConstraint(
                condition=Q(state="active", state_reason="")
                | (Q(state__in=["paused", "ended"]) & ~Q(state_reason="")),
                name="report_schedule_stopped_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"Schedule {self.public_id}"


class ScheduledReport(models.Model):
    """One due day of a schedule. `public_id` is also that of its report, so it is frozen once."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    schedule = models.ForeignKey(ReportSchedule, on_delete=models.PROTECT, related_name="issues")
    due_on = models.DateField()
    report = models.OneToOneField(
        AuditReport, null=True, blank=True, on_delete=models.PROTECT, related_name="scheduled"
    )
    problem = models.CharField(
        max_length=200, blank=True, help_text="Why there is no report yet, in words."
    )
    tried_at = models.DateTimeField(null=True, blank=True)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "schedule", "due_on", "report", "problem", "tried_at",
    )  # fmt: skip

    class Meta:
        ordering = ["-due_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_on"], name="scheduled_report_once"),
            models.CheckConstraint(
                condition=Q(report__isnull=True) | Q(problem=""),
                name="scheduled_report_or_problem",
            ),
        ]

    def __str__(self) -> str:
        return f"Report {self.public_id} due {self.due_on}"


class ReportNotice(models.Model):
    """The mail that tells one person of one report.

    Begun and without an outcome: the process ended on the way, and nobody knows whether the mail
    server took it. It is not sent again by itself.
    """

    class Outcome(models.TextChoices):
        SENT = "sent", _("sent")
        NO_RIGHT = "no_right", _("not sent: may not audit all of the centres")
        NO_ADDRESS = "no_address", _("not sent: the account has no e-mail address")
        REFUSED = "refused", _("refused by the mail server")

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    issue = models.ForeignKey(ScheduledReport, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True)
    problem = models.CharField(
        max_length=200, blank=True, help_text="What the mail server said last."
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "issue", "recipient", "begun_at", "finished_at", "outcome", "problem",
    )  # fmt: skip

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["issue", "recipient"], name="report_notice_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "sent", "no_right", "no_address", "refused"]),
                name="report_notice_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, outcome="")
                | (Q(finished_at__isnull=False) & ~Q(outcome="")),
                name="report_notice_outcome_when_finished",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["sent", "refused"]) | Q(begun_at__isnull=False),
                name="report_notice_begun_before_sent",
            ),
            in_order("begun_at", "finished_at", name="report_notice_finished_after_begun"),
        ]

    def __str__(self) -> str:
        return f"Notice {self.public_id}"
