"""A finished audit, frozen with the facts it was computed from."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models

from imaging.models import SHA256_HEX_LENGTH

from .centre import Centre


class AuditReport(models.Model):
    """Immutable by database trigger; it can be recomputed from its own facts and compared."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    protocol_key = models.CharField(max_length=48)
    protocol_version = models.CharField(max_length=16)
    centres = models.ManyToManyField(Centre, related_name="audit_reports")
    filters = models.JSONField()
    as_of = models.DateField()
    facts = models.JSONField()
    facts_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH)
    results = models.JSONField()
    results_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH)
    dispositions = models.JSONField(
        null=True,
        help_text="What people had made of its device signals; null where the audit has none.",
    )
    code_version = models.CharField(max_length=64)
    title = models.CharField(max_length=120)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    PUBLIC_EXPORT: ClassVar = "report.export_public"
    """Action in the history by which a public edition left the registry."""

    IDENTIFYING: ClassVar = ("facts",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "protocol_key", "protocol_version", "centres", "filters", "as_of",
        "facts_sha256", "results", "results_sha256", "dispositions", "code_version", "title",
        "frozen_at", "frozen_by",
    )  # fmt: skip

    class Meta:
        ordering = ["-frozen_at", "-id"]

    def __str__(self) -> str:
        return f"{self.protocol_key} report {self.public_id}"
