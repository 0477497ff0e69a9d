"""A large file on its way in, part by part."""

from typing import ClassVar

import uuid_utils.compat
from django.db import models
from django.db.models import F, Q

from imaging.sealing import SealedTextField

from .ingest_run import IngestRun


class PartialUpload(models.Model):
    """A file that is sent in parts, so that an interruption costs one part and not all.

    How much has arrived is the length of the file with this public id in the folder of partial
    uploads; it is never written down a second time.
    """

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    run = models.ForeignKey(IngestRun, on_delete=models.PROTECT, related_name="partial_uploads")
    position = models.PositiveIntegerField()
    name = SealedTextField(null=True, help_text="As it came; sealed.")
    size_bytes = models.BigIntegerField()
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(
        null=True, help_text="When it went through the door, or was given up."
    )

    IDENTIFYING: ClassVar = ("name",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "run", "position", "size_bytes", "begun_at", "ended_at",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="partial_upload_once"),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="partial_upload_has_size"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("begun_at")),
                name="partial_upload_ended_after_begun",
            ),
        ]

    def __str__(self) -> str:
        return f"Partial upload {self.public_id}"
