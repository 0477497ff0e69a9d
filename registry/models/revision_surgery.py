"""An operation on any component: the reference standard."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from registry.vocabulary import (
    ComponentKind,
    ImagingKnown,
    IntegrityTest,
    IntraoperativeFindingCode,
    IntraoperativeSite,
    IntraoperativeStatus,
    Planning,
    ProofMethod,
    RevisionIndication,
    SurgicalApproach,
    TechniqueModifier,
    Urgency,
)
from registry.vocabulary import Procedure as ProcedureCode

from .constraints import one_of, one_of_or_empty
from .record import Record
from .revision_case import RevisionCase


class RevisionSurgery(Record):
    """Belongs to the case, not to a scan: which scan it verifies is the audit's choice."""

    case = models.ForeignKey(RevisionCase, on_delete=models.PROTECT, related_name="surgeries")
    performed_on = models.DateField()
    indication = models.CharField(max_length=48, choices=RevisionIndication.choices)
    secondary_indication = models.CharField(
        max_length=48, choices=RevisionIndication.choices, blank=True
    )
    planned = models.CharField(max_length=16, choices=Planning.choices)
    urgency = models.CharField(max_length=16, choices=Urgency.choices, blank=True)
    imaging_known = models.CharField(
        max_length=16,
        choices=ImagingKnown.choices,
        verbose_name="surgeon knew the CT result",
    )
    approach = models.CharField(max_length=32, choices=SurgicalApproach.choices, blank=True)
    approach_text = models.CharField(max_length=200, blank=True)
    remarks = models.TextField(blank=True)

    HAPPENED_ON: ClassVar = ("performed_on",)
    IDENTIFYING: ClassVar = ("performed_on", "approach_text", "remarks")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "case", "indication", "secondary_indication", "planned", "urgency", "imaging_known",
        "approach",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "revision surgeries"
        constraints = [
            one_of("indication", RevisionIndication, name="surgery_indication_known"),
            one_of("planned", Planning, name="surgery_planned_known"),
            one_of("imaging_known", ImagingKnown, name="surgery_imaging_known_known"),
            one_of_or_empty(
                "secondary_indication",
                RevisionIndication,
                name="surgery_secondary_indication_known",
            ),
            one_of_or_empty("urgency", Urgency, name="surgery_urgency_known"),
            one_of_or_empty("approach", SurgicalApproach, name="surgery_approach_known"),
            models.CheckConstraint(
                condition=~Q(secondary_indication=models.F("indication")),
                name="surgery_two_different_indications",
            ),
        ]
        ordering = ["performed_on", "id"]

    @property
    def centre_code(self) -> str:
        return self.case.centre_code


class Procedure(models.Model):
    surgery = models.ForeignKey(
        RevisionSurgery, on_delete=models.PROTECT, related_name="procedures"
    )
    code = models.CharField(max_length=48, choices=ProcedureCode.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "surgery", "code")

    class Meta:
        constraints = [
            one_of("code", ProcedureCode, name="procedure_known"),
            models.UniqueConstraint(fields=["surgery", "code"], name="procedure_once"),
        ]

    def __str__(self) -> str:
        return self.code


class TechniqueUsed(models.Model):
    """How the operation was done, as far as series link it to complications."""

    surgery = models.ForeignKey(
        RevisionSurgery, on_delete=models.PROTECT, related_name="techniques"
    )
    code = models.CharField(max_length=48, choices=TechniqueModifier.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "surgery", "code")

    class Meta:
        verbose_name_plural = "techniques used"
        constraints = [
            one_of("code", TechniqueModifier, name="technique_known"),
            models.UniqueConstraint(fields=["surgery", "code"], name="technique_once"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code


class IntegrityTested(models.Model):
    """What was tested before it was said that nothing is wrong."""

    surgery = models.ForeignKey(
        RevisionSurgery, on_delete=models.PROTECT, related_name="integrity_tests"
    )
    code = models.CharField(max_length=32, choices=IntegrityTest.choices)

    IDENTIFYING: ClassVar = ()
    NOT_IDENTIFYING: ClassVar = ("id", "surgery", "code")

    class Meta:
        verbose_name_plural = "integrity tested"
        constraints = [
            one_of("code", IntegrityTest, name="integrity_test_known"),
            models.UniqueConstraint(fields=["surgery", "code"], name="integrity_test_once"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code


class IntraoperativeFinding(models.Model):
    """What the surgeon found at one component: confirmed, excluded or not explored."""

    surgery = models.ForeignKey(RevisionSurgery, on_delete=models.PROTECT, related_name="findings")
    component = models.CharField(max_length=16, choices=ComponentKind.choices)
    status = models.CharField(max_length=16, choices=IntraoperativeStatus.choices)
    code = models.CharField(
        max_length=48, choices=IntraoperativeFindingCode.choices, null=True, blank=True
    )
    site = models.CharField(max_length=32, choices=IntraoperativeSite.choices, blank=True)
    how_proven = models.CharField(max_length=48, choices=ProofMethod.choices, blank=True)
    note = models.CharField(max_length=200, blank=True)

    IDENTIFYING: ClassVar = ("note",)
    NOT_IDENTIFYING: ClassVar = (
        "id", "surgery", "component", "status", "code", "site", "how_proven",
    )  # fmt: skip

    class Meta:
        constraints = [
            one_of("component", ComponentKind, name="intraoperative_component_known"),
            one_of("status", IntraoperativeStatus, name="intraoperative_status_known"),
            one_of("code", IntraoperativeFindingCode, name="intraoperative_finding_known"),
            one_of_or_empty("site", IntraoperativeSite, name="intraoperative_site_known"),
            one_of_or_empty("how_proven", ProofMethod, name="intraoperative_how_proven_known"),
            models.CheckConstraint(
                condition=Q(status=IntraoperativeStatus.CONFIRMED.value, code__isnull=False)
                | (~Q(status=IntraoperativeStatus.CONFIRMED.value) & Q(code__isnull=True)),
                name="intraoperative_finding_iff_confirmed",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code or self.status
