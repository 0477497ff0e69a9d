"""DICOM studies as they were stored, and what became of every file that arrived.

Everything here is a fact of the scanner or of the intake: rows are added, never edited. Only two
things are written later: the geometry verdict of a series when more of it arrives, and the subject
key of a study whose first images carried no patient number.
"""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q

from imaging.sealing import SealedTextField

__all__ = ["IngestRun", "IngestedFile", "Instance", "SealedTextField", "Series", "Study"]

UID_LENGTH = 64
"""PS3.5 section 9.1."""

SHA256_HEX_LENGTH = 64


class Study(models.Model):
    """One DICOM Study of one centre, under its pseudonymous UID."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre_code = models.SlugField(max_length=16)
    study_instance_uid = models.CharField(max_length=UID_LENGTH, unique=True)
    subject_key = models.CharField(
        max_length=SHA256_HEX_LENGTH,
        null=True,
        help_text="Keyed hash of the source's Patient ID; empty when the source had none.",
    )
    study_date = models.DateField(null=True)
    received_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("subject_key", "study_date")
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre_code", "study_instance_uid", "received_at",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "studies"
        indexes = [
            models.Index(fields=["centre_code", "subject_key"], name="study_by_subject"),
            models.Index(fields=["centre_code", "-received_at"], name="study_by_arrival"),
        ]

    def __str__(self) -> str:
        return f"Study {self.public_id}"


class Series(models.Model):
    """One DICOM Series with the verdict on its geometry."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="series")
    series_instance_uid = models.CharField(max_length=UID_LENGTH, unique=True)
    series_number = models.IntegerField(null=True)
    modality = models.CharField(max_length=16)
    geometry_codes = models.JSONField(default=list)
    geometry = models.JSONField(
        default=dict,
        help_text="The verdict in full: spacing_mm, smallest and largest spacing, sentences.",
    )
    mpr_allowed = models.BooleanField(default=False)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "study", "series_instance_uid", "series_number", "modality",
        "geometry_codes", "geometry", "mpr_allowed",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "series"

    def __str__(self) -> str:
        return f"Series {self.public_id}"

    @property
    def centre_code(self) -> str:
        return self.study.centre_code


class Instance(models.Model):
    """One stored, de-identified SOP Instance and where its pixels lie in the file."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="instances")
    sop_instance_uid = models.CharField(max_length=UID_LENGTH, unique=True)
    sop_class_uid = models.CharField(max_length=UID_LENGTH)
    transfer_syntax_uid = models.CharField(max_length=UID_LENGTH)
    instance_number = models.IntegerField(null=True)
    stored_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH)
    stored_bytes = models.BigIntegerField()
    pixel_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH)
    pixel_offset = models.BigIntegerField(help_text="Bytes before the pixel value in the file.")
    pixel_length = models.BigIntegerField(help_text="Bytes of the pixel value.")
    frames = models.PositiveIntegerField()
    attributes = models.JSONField(help_text="InstanceAttributes as JSON.")
    slice_index = models.PositiveIntegerField(
        null=True, help_text="Place along the series normal, from 0; empty until judged."
    )
    received_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("attributes", "pixel_sha256")
    NOT_IDENTIFYING: ClassVar = (
        "id", "series", "sop_instance_uid", "sop_class_uid", "transfer_syntax_uid",
        "instance_number", "stored_sha256", "stored_bytes", "pixel_offset", "pixel_length",
        "frames", "slice_index", "received_at",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["series", "slice_index"], name="instance_by_slice")]

    def __str__(self) -> str:
        return f"Instance {self.sop_instance_uid}"


class IngestRun(models.Model):
    """One delivery of files: a command, an upload."""

    class Source(models.TextChoices):
        COMMAND_LINE = "command_line", "command line"
        UPLOAD = "upload", "browser upload"

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre_code = models.SlugField(max_length=16)
    source = models.CharField(max_length=16, choices=Source)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Empty when the command line started it.",
    )
    finished_at = models.DateTimeField(null=True)
    ignored_count = models.PositiveIntegerField(
        default=0, help_text="Files that are no images and carry no finding: DICOMDIR, .DS_Store …"
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre_code", "source", "started_at", "started_by", "finished_at",
        "ignored_count",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source__in=["command_line", "upload"]), name="ingest_run_source_known"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(finished_at__gte=models.F("started_at")),
                name="ingest_run_finished_after_started",
            ),
        ]

    def __str__(self) -> str:
        return f"Ingest run {self.public_id}"


class IngestedFile(models.Model):
    """What became of one file. Every file that arrives ends as exactly one of these."""

    class Result(models.TextChoices):
        INDEXED = "indexed", "indexed"
        DUPLICATE = "duplicate", "duplicate"
        CONFLICT = "conflict", "conflict"
        QUARANTINED = "quarantined", "quarantined"
        REJECTED = "rejected", "rejected"

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
        constraints = [
            models.UniqueConstraint(
                fields=["run", "position", "entry"], name="ingested_file_once_per_run"
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
