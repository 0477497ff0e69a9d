"""One DICOM Series."""

from typing import ClassVar

import uuid_utils.compat
from django.db import models

from .lengths import UID_LENGTH
from .study import Study


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
