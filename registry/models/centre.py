"""A hospital team that logs its cases."""

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

import uuid_utils.compat
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

WELL_FORMED_CODE = r"\A[A-Z][A-Z0-9]{1,15}\Z"
"""Python and PostgreSQL read it alike; `$` would let a line break at the end through in one."""


class Centre(models.Model):
    """A centre. Its code never changes: pseudonyms and the history chain are derived from it."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    code = models.CharField(
        max_length=16,
        unique=True,
        validators=[RegexValidator(WELL_FORMED_CODE, "2 to 16 capital letters and digits.")],
    )
    name = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=64, help_text="IANA name, e.g. Europe/Berlin")

    complete_log_from = models.DateField(
        null=True,
        blank=True,
        help_text="From this day on every operation is logged; empty where nobody has said.",
    )

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "code", "name", "time_zone", "complete_log_from",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=WELL_FORMED_CODE), name="centre_code_well_formed"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def centre_code(self) -> str:
        return self.code

    def day_at(self, at: datetime) -> date:
        """The day it is at the centre."""
        return at.astimezone(ZoneInfo(self.time_zone)).date()
