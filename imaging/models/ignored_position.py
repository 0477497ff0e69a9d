"""Where in a delivery companions of images stood."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .ingest_run import IngestRun


class IgnoredPosition(models.Model):
    """A place of a delivery whose file, or some entries of whose archive, were passed over.

    Kept by place, so that a request that is sent again counts nothing twice.
    """

    run = models.ForeignKey(IngestRun, on_delete=models.PROTECT, related_name="ignored_positions")
    position = models.PositiveIntegerField(help_text="Place in the delivery, from 1.")
    count = models.PositiveIntegerField(
        help_text="1 for a file by itself; for a zip archive the entries passed over."
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "run", "position", "count")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="ignored_position_once"),
            models.CheckConstraint(condition=Q(count__gt=0), name="ignored_position_counts"),
        ]

    def __str__(self) -> str:
        return f"Ignored at {self.position} of run {self.run_id}"
