"""The change log: append-only, one HMAC chain per centre."""

import hashlib
import hmac
from datetime import UTC
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from imaging.models import SHA256_HEX_LENGTH
from registry.audit.canonical import canonical_bytes

INSTALLATION_CHAIN = "_installation"
"""Chain of what belongs to no centre: new centres, new accounts."""


class HistoryChain(models.Model):
    """The head of one chain. Locking this row puts the writers of a centre in line."""

    code = models.CharField(max_length=16, unique=True)
    sequence = models.PositiveBigIntegerField(default=0)
    head_hash = models.CharField(max_length=SHA256_HEX_LENGTH, default="0" * SHA256_HEX_LENGTH)
    facts_hash = models.CharField(
        max_length=SHA256_HEX_LENGTH,
        blank=True,
        db_default="",
        help_text="Hash of the newest event that may have changed what an audit counts.",
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "code", "sequence", "head_hash", "facts_hash")

    def __str__(self) -> str:
        return f"{self.code} at {self.sequence}"


class HistoryEvent(models.Model):
    """One event. The hash covers every other column and the hash before it."""

    chain = models.ForeignKey(HistoryChain, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField(
        max_length=150,
        help_text="As it was then; 'command line' where nobody was signed in.",
    )
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=64)
    object_id = models.UUIDField()
    changes = models.JSONField(
        default=dict,
        help_text="Field → [before, after]. Identifying fields say only that they changed.",
    )
    before_digest = models.CharField(max_length=SHA256_HEX_LENGTH, blank=True)
    after_digest = models.CharField(max_length=SHA256_HEX_LENGTH, blank=True)
    reason = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=SHA256_HEX_LENGTH)
    hash = models.CharField(max_length=SHA256_HEX_LENGTH)

    IDENTIFYING: ClassVar = ("changes", "reason")
    NOT_IDENTIFYING: ClassVar = (
        "id", "chain", "sequence", "at", "actor", "actor_name", "action", "object_type",
        "object_id", "before_digest", "after_digest", "previous_hash", "hash",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["chain", "sequence"], name="history_event_sequence"),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="history_event_from_one"),
        ]
        indexes = [
            models.Index(fields=["object_id"], name="history_by_object"),
            models.Index(fields=["chain", "id"], name="history_by_chain"),
        ]

    def __str__(self) -> str:
        return f"Event {self.sequence} of {self.chain_id}"

    def expected_hash(self, *, key: str) -> str:
        """HMAC-SHA256, in hex, over the canonical form of every column but the hash itself."""
        covered = {
            "chain": self.chain.code,
            "sequence": self.sequence,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor_id,
            "actor_name": self.actor_name,
            "action": self.action,
            "object_type": self.object_type,
            "object_id": str(self.object_id),
            "changes": self.changes,
            "before_digest": self.before_digest,
            "after_digest": self.after_digest,
            "reason": self.reason,
            "previous_hash": self.previous_hash,
        }
        return hmac.new(key.encode(), canonical_bytes(covered), hashlib.sha256).hexdigest()
