"""What people made of a device signal, and the numbers they had before them."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q

from imaging.models import SHA256_HEX_LENGTH
from registry.vocabulary import SignalDispositionCode

from .centre import Centre
from .constraints import one_of


class SignalDisposition(models.Model):
    """Immutable by database trigger; a later one about the same question supersedes it.

    A question is a signal of an audit with its filters: whoever asks the same again, on whatever
    day, finds the answer. `inputs` are the printed numbers, by column of the tables of the audit.
    """

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    protocol_key = models.CharField(max_length=48)
    protocol_version = models.CharField(max_length=16)
    signal_key = models.CharField(max_length=120, help_text="Device and event.")
    signal_label = models.CharField(max_length=200)
    centres = models.ManyToManyField(Centre, related_name="signal_dispositions")
    filters = models.JSONField(help_text="Centres, period and limits of the audit.")
    audit_sha256 = models.CharField(
        max_length=SHA256_HEX_LENGTH, help_text="SHA-256 of protocol and filters."
    )
    as_of = models.DateField()
    facts_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH)
    rule_version = models.CharField(max_length=16)
    inputs = models.JSONField(help_text="What the page printed for the signal.")
    code_version = models.CharField(max_length=64)
    disposition = models.CharField(max_length=24, choices=SignalDispositionCode.choices)
    vocabulary_version = models.CharField(max_length=8)
    reason = models.TextField(max_length=2000, help_text="Why, in words; no patient detail.")
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    IDENTIFYING: ClassVar = ("reason",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "protocol_key", "protocol_version", "signal_key", "signal_label",
        "centres", "filters", "audit_sha256", "as_of", "facts_sha256", "rule_version", "inputs",
        "code_version", "disposition", "vocabulary_version", "decided_at", "decided_by",
        "supersedes",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of(
                "disposition", SignalDispositionCode, name="signal_disposition_disposition_known"
            ),
            models.CheckConstraint(
                condition=Q(reason__regex=r"\S"), name="signal_disposition_has_reason"
            ),
            models.UniqueConstraint(
                fields=["audit_sha256", "signal_key"],
                condition=Q(supersedes__isnull=True),
                name="signal_disposition_one_first_per_question",
            ),
        ]
        ordering = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"Disposition {self.public_id} of {self.signal_key}"
