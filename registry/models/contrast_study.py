"""The clinical act: access port puncture, aspiration, contrast, CT."""

from typing import ClassVar

from django.db import models
from django.db.models import ExpressionWrapper, F, FloatField, Q
from django.db.models.lookups import LessThanOrEqual

from imaging.models import Study
from registry.vocabulary import (
    AccessGuidance,
    AccessNeedle,
    AspirationResult,
    ContrastProduct,
    Modality,
    NextStep,
    PortAccess,
    StopReason,
    StudyAdverseEvent,
    StudyOutcomeCode,
    YesNoUnknown,
)

from .constraints import between, in_order, one_of, one_of_or_empty, only_when
from .record import Record
from .revision_case import RevisionCase

DELAYED_FIELDS = ("delayed_min", "second_delayed_min", "third_delayed_min")
CONTRAST_FIELDS = ("contrast_ml", "mg_iodine_per_ml", "delay_min", *DELAYED_FIELDS)
PRIME_FIELDS = ("prime_bolus_ml", "prime_bolus_ug")
MOST_IODINE_MG = 3060
"""Largest amount for a myelogram of an adult by the label [S23] [S24]; refused [proposal]."""

NOT_IN_PORT = (
    PortAccess.NOT_REACHED.value,
    PortAccess.NO_PORT.value,
    PortAccess.NOT_TRIED.value,
)


