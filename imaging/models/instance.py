"""One stored SOP Instance."""

from typing import ClassVar

from django.db import models

from .deidentification_manifest import DeidentificationManifest
from .lengths import SHA256_HEX_LENGTH, UID_LENGTH
from .series import Series


class Instance(models.Model):
    """One stored, de-identified SOP Instance and where its pixels lie in the file."""

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="instances")
    sop_instance_uid = models.CharField(max_length=UID_LENGTH, unique=True)
    sop_class_uid = models.CharField(max_length=UID_LENGTH)
    transfer_syntax_uid = models.CharField(max_length=UID_LENGTH)
    instance_number = models.IntegerField(null=True)
    stored_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH)
    stored_bytes = models.BigIntegerField()
    pixel_offset = models.BigIntegerField(help_text="Bytes before the pixel value in the file.")
    pixel_length = models.BigIntegerField(help_text="Bytes of the pixel value.")
    frames = models.PositiveIntegerField()
    attributes = models.JSONField(help_text="InstanceAttributes as JSON.")
    not_displayable = models.CharField(
        max_length=200, blank=True, help_text="Why the pixels cannot be shown; empty when they can."
    )
    manifest = models.ForeignKey(
        DeidentificationManifest,
        null=True,
        on_delete=models.PROTECT,
        related_name="instances",
        help_text="Empty for images stored before manifests were kept.",
    )
    slice_index = models.PositiveIntegerField(
        null=True, help_text="Place along the series normal, from 0; empty until judged."
    )
    received_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("attributes",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "series", "sop_instance_uid", "sop_class_uid", "transfer_syntax_uid",
        "instance_number", "stored_sha256", "stored_bytes", "pixel_offset", "pixel_length",
        "frames", "slice_index", "not_displayable", "manifest", "received_at",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["series", "slice_index"], name="instance_by_slice")]

    def __str__(self) -> str:
        return f"Instance {self.sop_instance_uid}"
