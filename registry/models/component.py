"""A part of a pump system with its own dates: pump, pump segment, connector, spinal segment."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from registry.audit.drug_delivery import catheter_volume_ml, implanted_length_cm
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
    lot_number = models.CharField(max_length=40, blank=True)
    udi = models.CharField(max_length=120, blank=True, verbose_name="UDI")
    device_identifier = models.CharField(
        max_length=32,
        blank=True,
        db_index=True,
        editable=False,
        help_text="The part of the UDI that names the model; taken from it when it is stored.",
    )
    manufactured_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
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
    trimmed_cm = models.DecimalField(
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        help_text="At the implantation and at every revision since, together.",
    )
    grafted_cm = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    ml_per_cm = models.DecimalField(max_digits=6, decimal_places=5, null=True, blank=True)
    reservoir_ml = models.DecimalField(max_digits=4, decimal_places=1, null=True, blank=True)
    entry_level = models.CharField(max_length=8, choices=SpinalLevel.choices, blank=True)
    tip_level = models.CharField(max_length=8, choices=SpinalLevel.choices, blank=True)
    as_designed = models.CharField(max_length=24, choices=AsDesigned.choices, blank=True)
    second_pump_declared = models.BooleanField(
        default=False, help_text="The patient really has two pumps at once."
    )

    HAPPENED_ON: ClassVar = ("manufactured_on", "implanted_on", "removed_on")
    IDENTIFYING: ClassVar = (
        "serial_number", "lot_number", "udi", "manufactured_on", "expires_on", "implanted_on",
        "removed_on",
    )  # fmt: skip
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "kind", "model", "model_text", "implanted_on_precision", "removal_reason",
        "placed_by", "removed_by", "device_identifier", "length_cm", "trimmed_cm", "grafted_cm",
        "ml_per_cm", "reservoir_ml", "entry_level", "tip_level", "as_designed",
        "second_pump_declared",
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
            in_order("manufactured_on", "expires_on", name="component_expires_after_manufactured"),
            # A month or a year stands for its first day, so only a known day can come too early.
            models.CheckConstraint(
                condition=Q(manufactured_on__isnull=True)
                | Q(implanted_on__isnull=True)
                | ~Q(implanted_on_precision=DatePrecision.DAY.value)
                | Q(implanted_on__gte=F("manufactured_on")),
                name="component_implanted_after_manufactured",
                violation_error_message="It was implanted before it was made.",
            ),
            models.CheckConstraint(
                condition=Q(length_cm__isnull=True)
                | Q(trimmed_cm__isnull=True)
                | Q(trimmed_cm__lt=F("length_cm")),
                name="component_trimmed_less_than_length",
                violation_error_message="More was trimmed than the catheter is long.",
            ),
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
                "grafted_cm",
                "ml_per_cm",
                name="component_length_of_catheter",
            ),
            between("length_cm", 1, 200, name="component_length_cm_plausible"),
            between("trimmed_cm", 0, 200, name="component_trimmed_cm_plausible"),
            between("grafted_cm", 0, 200, name="component_grafted_cm_plausible"),
            between("ml_per_cm", 0.0015, 0.004, name="component_ml_per_cm_plausible"),
            between("reservoir_ml", 5, 60, name="component_reservoir_ml_plausible"),
        ]
        ordering = ["implanted_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code

    @property
    def holds_ml(self) -> Decimal | None:
        """Reservoir as it was entered, else as the catalogue says, else unknown."""
        if self.reservoir_ml is not None:
            return Decimal(self.reservoir_ml)
        known = DeviceModel.get(self.model).reservoir_ml if self.model else None
        return None if known is None else Decimal(known)

    @property
    def implanted_length_cm(self) -> Decimal | None:
        """What is left of a catheter after trimming, with what was grafted; None if not recorded.

        A length without an entry of what was trimmed is that of an untrimmed catheter to nobody:
        it stays unknown.
        """
        if self.length_cm is None or self.trimmed_cm is None:
            return None
        return implanted_length_cm(
            label_length_cm=self.length_cm,
            trimmed_cm=[self.trimmed_cm],
            grafted_cm=self.grafted_cm or Decimal(0),
        )

    @property
    def volume_ml(self) -> Decimal | None:
        """Lumen of a catheter; None where length or volume per cm is not recorded."""
        length_cm = self.implanted_length_cm
        if length_cm is None or self.ml_per_cm is None:
            return None
        return catheter_volume_ml(implanted_length_cm=length_cm, ml_per_cm=self.ml_per_cm)
