"""What became of one file."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imaging.sealing import SealedTextField

from .ingest_run import IngestRun
from .instance import Instance


class IngestedFile(models.Model):
    """What became of one file. Every file that arrives ends as exactly one of these."""

    class Result(models.TextChoices):
        INDEXED = "indexed", _("indexed")
        DUPLICATE = "duplicate", _("duplicate")
        CONFLICT = "conflict", _("conflict")
        QUARANTINED = "quarantined", _("quarantined")
        REJECTED = "rejected", _("rejected")

    run = models.ForeignKey(IngestRun, on_delete=models.PROTECT, related_name="files")
    position = models.PositiveIntegerField(help_text="Place in the delivery, from 1.")
    entry = models.PositiveIntegerField(
        default=0, help_text="Place inside the zip archive at that position, from 1; 0 otherwise."
    )
    name = SealedTextField(
        null=True, help_text="File name as it came; sealed, as file names carry patient names."
    )
    result = models.CharField(max_length=16, choices=Result)
    reason_code = models.SlugField(max_length=64, blank=True)
    instance = models.ForeignKey(
        Instance,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The stored instance: new, the same, or the one this file contradicts.",
    )
    quarantine_key = models.UUIDField(
        null=True, help_text="Name of the kept bytes in the quarantine folder."
    )
    recorded_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("name",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "run", "position", "entry", "result", "reason_code", "instance",
        "quarantine_key", "recorded_at",
    )  # fmt: skip

    class Meta:
        indexes = [
            models.Index(
                fields=["-recorded_at", "-id"],
                condition=Q(quarantine_key__isnull=False),
                name="quarantined_by_arrival",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position", "entry"], name="ingested_file_once_per_run"
            ),
            models.UniqueConstraint(
                fields=["quarantine_key"],
                condition=Q(quarantine_key__isnull=False),
                name="ingested_file_quarantined_once",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["indexed", "duplicate", "conflict"], instance__isnull=False)
                | Q(result__in=["quarantined", "rejected"], instance__isnull=True),
                name="ingested_file_names_its_instance",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["indexed", "duplicate"], reason_code="")
                | (Q(result__in=["conflict", "quarantined", "rejected"]) & ~Q(reason_code="")),
                name="ingested_file_refusal_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(result__in=["conflict", "quarantined"], quarantine_key__isnull=False)
                | Q(result__in=["indexed", "duplicate", "rejected"], quarantine_key__isnull=True),
                name="ingested_file_quarantine_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"File {self.position} of run {self.run_id}"
