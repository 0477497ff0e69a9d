"""A form that is not sent yet: what was typed so far, kept on every change."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from imaging.sealing import SealedTextField


class FormDraft(models.Model):
    """Seen by its author alone, and deleted when the form is accepted.

    The answers are sealed, since a form may ask who a patient is. They are kept as they were
    typed: a draft may be incomplete or contradict itself.
    """

    form_id = models.UUIDField(editable=False, help_text="Drawn for each opening of the form.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="form_drafts"
    )
    page = models.CharField(max_length=200, help_text="The address of the form.")
    answers = SealedTextField(help_text="JSON: field name to the values sent.")
    edition = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    IDENTIFYING: ClassVar = ("answers", "saved_at")
    NOT_IDENTIFYING: ClassVar = ("id", "form_id", "author", "page", "edition")

    class Meta:
        indexes = [models.Index(fields=["author", "page"])]
        constraints = [
            models.UniqueConstraint(fields=["author", "form_id"], name="form_draft_once"),
        ]

    def __str__(self) -> str:
        return f"form draft {self.pk}"
