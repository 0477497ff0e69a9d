"""What a third person decided where two reads of one study differ."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from registry.vocabulary import ImagingFindingCode, ImagingSite, ReadAdequacy

from .constraints import in_order, one_of
from .contrast_study import ContrastStudy
from .read import Read
from .record import Record


class Adjudication(Record):
    """Frozen when signed, by database trigger. A correction is a new one that supersedes."""

    contrast_study = models.ForeignKey(
        ContrastStudy, on_delete=models.PROTECT, related_name="adjudications"
    )
    adjudicator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="adjudications"
    )
    read_a = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    read_b = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="+")
    vocabulary_version = models.CharField(max_length=8)
    adequacy = models.CharField(max_length=24, choices=ReadAdequacy.choices)
    reason = models.TextField(help_text="Why the images say so.")
    opened_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    supersedes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    correction_reason = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("reason", "opened_at", "signed_at", "correction_reason")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "contrast_study", "adjudicator", "read_a", "read_b", "vocabulary_version", "adequacy",
        "supersedes",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("adequacy", ReadAdequacy, name="adjudication_adequacy_known"),
            in_order("opened_at", "signed_at", name="adjudication_signed_after_opened"),
            models.CheckConstraint(
                condition=~Q(read_a=F("read_b")), name="adjudication_of_two_reads"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="adjudication_has_reason"),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(correction_reason=""),
                name="adjudication_correction_has_reason",
            ),
            models.UniqueConstraint(
                fields=["contrast_study"],
                condition=Q(supersedes__isnull=True),
                name="adjudication_one_per_study",
            ),
        ]
        ordering = ["signed_at", "id"]

    @property
    def centre_code(self) -> str:
        return self.contrast_study.centre_code


class AdjudicatedFinding(models.Model):
    adjudication = models.ForeignKey(
        Adjudication, on_delete=models.PROTECT, related_name="findings"
    )
    code = models.CharField(max_length=32, choices=ImagingFindingCode.choices)
    is_primary = models.BooleanField()

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "adjudication", "code", "is_primary")

    class Meta:
        constraints = [
            one_of("code", ImagingFindingCode, name="adjudicated_finding_known"),
            models.UniqueConstraint(
                fields=["adjudication", "code"], name="adjudicated_finding_once"
            ),
            models.UniqueConstraint(
                fields=["adjudication"],
                condition=Q(is_primary=True),
                name="adjudicated_finding_one_primary",
            ),
        ]
        ordering = ["-is_primary", "id"]

    def __str__(self) -> str:
        return self.code


class AdjudicatedFindingSite(models.Model):
    finding = models.ForeignKey(AdjudicatedFinding, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=48, choices=ImagingSite.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "finding", "code")

    class Meta:
        constraints = [
            one_of("code", ImagingSite, name="adjudicated_finding_site_known"),
            models.UniqueConstraint(
                fields=["finding", "code"], name="adjudicated_finding_site_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code
