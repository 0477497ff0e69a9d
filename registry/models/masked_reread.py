"""That a signed read is asked for again, of the same reader, who is not told."""

from typing import ClassVar

from django.db import models

from .contrast_study import ContrastStudy


class MaskedReread(models.Model):
    """Queued when the first read is signed; what is read again carries it as `Read.masked_reread`.

    Its public id is the address of the second look. It is chosen so that it cannot be told from
    that of any other study (`registry.audit.keyed_choice.masked_id`).
    """

    public_id = models.UUIDField(unique=True, editable=False)
    first_read = models.OneToOneField(
        "registry.Read", on_delete=models.PROTECT, related_name="queued_again"
    )
    queued_at = models.DateTimeField()
    due_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("queued_at", "due_at")
    NOT_IDENTIFYING: ClassVar = ("id", "public_id", "first_read")

    def __str__(self) -> str:
        return f"masked re-read {self.pk}"

    @property
    def contrast_study(self) -> ContrastStudy:
        return self.first_read.contrast_study

    @property
    def centre_code(self) -> str:
        return self.first_read.centre_code
