"""That a coordinator asked a reader for a read."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from .contrast_study import ContrastStudy
from .record import Record


class ReadingAssignment(Record):
    """The study is offered to this reader first and keeps one of its places for the read."""

    contrast_study = models.ForeignKey(
        ContrastStudy, on_delete=models.PROTECT, related_name="reading_assignments"
    )
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reading_assignments"
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD, "contrast_study", "reader",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contrast_study", "reader"], name="reading_assignment_once"
            ),
        ]

    @property
    def centre_code(self) -> str:
        return self.contrast_study.centre_code
