"""One episode: from suspicion or a planned replacement to its end."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from registry.vocabulary import (
    CaseOutcome,
    CaseTrigger,
    PumpAlarm,
    RadiographFinding,
    RotorResult,
    WithdrawalSeverity,
    WorkupResult,
)
from registry.vocabulary import PresentingSign as PresentingSignCode
from registry.vocabulary import WorkupStep as WorkupStepCode

from .constraints import all_or_none, between, in_order, one_of, one_of_or_empty, only_when
from .patient import Patient
from .record import Record


class RevisionCase(Record):
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="cases")
    opened_on = models.DateField(help_text="The day the problem was first raised.")
    trigger = models.CharField(max_length=32, choices=CaseTrigger.choices)
    withdrawal_severity = models.CharField(
        max_length=16, choices=WithdrawalSeverity.choices, blank=True
    )
    remarks = models.TextField(blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=32, choices=CaseOutcome.choices, null=True, blank=True)

    HAPPENED_ON: ClassVar = ("opened_on", "closed_on")
    IDENTIFYING: ClassVar = ("opened_on", "closed_on", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD, "patient", "trigger", "withdrawal_severity", "outcome",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("trigger", CaseTrigger, name="case_trigger_known"),
            one_of("outcome", CaseOutcome, name="case_outcome_known"),
            one_of_or_empty(
                "withdrawal_severity", WithdrawalSeverity, name="case_withdrawal_severity_known"
            ),
            in_order("opened_on", "closed_on", name="case_closed_after_opened"),
            all_or_none("closed_on", "outcome", name="case_closed_with_outcome"),
        ]
        ordering = ["-opened_on", "-id"]

    @property
    def centre_code(self) -> str:
        return self.patient.centre_code


class PresentingSign(models.Model):
    case = models.ForeignKey(
        RevisionCase, on_delete=models.PROTECT, related_name="presenting_signs"
    )
    code = models.CharField(max_length=48, choices=PresentingSignCode.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "case", "code")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "code"], name="presenting_sign_once"),
            one_of("code", PresentingSignCode, name="presenting_sign_known"),
        ]

    def __str__(self) -> str:
        return self.code


MOST_RESIDUAL_ML = 60
"""As much as the largest reservoir that `Component` takes."""


class WorkupStep(models.Model):
    """One examination of the work-up: interrogation, radiograph, rotor study, reservoir check."""

    case = models.ForeignKey(RevisionCase, on_delete=models.PROTECT, related_name="workup_steps")
    kind = models.CharField(max_length=32, choices=WorkupStepCode.choices)
    performed_on = models.DateField()
    performed_at = models.TimeField(
        null=True, blank=True, help_text="In the time zone of the centre."
    )
    result = models.CharField(max_length=32, choices=WorkupResult.choices)
    rotor_result = models.CharField(
        max_length=16, choices=RotorResult.choices, null=True, blank=True
    )
    expected_residual_ml = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True
    )
    aspirated_residual_ml = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True
    )
    note = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("performed_on", "performed_at", "note")
    NOT_IDENTIFYING: ClassVar = (
        "id", "case", "kind", "result", "rotor_result", "expected_residual_ml",
        "aspirated_residual_ml",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "performed_on"], name="workup_step_once_a_day"
            ),
            one_of("kind", WorkupStepCode, name="workup_step_kind_known"),
            one_of("result", WorkupResult, name="workup_step_result_known"),
            one_of("rotor_result", RotorResult, name="workup_step_rotor_result_known"),
            only_when(
                Q(kind=WorkupStepCode.ROTOR_STUDY.value),
                "rotor_result",
                name="workup_step_rotor_result_of_rotor_study",
            ),
            only_when(
                Q(kind=WorkupStepCode.RESERVOIR_CHECK.value),
                "expected_residual_ml",
                "aspirated_residual_ml",
                name="workup_step_residual_of_reservoir_check",
            ),
            between(
                "expected_residual_ml",
                0,
                MOST_RESIDUAL_ML,
                name="workup_step_expected_residual_plausible",
            ),
            between(
                "aspirated_residual_ml",
                0,
                MOST_RESIDUAL_ML,
                name="workup_step_aspirated_residual_plausible",
            ),
        ]
        ordering = ["performed_on", F("performed_at").asc(nulls_last=True), "id"]

    def __str__(self) -> str:
        return self.kind


class WorkupAlarm(models.Model):
    """An alarm that an interrogation found; several may apply."""

    step = models.ForeignKey(WorkupStep, on_delete=models.PROTECT, related_name="alarms")
    code = models.CharField(max_length=24, choices=PumpAlarm.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "step", "code")

    class Meta:
        constraints = [
            one_of("code", PumpAlarm, name="workup_alarm_known"),
            models.UniqueConstraint(fields=["step", "code"], name="workup_alarm_once"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code


class WorkupRadiographFinding(models.Model):
    """What a plain radiograph showed; several may apply."""

    step = models.ForeignKey(
        WorkupStep, on_delete=models.PROTECT, related_name="radiograph_findings"
    )
    code = models.CharField(max_length=24, choices=RadiographFinding.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "step", "code")

    class Meta:
        constraints = [
            one_of("code", RadiographFinding, name="workup_radiograph_finding_known"),
            models.UniqueConstraint(fields=["step", "code"], name="workup_radiograph_finding_once"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code
