"""That two registry numbers were one person, or were said to be two."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .constraints import all_or_none
from .patient import Patient
from .record import Record


class PatientMerge(Record):
    """Everything logged under `merged` was moved to `kept`; what was moved can be moved back."""

    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merged_by")
    reason = models.CharField(max_length=200)
    moved = models.JSONField(
        default=dict, blank=True, help_text="Name of the records → public ids that were moved."
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undo_reason = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("reason", "undone_at", "undo_reason")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD, "kept", "merged", "moved", "undone_by",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(kept=F("merged")), name="merge_of_two_patients"),
            models.CheckConstraint(condition=~Q(reason=""), name="merge_has_reason"),
            all_or_none("undone_at", "undone_by", name="merge_undone_by_somebody"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | ~Q(undo_reason=""),
                name="merge_undone_with_reason",
            ),
            models.UniqueConstraint(
                fields=["merged"], condition=Q(undone_at__isnull=True), name="merge_once_at_a_time"
            ),
        ]

    @property
    def centre_code(self) -> str:
        return self.kept.centre_code


class DistinctPatients(Record):
    """Somebody looked at two patients that resemble each other: they are two people."""

    first = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)

    IDENTIFYING: ClassVar = ("reason",)
    NOT_IDENTIFYING: ClassVar = (*Record.NOT_IDENTIFYING_OF_RECORD, "first", "second")

    class Meta:
        verbose_name_plural = "distinct patients"
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_patients_once"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="distinct_patients_in_order"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="distinct_patients_have_reason"),
        ]

    @property
    def centre_code(self) -> str:
        return self.first.centre_code
