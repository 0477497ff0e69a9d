"""One reader's structured answer to one contrast study: the index test."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from registry.vocabulary import (
    Certainty,
    ImagingFindingCode,
    ImagingSite,
    ReadAdequacy,
    ReadSource,
    SpinalLevel,
)

from .constraints import between, in_order, one_of, one_of_or_empty
from .contrast_study import ContrastStudy
from .masked_reread import MaskedReread
from .record import Record


class Read(Record):
    """Frozen when signed, by database trigger. A correction is a new read that supersedes."""

    contrast_study = models.ForeignKey(
        ContrastStudy, on_delete=models.PROTECT, related_name="reads"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reads"
    )
    source = models.CharField(max_length=24, choices=ReadSource.choices)
    vocabulary_version = models.CharField(max_length=8)
    information_shown = models.JSONField(
        help_text="Codes of InformationShown: what the reader could see besides the images."
    )
    adequacy = models.CharField(max_length=24, choices=ReadAdequacy.choices)
    certainty = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        choices=[(int(step.code), step.term.label) for step in Certainty],
        help_text="1 to 5; empty = not assessed.",
    )
    tip_level = models.CharField(max_length=8, choices=SpinalLevel.choices, blank=True)
    extent_mm = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        verbose_name="extent of contrast, mm",
        help_text="How far contrast reaches along the thecal sac; empty = not measured.",
    )
    extent_from_level = models.CharField(
        max_length=8, choices=SpinalLevel.choices, blank=True, help_text="Uppermost level reached."
    )
    extent_to_level = models.CharField(
        max_length=8, choices=SpinalLevel.choices, blank=True, help_text="Lowermost level reached."
    )
    remarks = models.TextField(blank=True)
    images_shown = models.JSONField(
        default=dict,
        blank=True,
        help_text="Public id of each series to how many of its slices were on the screen, of how "
        "many; empty for a read abstracted from a report.",
    )
    opened_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True)
    masked_reread = models.ForeignKey(
        MaskedReread,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reads",
        help_text="The second look this read is; empty for a first read.",
    )
    supersedes = models.OneToOneField(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="superseded_by",
    )
    correction_reason = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("remarks", "opened_at", "signed_at", "correction_reason")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "contrast_study", "reader", "source", "vocabulary_version", "information_shown",
        "adequacy", "certainty", "tip_level", "extent_mm", "extent_from_level", "extent_to_level",
        "images_shown", "masked_reread", "supersedes",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("source", ReadSource, name="read_source_known"),
            one_of("adequacy", ReadAdequacy, name="read_adequacy_known"),
            one_of_or_empty("tip_level", SpinalLevel, name="read_tip_level_known"),
            one_of_or_empty("extent_from_level", SpinalLevel, name="read_extent_from_level_known"),
            one_of_or_empty("extent_to_level", SpinalLevel, name="read_extent_to_level_known"),
            models.CheckConstraint(
                condition=Q(extent_from_level="", extent_to_level="")
                | (~Q(extent_from_level="") & ~Q(extent_to_level="")),
                name="read_extent_has_both_levels",
            ),
            between("extent_mm", 1, 1000, name="read_extent_mm_plausible"),
            between("certainty", 1, 5, name="read_certainty_one_to_five"),
            in_order("opened_at", "signed_at", name="read_signed_after_opened"),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(correction_reason=""),
                name="read_correction_has_reason",
            ),
            models.UniqueConstraint(
                fields=["contrast_study", "reader"],
                condition=Q(supersedes__isnull=True, masked_reread__isnull=True),
                name="read_one_per_reader",
            ),
            models.UniqueConstraint(
                fields=["masked_reread"],
                condition=Q(supersedes__isnull=True),
                name="read_one_per_masked_reread",
            ),
        ]
        indexes = [
            models.Index(fields=["reader", "-signed_at", "-id"], name="read_by_reader_newest"),
            models.Index(
                fields=["reader"],
                condition=Q(masked_reread__isnull=False),
                name="read_again_by_reader",
            ),
        ]
        ordering = ["signed_at", "id"]

    @property
    def centre_code(self) -> str:
        return self.contrast_study.centre_code


class ImagingFinding(models.Model):
    read = models.ForeignKey(Read, on_delete=models.PROTECT, related_name="findings")
    code = models.CharField(max_length=32, choices=ImagingFindingCode.choices)
    is_primary = models.BooleanField()

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "read", "code", "is_primary")

    class Meta:
        constraints = [
            one_of("code", ImagingFindingCode, name="imaging_finding_known"),
            models.UniqueConstraint(fields=["read", "code"], name="imaging_finding_once"),
            models.UniqueConstraint(
                fields=["read"],
                condition=Q(is_primary=True),
                name="imaging_finding_one_primary",
            ),
        ]
        ordering = ["-is_primary", "id"]

    def __str__(self) -> str:
        return self.code


class ImagingFindingSite(models.Model):
    finding = models.ForeignKey(ImagingFinding, on_delete=models.PROTECT, related_name="sites")
    code = models.CharField(max_length=48, choices=ImagingSite.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "finding", "code")

    class Meta:
        constraints = [
            one_of("code", ImagingSite, name="imaging_finding_site_known"),
            models.UniqueConstraint(fields=["finding", "code"], name="imaging_finding_site_once"),
        ]

    def __str__(self) -> str:
        return self.code
