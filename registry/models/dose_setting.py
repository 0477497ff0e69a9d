"""What the pump was programmed to give from a day on, or one bolus on that day."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.audit.drug_delivery import flow_ml_per_day
from registry.vocabulary import DeliveryMode

from .component import Component
from .constraints import between, one_of, only_when
from .patient import Patient
from .record import Record

DAILY_MODES = tuple(mode.code for mode in DeliveryMode if mode.daily)
BOLUS_MODES = tuple(mode.code for mode in DeliveryMode if mode.bolus)


class DoseSetting(Record):
    """A mode with a dose holds until the next one; a bolus leaves it as it is."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="dose_settings")
    pump = models.ForeignKey(
        Component, null=True, blank=True, on_delete=models.PROTECT, related_name="dose_settings"
    )
    set_on = models.DateField()
    mode = models.CharField(max_length=24, choices=DeliveryMode.choices)
    dose_ug_per_day = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    concentration_ug_per_ml = models.DecimalField(
        max_digits=5, decimal_places=0, null=True, blank=True
    )
    bolus_ug = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    steps_per_day = models.PositiveSmallIntegerField(null=True, blank=True)
    remarks = models.CharField(max_length=200, blank=True)
    confirmed_doubts = models.JSONField(
        default=list, blank=True, help_text="Doubts that were raised, and kept as entered."
    )

    HAPPENED_ON: ClassVar = ("set_on",)
    IDENTIFYING: ClassVar = ("set_on", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "pump", "mode", "dose_ug_per_day", "concentration_ug_per_ml", "bolus_ug",
        "steps_per_day", "confirmed_doubts",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("mode", DeliveryMode, name="dose_setting_mode_known"),
            models.CheckConstraint(
                condition=Q(mode__in=DAILY_MODES, dose_ug_per_day__isnull=False)
                | (~Q(mode__in=DAILY_MODES) & Q(dose_ug_per_day__isnull=True)),
                name="dose_setting_dose_iff_daily",
                violation_error_message="A mode that runs all day has a dose per day, others none.",
            ),
            only_when(Q(mode__in=BOLUS_MODES), "bolus_ug", name="dose_setting_bolus_of_its_mode"),
            only_when(
                Q(mode=DeliveryMode.FLEX.value), "steps_per_day", name="dose_setting_steps_of_flex"
            ),
            # 0.3 or 300000 is a mistaken unit; a pump that gives nothing is stopped.
            between("dose_ug_per_day", 5, 5000, name="dose_setting_dose_ug_per_day_plausible"),
            between(
                "concentration_ug_per_ml", 50, 5000, name="dose_setting_concentration_plausible"
            ),
            between("bolus_ug", 1, 2000, name="dose_setting_bolus_ug_plausible"),
            between("steps_per_day", 1, 13, name="dose_setting_steps_plausible"),
        ]
        ordering = ["set_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code

    @property
    def is_daily(self) -> bool:
        """Whether it changes what is given each day: a dose, or nothing any more."""
        return self.mode in DAILY_MODES or self.mode == DeliveryMode.STOPPED.value

    @property
    def ml_per_day(self) -> Decimal | None:
        """Flow; 0 when stopped, None where it cannot be known."""
        if self.mode == DeliveryMode.STOPPED.value:
            return Decimal(0)
        if self.dose_ug_per_day is None or self.concentration_ug_per_ml is None:
            return None
        return flow_ml_per_day(
            dose_ug_per_day=self.dose_ug_per_day,
            concentration_ug_per_ml=self.concentration_ug_per_ml,
        )
