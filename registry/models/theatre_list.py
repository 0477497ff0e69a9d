"""A list of the operating theatre, against which the logged operations are checked."""

from typing import ClassVar

import uuid_utils.compat
from django.conf import settings
from django.db import models
from django.db.models import Q

from imaging.models import SHA256_HEX_LENGTH

from .centre import Centre
from .constraints import all_or_none, in_order


class TheatreList(models.Model):
    """What is known of a file: its days and who sent it. A withdrawn list has no lines any more."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="theatre_lists")
    file_sha256 = models.CharField(max_length=SHA256_HEX_LENGTH)
    covers_from = models.DateField(help_text="The list holds every operation from this day on.")
    covers_to = models.DateField(help_text="To this day, included.")
    rows = models.PositiveIntegerField(help_text="How many lines were kept.")
    kept_words = models.CharField(
        max_length=200, blank=True, help_text="Only lines whose procedure holds one of them count."
    )
    left_out = models.PositiveIntegerField(help_text="How many lines the words left out.")
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("kept_words", "withdrawal_reason")
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre", "file_sha256", "covers_from", "covers_to", "rows", "left_out",
        "sent_at", "sent_by", "withdrawn_at", "withdrawn_by",
    )  # fmt: skip

    class Meta:
        constraints = [
            in_order("covers_from", "covers_to", name="theatre_list_days_in_order"),
            all_or_none("withdrawn_at", "withdrawn_by", name="theatre_list_withdrawn_by_somebody"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="theatre_list_withdrawn_for_a_reason",
            ),
            models.UniqueConstraint(
                fields=["centre", "file_sha256"],
                condition=Q(withdrawn_at__isnull=True),
                name="theatre_list_once",
            ),
        ]
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return f"Theatre list {self.public_id}"

    @property
    def centre_code(self) -> str:
        return self.centre.code


class TheatreLine(models.Model):
    """One line: on what day somebody was operated on. Neither number nor procedure is kept."""

    theatre_list = models.ForeignKey(TheatreList, on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField(help_text="Its number in the file.")
    performed_on = models.DateField(null=True, blank=True, help_text="Empty: it cannot be read.")
    subject_key = models.CharField(
        max_length=SHA256_HEX_LENGTH,
        null=True,
        blank=True,
        help_text="Keyed hash of the hospital's own patient number; empty where there was none.",
    )
    is_elsewhere = models.BooleanField(
        default=False, help_text="The file names another centre for this line."
    )

    IDENTIFYING: ClassVar = ("performed_on", "subject_key")
    NOT_IDENTIFYING: ClassVar = ("id", "theatre_list", "row", "is_elsewhere")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["theatre_list", "row"], name="theatre_line_once"),
        ]
        ordering = ["row", "id"]

    def __str__(self) -> str:
        return f"line {self.row}"