class ContrastStudy(Record):
    """Not aspirable is an outcome of its own: never occlusion, never negative, never missing."""

    case = models.ForeignKey(
        RevisionCase, on_delete=models.PROTECT, related_name="contrast_studies"
    )
    performed_on = models.DateField()
    modality = models.CharField(max_length=32, choices=Modality.choices)
    port_access = models.CharField(max_length=16, choices=PortAccess.choices, blank=True)
    guidance = models.CharField(max_length=32, choices=AccessGuidance.choices, blank=True)
    needle = models.CharField(max_length=24, choices=AccessNeedle.choices, blank=True)
    needle_text = models.CharField(max_length=80, blank=True)
    concentration_ug_per_ml = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the drug in pump and catheter."
    )
    daily_dose_ug = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    catheter_volume_ml = models.DecimalField(
        max_digits=5,
        decimal_places=3,
        null=True,
        blank=True,
        help_text="From access port to tip, where it was known otherwise than from the components.",
    )
    aspiration = models.CharField(max_length=16, choices=AspirationResult.choices)
    aspirated_ml = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    csf_confirmed = models.CharField(
        max_length=16,
        choices=YesNoUnknown.choices,
        blank=True,
        verbose_name="CSF came",
    )
    outcome = models.CharField(max_length=32, choices=StudyOutcomeCode.choices)
    stop_reason = models.CharField(max_length=24, choices=StopReason.choices, null=True, blank=True)
    stop_reason_text = models.CharField(max_length=200, blank=True)
    contrast_injected = models.CharField(max_length=16, choices=YesNoUnknown.choices)
    contrast_product = models.CharField(
        max_length=32, choices=ContrastProduct.choices, null=True, blank=True
    )
    contrast_product_text = models.CharField(max_length=80, blank=True)
    contrast_lot = models.CharField(max_length=40, blank=True)
    mg_iodine_per_ml = models.PositiveSmallIntegerField(
        null=True, blank=True, verbose_name="iodine, mg per ml"
    )
    contrast_ml = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    delay_min = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From injection to CT."
    )
    delayed_min = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From injection to the delayed CT, where there was one."
    )
    second_delayed_min = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From injection to a second delayed CT."
    )
    third_delayed_min = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="From injection to a third delayed CT."
    )
    prime_bolus_given = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    prime_bolus_ml = models.DecimalField(max_digits=5, decimal_places=3, null=True, blank=True)
    prime_bolus_ug = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    adverse_event = models.CharField(max_length=24, choices=StudyAdverseEvent.choices, blank=True)
    adverse_event_text = models.CharField(max_length=200, blank=True)
    next_step = models.CharField(max_length=48, choices=NextStep.choices, blank=True)
    next_step_text = models.CharField(max_length=200, blank=True)
    confirmed_doubts = models.JSONField(default=list, blank=True)

    HAPPENED_ON: ClassVar = ("performed_on",)
    IDENTIFYING: ClassVar = (
        "performed_on", "stop_reason_text", "adverse_event_text", "next_step_text",
    )  # fmt: skip
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "case", "modality", "port_access", "guidance", "needle", "needle_text",
        "concentration_ug_per_ml", "daily_dose_ug", "catheter_volume_ml", "aspiration",
        "aspirated_ml", "csf_confirmed", "outcome", "contrast_product_text", "contrast_lot",
        *DELAYED_FIELDS, "prime_bolus_ml", "prime_bolus_ug", "confirmed_doubts",
        "stop_reason", "adverse_event", "contrast_injected", "contrast_product",
        "mg_iodine_per_ml", "contrast_ml", "delay_min", "prime_bolus_given", "next_step",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "contrast studies"
        constraints = [
            one_of("modality", Modality, name="contrast_study_modality_known"),
            one_of("aspiration", AspirationResult, name="contrast_study_aspiration_known"),
            one_of("outcome", StudyOutcomeCode, name="contrast_study_outcome_known"),
            one_of("contrast_injected", YesNoUnknown, name="contrast_study_injected_known"),
            one_of("contrast_product", ContrastProduct, name="contrast_study_product_known"),
            one_of_or_empty("port_access", PortAccess, name="contrast_study_port_access_known"),
            one_of_or_empty(
                "csf_confirmed", YesNoUnknown, name="contrast_study_csf_confirmed_known"
            ),
            one_of_or_empty("guidance", AccessGuidance, name="contrast_study_guidance_known"),
            one_of_or_empty("needle", AccessNeedle, name="contrast_study_needle_known"),
            one_of_or_empty(
                "prime_bolus_given", YesNoUnknown, name="contrast_study_prime_bolus_given_known"
            ),
            one_of_or_empty(
                "adverse_event", StudyAdverseEvent, name="contrast_study_adverse_event_known"
            ),
            one_of_or_empty("next_step", NextStep, name="contrast_study_next_step_known"),
            only_when(
                ~Q(contrast_injected=YesNoUnknown.NO.value),
                "contrast_product",
                *CONTRAST_FIELDS,
                name="contrast_study_contrast_only_when_injected",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=StudyOutcomeCode.COMPLETED.value)
                | Q(contrast_injected=YesNoUnknown.YES.value),
                name="contrast_study_completed_means_injected",
            ),
            # Pushing contrast into a catheter that does not aspirate injects the drug in it.
            models.CheckConstraint(
                condition=~Q(outcome=StudyOutcomeCode.STOPPED_NOT_ASPIRABLE.value)
                | Q(
                    aspiration=AspirationResult.NONE.value,
                    contrast_injected=YesNoUnknown.NO.value,
                ),
                name="contrast_study_not_aspirable_means_not_injected",
            ),
            one_of("stop_reason", StopReason, name="contrast_study_stop_reason_known"),
            models.CheckConstraint(
                condition=Q(outcome=StudyOutcomeCode.COMPLETED.value, stop_reason__isnull=True)
                | (~Q(outcome=StudyOutcomeCode.COMPLETED.value) & Q(stop_reason__isnull=False)),
                name="contrast_study_reason_iff_stopped",
            ),
            between("aspirated_ml", 0, 20, name="contrast_study_aspirated_ml_plausible"),
            between("contrast_ml", 0.1, 20, name="contrast_study_contrast_ml_plausible"),
            between("mg_iodine_per_ml", 140, 350, name="contrast_study_iodine_plausible"),
            between("delay_min", 0, 2880, name="contrast_study_delay_min_plausible"),
            models.CheckConstraint(
                condition=Q(contrast_ml__isnull=True)
                | Q(mg_iodine_per_ml__isnull=True)
                | Q(
                    LessThanOrEqual(
                        ExpressionWrapper(
                            F("contrast_ml") * F("mg_iodine_per_ml"), output_field=FloatField()
                        ),
                        MOST_IODINE_MG,
                    )
                ),
                name="contrast_study_iodine_within_label",
                violation_error_message="The label allows 3060 mg iodine at most.",
            ),
            between("delayed_min", 0, 2880, name="contrast_study_delayed_min_plausible"),
            between("second_delayed_min", 0, 2880, name="contrast_study_second_delayed_plausible"),
            between("third_delayed_min", 0, 2880, name="contrast_study_third_delayed_plausible"),
            in_order("delay_min", "delayed_min", name="contrast_study_delayed_after_first"),
            in_order(
                "delayed_min", "second_delayed_min", name="contrast_study_second_delayed_after"
            ),
            in_order(
                "second_delayed_min", "third_delayed_min", name="contrast_study_third_delayed_after"
            ),
            only_when(
                Q(delayed_min__isnull=False),
                "second_delayed_min",
                name="contrast_study_second_delayed_after_a_first",
            ),
            only_when(
                Q(second_delayed_min__isnull=False),
                "third_delayed_min",
                name="contrast_study_third_delayed_after_a_second",
            ),
            models.CheckConstraint(
                condition=~Q(port_access__in=NOT_IN_PORT)
                | Q(
                    outcome=StudyOutcomeCode.STOPPED_OTHER.value,
                    aspiration=AspirationResult.NOT_TRIED.value,
                ),
                name="contrast_study_without_access_nothing_aspirated",
                violation_error_message="Without a needle in the port nothing can be aspirated or "
                "injected through it.",
            ),
            only_when(
                Q(prime_bolus_given=YesNoUnknown.YES.value),
                *PRIME_FIELDS,
                name="contrast_study_prime_bolus_only_when_given",
            ),
            # A guard against milligrams typed for micrograms, not a clinical limit.
            between(
                "concentration_ug_per_ml", 10, 10000, name="contrast_study_concentration_plausible"
            ),
            between("daily_dose_ug", 5, 5000, name="contrast_study_daily_dose_plausible"),
            between("catheter_volume_ml", 0.01, 1, name="contrast_study_catheter_volume_plausible"),
            between("prime_bolus_ml", 0.01, 2, name="contrast_study_prime_bolus_ml_plausible"),
            between("prime_bolus_ug", 1, 5000, name="contrast_study_prime_bolus_ug_plausible"),
        ]
        ordering = ["performed_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.case.centre_code


class StudyLink(Record):
    """A person's word that a DICOM study belongs to a contrast study."""

    contrast_study = models.ForeignKey(
        ContrastStudy, on_delete=models.PROTECT, related_name="study_links"
    )
    study = models.OneToOneField(Study, on_delete=models.PROTECT, related_name="link")
    subject_agrees = models.CharField(
        max_length=16,
        choices=YesNoUnknown.choices,
        help_text="Whether the subject keys of images and patient are equal.",
    )
    override_reason = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("override_reason",)
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD, "contrast_study", "study", "subject_agrees",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("subject_agrees", YesNoUnknown, name="study_link_subject_known"),
            models.CheckConstraint(
                condition=~Q(subject_agrees=YesNoUnknown.NO.value) | ~Q(override_reason=""),
                name="study_link_mismatch_has_reason",
            ),
        ]

    @property
    def centre_code(self) -> str:
        return self.contrast_study.centre_code
