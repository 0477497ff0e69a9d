"""A part of a pump system with its own dates: pump, pump segment, connector, spinal segment."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.vocabulary import (
    AsDesigned,
    ComponentKind,
    DatePrecision,
    DeviceModel,
    RevisionIndication,
    SpinalLevel,
)

from .constraints import between, in_order, one_of, one_of_or_empty, only_when
from .patient import Patient
from .record import Record

CATHETER_KINDS = (ComponentKind.PUMP_SEGMENT.value, ComponentKind.SPINAL_SEGMENT.value)


class Component(Record):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="components")
    kind = models.CharField(max_length=16, choices=ComponentKind.choices)
    model = models.CharField(max_length=32, choices=DeviceModel.choices, blank=True)
    model_text = models.CharField(
        max_length=80,
        blank=True,
        help_text="As on the label, where the list has no such model.",
    )
    serial_number = models.CharField(max_length=40, blank=True, verbose_name="serial or lot number")
    udi = models.CharField(max_length=120, blank=True, verbose_name="UDI")
    implanted_on = models.DateField(null=True, blank=True)
    implanted_on_precision = models.CharField(
        max_length=16, choices=DatePrecision.choices, default=DatePrecision.DAY.value
    )
    removed_on = models.DateField(null=True, blank=True)
    removal_reason = models.CharField(max_length=48, choices=RevisionIndication.choices, blank=True)
    placed_by = models.ForeignKey(
        "RevisionSurgery",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="placed_components",
    )
    removed_by = models.ForeignKey(
        "RevisionSurgery",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="removed_components",
    )
    length_cm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    trimmed_cm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    ml_per_cm = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)
    reservoir_ml = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    entry_level = models.CharField(max_length=8, choices=SpinalLevel.choices, blank=True)
    tip_level = models.CharField(max_length=8, choices=SpinalLevel.choices, blank=True)
    as_designed = models.CharField(max_length=24, choices=AsDesigned.choices, blank=True)
    second_pump_declared = models.BooleanField(
        default=False, help_text="The patient really has two pumps at once."
    )

    HAPPENED_ON: ClassVar = ("implanted_on", "removed_on")
    IDENTIFYING: ClassVar = ("serial_number", "udi", "implanted_on", "removed_on")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "kind", "model", "model_text", "implanted_on_precision", "removal_reason",
        "placed_by", "removed_by", "length_cm", "trimmed_cm", "ml_per_cm", "reservoir_ml",
        "entry_level", "tip_level", "as_designed", "second_pump_declared",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("kind", ComponentKind, name="component_kind_known"),
            one_of(
                "implanted_on_precision",
                DatePrecision,
                name="component_implanted_on_precision_known",
            ),
            one_of_or_empty("model", DeviceModel, name="component_model_known"),
            one_of_or_empty(
                "removal_reason", RevisionIndication, name="component_removal_reason_known"
            ),
            one_of_or_empty("entry_level", SpinalLevel, name="component_entry_level_known"),
            one_of_or_empty("tip_level", SpinalLevel, name="component_tip_level_known"),
            one_of_or_empty("as_designed", AsDesigned, name="component_as_designed_known"),
            in_order("implanted_on", "removed_on", name="component_removed_after_implanted"),
            models.UniqueConstraint(
                fields=["patient"],
                condition=Q(
                    kind=ComponentKind.PUMP.value,
                    removed_on__isnull=True,
                    second_pump_declared=False,
                ),
                name="component_one_pump_at_a_time",
            ),
            only_when(
                Q(kind=ComponentKind.PUMP.value),
                "reservoir_ml",
                name="component_reservoir_of_pump",
            ),
            only_when(
                Q(kind__in=CATHETER_KINDS),
                "length_cm",
                "trimmed_cm",
                "ml_per_cm",
                name="component_length_of_catheter",
            ),
            between("length_cm", 1, 200, name="component_length_cm_plausible"),
            between("trimmed_cm", 0, 200, name="component_trimmed_cm_plausible"),
            between("ml_per_cm", 0.0015, 0.004, name="component_ml_per_cm_plausible"),
            between("reservoir_ml", 5, 60, name="component_reservoir_ml_plausible"),
        ]
        ordering = ["implanted_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code
