"""What de-identification did to a header."""

from typing import ClassVar

from django.db import models

from .lengths import SHA256_HEX_LENGTH


class DeidentificationManifest(models.Model):
    """What was removed, emptied, replaced and kept, element by element and without a value.

    The images of a series are treated alike, so one manifest serves many instances.
    """

    content_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH, unique=True)
    content = models.JSONField(help_text="imaging.dicom.manifest.Manifest as JSON.")

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "content_sha256", "content")

    def __str__(self) -> str:
        return f"Manifest {self.content_sha256[:12]}"
