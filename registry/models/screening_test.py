"""A bolus given before implantation, to see whether the drug works."""

from typing import ClassVar

from django.db import models

from registry.vocabulary import YesNoUnknown

from .constraints import between, one_of
from .patient import Patient
from .record import Record


class ScreeningTest(Record):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screening_tests")
    performed_on = models.DateField()
    bolus_ug = models.DecimalField(max_digits=5, decimal_places=1)
    responded = models.CharField(max_length=16, choices=YesNoUnknown.choices)
    effect_hours = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    remarks = models.CharField(max_length=200, blank=True)
    confirmed_doubts = models.JSONField(
        default=list, blank=True, help_text="Doubts that were raised, and kept as entered."
    )

    HAPPENED_ON: ClassVar = ("performed_on",)
    IDENTIFYING: ClassVar = ("performed_on", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "bolus_ug", "responded", "effect_hours", "confirmed_doubts",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("responded", YesNoUnknown, name="screening_test_responded_known"),
            between("bolus_ug", 5, 500, name="screening_test_bolus_ug_plausible"),
            between("effect_hours", 0, 72, name="screening_test_effect_hours_plausible"),
        ]
        ordering = ["performed_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code
