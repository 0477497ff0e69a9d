"""One episode: from suspicion or a planned replacement to its end."""

from typing import ClassVar

from django.db import models

from registry.vocabulary import (
    CaseOutcome,
    CaseTrigger,
    WithdrawalSeverity,
    WorkupResult,
)
from registry.vocabulary import PresentingSign as PresentingSignCode
from registry.vocabulary import WorkupStep as WorkupStepCode

from .constraints import all_or_none, in_order, one_of, one_of_or_empty
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


class WorkupStep(models.Model):
    """One examination of the work-up: interrogation, radiograph, rotor study, reservoir check."""

    case = models.ForeignKey(RevisionCase, on_delete=models.PROTECT, related_name="workup_steps")
    kind = models.CharField(max_length=32, choices=WorkupStepCode.choices)
    performed_on = models.DateField()
    result = models.CharField(max_length=32, choices=WorkupResult.choices)
    note = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("performed_on", "note")
    NOT_IDENTIFYING: ClassVar = ("id", "case", "kind", "result")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "performed_on"], name="workup_step_once_a_day"
            ),
            one_of("kind", WorkupStepCode, name="workup_step_kind_known"),
            one_of("result", WorkupResult, name="workup_step_result_known"),
        ]
        ordering = ["performed_on", "id"]

    def __str__(self) -> str:
        return self.kind
