"""What a person decided about a file in quarantine."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .ingested_file import IngestedFile


class QuarantineDecision(models.Model):
    """Released, discarded, or discarded because its time was up; the file's row stays."""

    class Decision(models.TextChoices):
        RELEASED = "released", _("released")
        DISCARDED = "discarded", _("discarded")
        EXPIRED = "expired", _("discarded after its time")

    file = models.OneToOneField(
        IngestedFile, on_delete=models.PROTECT, related_name="quarantine_decision"
    )
    decision = models.CharField(max_length=16, choices=Decision)
    reason = models.TextField()
    released_file = models.OneToOneField(
        IngestedFile,
        null=True,
        on_delete=models.PROTECT,
        related_name="released_from",
        help_text="What became of it when it was taken in again.",
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("reason",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "file", "decision", "released_file", "decided_by", "decided_at",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="released", released_file__isnull=False)
                | Q(decision__in=["discarded", "expired"], released_file__isnull=True),
                name="quarantine_decision_names_released_file",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="quarantine_decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"Decision on file {self.file_id}"
