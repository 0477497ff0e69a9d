"""A signed read on its way to an archive of others, and what became of each of its files there."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q

from imaging.models import RemoteArchive

from .constraints import in_order
from .read import Read


class ReadSending(models.Model):
    """Written before the first byte leaves; without an end, nobody knows what arrived."""

    class Outcome(models.TextChoices):
        SENT = "sent", "sent"
        PARTLY = "partly", "sent in part"
        FAILED = "failed", "failed"

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="sendings")
    archive = models.ForeignKey(RemoteArchive, on_delete=models.PROTECT, related_name="+")
    with_images = models.BooleanField(
        help_text="Also the images that the read refers to, where the archive lacks them."
    )
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty where the command line did.",
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        max_length=8, choices=Outcome, blank=True, help_text="Empty until it is finished."
    )
    problem = models.CharField(
        max_length=200, blank=True, help_text="What went wrong on the way, in words."
    )
    files = models.JSONField(
        default=list,
        blank=True,
        help_text="SOP Instance UID, kind, result and failure reason (0008,1197) of each file.",
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "read", "archive", "with_images", "begun_at", "begun_by",
        "finished_at", "outcome", "problem", "files",
    )  # fmt: skip

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["", "sent", "partly", "failed"]),
                name="read_sending_outcome_known",
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True, outcome="")
                | (Q(finished_at__isnull=False) & ~Q(outcome="")),
                name="read_sending_outcome_when_finished",
            ),
            in_order("begun_at", "finished_at", name="read_sending_finished_after_begun"),
        ]

    def __str__(self) -> str:
        return f"Sending {self.public_id}"

    @property
    def centre_code(self) -> str:
        return self.read.centre_code
