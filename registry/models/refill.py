"""The reservoir was emptied and filled again."""

from typing import ClassVar

from django.db import models

from registry.vocabulary import YesNoUnknown

from .component import Component
from .constraints import between, one_of_or_empty
from .patient import Patient
from .record import Record


class Refill(Record):
    """`expected_ml` is what the programmer said; what follows from the doses is computed."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="refills")
    pump = models.ForeignKey(
        Component, null=True, blank=True, on_delete=models.PROTECT, related_name="refills"
    )
    performed_on = models.DateField()
    expected_ml = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    aspirated_ml = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    filled_ml = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    concentration_ug_per_ml = models.DecimalField(
        max_digits=5, decimal_places=0, null=True, blank=True
    )
    drug_on_label = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    compounded = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    remarks = models.CharField(max_length=200, blank=True)
    confirmed_doubts = models.JSONField(
        default=list, blank=True, help_text="Doubts that were raised, and kept as entered."
    )

    HAPPENED_ON: ClassVar = ("performed_on",)
    IDENTIFYING: ClassVar = ("performed_on", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "pump", "expected_ml", "aspirated_ml", "filled_ml", "concentration_ug_per_ml",
        "drug_on_label", "compounded", "confirmed_doubts",
    )  # fmt: skip

    class Meta:
        constraints = [
            between("expected_ml", 0, 60, name="refill_expected_ml_plausible"),
            between("aspirated_ml", 0, 60, name="refill_aspirated_ml_plausible"),
            between("filled_ml", 0, 60, name="refill_filled_ml_plausible"),
            between("concentration_ug_per_ml", 50, 5000, name="refill_concentration_plausible"),
            one_of_or_empty("drug_on_label", YesNoUnknown, name="refill_drug_on_label_known"),
            one_of_or_empty("compounded", YesNoUnknown, name="refill_compounded_known"),
        ]
        ordering = ["performed_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code
