"""Something that went wrong: in the episode, after an operation or study, or between them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from registry.vocabulary import (
    ClavienDindoSink,
    ComplicationCode,
    ComplicationGroup,
    Hospitalisation,
    Relatedness,
    WithdrawalSeverity,
    YesNoUnknown,
)

from .constraints import between, in_order, one_of, one_of_or_empty, only_when
from .contrast_study import ContrastStudy
from .patient import Patient
from .record import Record
from .revision_case import RevisionCase
from .revision_surgery import RevisionSurgery

ADMITTED = tuple(
    level.code for level in (Hospitalisation.WARD, Hospitalisation.HDU, Hospitalisation.ICU)
)
"""Levels of care with a night in hospital."""

OF_WITHDRAWAL = tuple(
    code.code for code in ComplicationCode if code.group is ComplicationGroup.WITHDRAWAL
)
MOST_NIGHTS = 3650
"""Ten years; more is a slip of the hand, not a stay."""


class Complication(Record):
    """Graded on several axes, since a grade alone says the same of every revision.

    Early and late are not stored: they follow from the days, by the window of whoever counts.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="complications")
    case = models.ForeignKey(
        RevisionCase,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complications",
    )
    surgery = models.ForeignKey(
        RevisionSurgery,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complications",
        help_text="The operation it followed.",
    )
    contrast_study = models.ForeignKey(
        ContrastStudy,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="complications",
        help_text="The contrast study it followed.",
    )
    occurred_on = models.DateField()
    code = models.CharField(max_length=48, choices=ComplicationCode.choices)
    code_text = models.CharField(max_length=200, blank=True)
    grade = models.CharField(max_length=16, choices=ClavienDindoSink.choices, blank=True)
    withdrawal_severity = models.CharField(
        max_length=16, choices=WithdrawalSeverity.choices, blank=True
    )
    hospitalisation = models.CharField(max_length=16, choices=Hospitalisation.choices, blank=True)
    hospital_nights = models.PositiveSmallIntegerField(null=True, blank=True)
    icu_nights = models.PositiveSmallIntegerField(
        null=True, blank=True, verbose_name="intensive care, nights"
    )
    needed_surgery = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    serious = models.CharField(
        max_length=16,
        choices=YesNoUnknown.choices,
        blank=True,
        verbose_name="serious adverse event",
    )
    resolved_on = models.DateField(null=True, blank=True)
    remarks = models.TextField(blank=True)

    HAPPENED_ON: ClassVar = ("occurred_on", "resolved_on")
    IDENTIFYING: ClassVar = ("occurred_on", "resolved_on", "code_text", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "patient", "case", "surgery", "contrast_study", "code", "grade", "withdrawal_severity",
        "hospitalisation", "hospital_nights", "icu_nights", "needed_surgery", "serious",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("code", ComplicationCode, name="complication_known"),
            one_of_or_empty("grade", ClavienDindoSink, name="complication_grade_known"),
            one_of_or_empty(
                "withdrawal_severity",
                WithdrawalSeverity,
                name="complication_withdrawal_severity_known",
            ),
            one_of_or_empty(
                "hospitalisation", Hospitalisation, name="complication_hospitalisation_known"
            ),
            one_of_or_empty(
                "needed_surgery", YesNoUnknown, name="complication_needed_surgery_known"
            ),
            one_of_or_empty("serious", YesNoUnknown, name="complication_serious_known"),
            in_order("occurred_on", "resolved_on", name="complication_resolved_after_occurred"),
            models.CheckConstraint(
                condition=Q(surgery__isnull=True) | Q(contrast_study__isnull=True),
                name="complication_after_one_event",
                violation_error_message="It follows an operation or a contrast study, not both.",
            ),
            models.CheckConstraint(
                condition=~Q(code=ComplicationCode.OTHER.value) | ~Q(code_text=""),
                name="complication_other_in_words",
                violation_error_message="Say in words what it was.",
            ),
            models.CheckConstraint(
                condition=~Q(code=ComplicationCode.DEATH.value)
                | Q(grade__in=("", ClavienDindoSink.GRADE_V.value)),
                name="complication_death_is_grade_v",
                violation_error_message="Death is grade V.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_severity="") | Q(code__in=OF_WITHDRAWAL),
                name="complication_severity_of_withdrawal",
                violation_error_message="Only a withdrawal has a severity of withdrawal.",
            ),
            only_when(
                Q(hospitalisation__in=ADMITTED),
                "hospital_nights",
                name="complication_nights_when_admitted",
            ),
            only_when(
                Q(hospitalisation=Hospitalisation.ICU.value),
                "icu_nights",
                name="complication_icu_nights_in_icu",
            ),
            between("hospital_nights", 0, MOST_NIGHTS, name="complication_nights_plausible"),
            models.CheckConstraint(
                condition=Q(icu_nights__isnull=True)
                | Q(hospital_nights__isnull=True)
                | Q(icu_nights__lte=F("hospital_nights")),
                name="complication_icu_nights_in_hospital",
                violation_error_message="More nights in intensive care than in hospital.",
            ),
            between("icu_nights", 0, MOST_NIGHTS, name="complication_icu_nights_plausible"),
        ]
        indexes = [
            models.Index(fields=["patient", "occurred_on"], name="complication_by_patient_day")
        ]
        ordering = ["occurred_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code


class ComplicationRelation(models.Model):
    """What a complication is held to be related to; several may apply."""

    complication = models.ForeignKey(
        Complication, on_delete=models.PROTECT, related_name="relations"
    )
    code = models.CharField(max_length=16, choices=Relatedness.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "complication", "code")

    class Meta:
        constraints = [
            one_of("code", Relatedness, name="complication_relation_known"),
            models.UniqueConstraint(
                fields=["complication", "code"], name="complication_relation_once"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code
