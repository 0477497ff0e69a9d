"""A person with a pump system, under a registry number."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from imaging.models import SHA256_HEX_LENGTH, SealedTextField
from registry.vocabulary import (
    ConsentStatus,
    Diagnosis,
    GmfcsLevel,
    Origin,
    Sex,
    TonePattern,
    YesNoUnknown,
)

from .centre import Centre
from .constraints import between, one_of, one_of_or_empty
from .record import Record

BY_REGISTRY_NUMBER = (Length("registry_number"), F("registry_number"))
"""The order of the numbers; as text, CR-1000000 would stand before CR-999999."""


class Patient(Record):
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="patients")
    registry_number = models.CharField(max_length=16, unique=True, editable=False)
    subject_key = models.CharField(
        max_length=SHA256_HEX_LENGTH,
        null=True,
        blank=True,
        editable=False,
        help_text="Keyed hash of the hospital's own patient number.",
    )
    sex = models.CharField(max_length=16, choices=Sex.choices)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    diagnosis = models.CharField(max_length=32, choices=Diagnosis.choices)
    origin = models.CharField(max_length=16, choices=Origin.choices, blank=True)
    tone_pattern = models.CharField(max_length=16, choices=TonePattern.choices, blank=True)
    gmfcs = models.CharField(
        max_length=16, choices=GmfcsLevel.choices, blank=True, verbose_name="GMFCS"
    )
    ambulatory = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    gastrostomy = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    epilepsy = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    spinal_fusion = models.CharField(max_length=16, choices=YesNoUnknown.choices, blank=True)
    weight_kg = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    consent = models.CharField(max_length=16, choices=ConsentStatus.choices, blank=True)
    died_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_patients",
        help_text="The number under which the same person's records now are.",
    )

    HAPPENED_ON: ClassVar = ("died_on",)
    IDENTIFYING: ClassVar = ("subject_key", "birth_year", "died_on")
    NOT_IDENTIFYING: ClassVar = (
        *Record.NOT_IDENTIFYING_OF_RECORD,
        "centre", "registry_number", "sex", "diagnosis", "origin", "tone_pattern", "gmfcs",
        "ambulatory", "gastrostomy", "epilepsy", "spinal_fusion", "weight_kg", "consent",
        "merged_into",
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "subject_key"],
                condition=Q(subject_key__isnull=False),
                name="patient_once_per_centre",
            ),
            between("birth_year", 1900, 2100, name="patient_birth_year_plausible"),
            between("weight_kg", 1, 300, name="patient_weight_kg_plausible"),
            one_of("sex", Sex, name="patient_sex_known"),
            one_of("diagnosis", Diagnosis, name="patient_diagnosis_known"),
            one_of_or_empty("origin", Origin, name="patient_origin_known"),
            one_of_or_empty("tone_pattern", TonePattern, name="patient_tone_pattern_known"),
            one_of_or_empty("gmfcs", GmfcsLevel, name="patient_gmfcs_known"),
            one_of_or_empty("ambulatory", YesNoUnknown, name="patient_ambulatory_known"),
            one_of_or_empty("gastrostomy", YesNoUnknown, name="patient_gastrostomy_known"),
            one_of_or_empty("epilepsy", YesNoUnknown, name="patient_epilepsy_known"),
            one_of_or_empty("spinal_fusion", YesNoUnknown, name="patient_spinal_fusion_known"),
            one_of_or_empty("consent", ConsentStatus, name="patient_consent_known"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="patient_not_merged_into_itself",
            ),
        ]
        indexes = [
            models.Index(*BY_REGISTRY_NUMBER, name="patient_by_registry_number"),
            models.Index(F("centre"), *BY_REGISTRY_NUMBER, name="patient_by_centre_and_number"),
        ]

    def __str__(self) -> str:
        return self.registry_number

    @property
    def centre_code(self) -> str:
        return self.centre.code


class PatientIdentity(models.Model):
    """Who the patient is. Sealed; needs a permission of its own, and every look is logged."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="identity")
    name = SealedTextField(null=True)
    local_number = SealedTextField(null=True)
    birth_date = SealedTextField(null=True, help_text="ISO date")

    IDENTIFYING: ClassVar = ("name", "local_number", "birth_date")
    NOT_IDENTIFYING: ClassVar = ("id", "patient")

    class Meta:
        verbose_name_plural = "patient identities"

    def __str__(self) -> str:
        return f"Identity of {self.patient_id}"
