"""That the care of a patient went over from one centre to another."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from .centre import Centre
from .constraints import all_or_none
from .patient import Patient
from .record import Record


class TransferAnswer(models.TextChoices):
    ACCEPTED = "accepted", "accepted"
    DECLINED = "declined", "declined"
    WITHDRAWN = "withdrawn", "withdrawn"


class PatientTransfer(Record):
    """Offered by the centre that has the patient; the case log goes over once the other accepts."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="transfers")
    from_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    to_centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    transferred_on = models.DateField(help_text="The day the other centre took over the care.")
    reason = models.CharField(max_length=200)
    answer = models.CharField(max_length=16, choices=TransferAnswer, null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    HAPPENED_ON: ClassVar = ("transferred_on",)
    IDENTIFYING: ClassVar = ("transferred_on", "reason", "answered_at")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "from_centre", "to_centre", "answer", "answered_by",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_centre=F("to_centre")), name="transfer_between_two_centres"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="transfer_has_reason"),
            models.CheckConstraint(
                condition=Q(answer__in=TransferAnswer.values), name="transfer_answer_known"
            ),
            all_or_none("answer", "answered_at", "answered_by", name="transfer_answered_whole"),
            models.UniqueConstraint(
                fields=["patient"], condition=Q(answer__isnull=True), name="transfer_one_at_a_time"
            ),
        ]
        ordering = ["transferred_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.from_centre.code
