"""A read that is not signed yet: what was typed and drawn so far, kept on every change."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from .contrast_study import ContrastStudy


class ReadDraft(models.Model):
    """Seen by its reader alone, and deleted by signing.

    Answers and marks are kept as they were sent: a draft may be incomplete or contradict itself.
    """

    room = models.UUIDField(
        editable=False,
        help_text="The id in the address of the room: of the contrast study, or of the read that "
        "is corrected.",
    )
    contrast_study = models.ForeignKey(
        ContrastStudy, on_delete=models.PROTECT, related_name="read_drafts"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="read_drafts"
    )
    answers = models.JSONField(help_text="Field name of the form to the values sent.")
    marks = models.JSONField(help_text="Measurements and key images as the viewer sent them.")
    edition = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    saved_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("answers", "marks", "opened_at", "saved_at")
    NOT_IDENTIFYING: ClassVar = ("id", "room", "contrast_study", "reader", "edition")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reader", "room"], name="read_draft_one_per_room"),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"

    @property
    def centre_code(self) -> str:
        return self.contrast_study.centre_code
