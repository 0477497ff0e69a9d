"""What every clinical record carries."""

from typing import TYPE_CHECKING, ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models


class Record(models.Model):
    """A clinical record: opaque public id, who logged it and when, and its edition.

    `edition` counts the saves; an edit that was started from an older edition is refused.
    `synthetic_fields` names the fields whose values are made up, so that demonstration data say so
    themselves; it is empty for a real record.
    """

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    edition = models.PositiveIntegerField(default=1, editable=False)
    synthetic_fields = models.JSONField(default=list, blank=True, editable=False)

    HAPPENED_ON: ClassVar[tuple[str, ...]] = ()
    """Date fields that tell of the past: an action refuses a day that has not come yet."""

    NOT_IDENTIFYING_OF_RECORD: ClassVar = (
        "id", "public_id", "created_at", "created_by", "edition", "synthetic_fields",
    )  # fmt: skip

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        # Every subclass knows the way to its centre.
        @property
        def centre_code(self) -> str: ...

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.public_id}"

    @property
    def is_synthetic(self) -> bool:
        return bool(self.synthetic_fields)
