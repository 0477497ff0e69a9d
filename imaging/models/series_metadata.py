"""The headers of a series as DICOMweb gives them out."""

from typing import ClassVar

from django.db import models

from .lengths import SHA256_HEX_LENGTH
from .series import Series


class SeriesMetadata(models.Model):
    """Derived from the stored files when first asked for; it holds while no image is added.

    Instances are neither changed nor deleted, so their number says whether all are in it.
    """

    series = models.OneToOneField(Series, on_delete=models.PROTECT, related_name="metadata")
    instances = models.PositiveIntegerField(help_text="How many are in the content.")
    content_format = models.PositiveSmallIntegerField(help_text="imaging.dicom.dicom_json.FORMAT")
    instances_sha256 = models.CharField(
        max_length=SHA256_HEX_LENGTH, help_text="Of the hashes of the stored files, in order."
    )
    content = models.BinaryField(help_text="A header a line, DICOM JSON, gzip.")
    built_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("content",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "series", "instances", "content_format", "instances_sha256", "built_at",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "series metadata"

    def __str__(self) -> str:
        return f"Metadata of series {self.series_id}"
