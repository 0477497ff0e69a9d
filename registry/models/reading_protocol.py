"""How often the studies of a centre are read, and how many reads are asked for again."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from .centre import Centre
from .constraints import between
from .record import Record

READS_PER_STUDY = 1
REREAD_SHARE_PERCENT = 10
"""Of the signed first reads [proposal]."""
REREAD_AFTER_DAYS = 28
"""Four weeks, until the images are no longer remembered [proposal]."""


class ReadingProtocol(Record):
    """One per centre; where there is none, the defaults hold."""

    centre = models.OneToOneField(Centre, on_delete=models.PROTECT, related_name="reading_protocol")
    reads_per_study = models.PositiveSmallIntegerField(
        default=READS_PER_STUDY, help_text="Independent reads of the images that a study asks for."
    )
    reread_share_percent = models.PositiveSmallIntegerField(
        default=REREAD_SHARE_PERCENT,
        help_text="Share of signed reads that their reader is asked for again, masked.",
    )
    reread_after_days = models.PositiveSmallIntegerField(
        default=REREAD_AFTER_DAYS, help_text="Days from the signature to the second look."
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "centre", "reads_per_study", "reread_share_percent", "reread_after_days",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reads_per_study__in=(1, 2)), name="reading_protocol_one_or_two_reads"
            ),
            between("reread_share_percent", 0, 100, name="reading_protocol_share_is_a_percentage"),
            between("reread_after_days", 1, 730, name="reading_protocol_days_plausible"),
        ]

    @property
    def centre_code(self) -> str:
        return self.centre.code
