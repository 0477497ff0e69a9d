"""One DICOM Study."""

from typing import ClassVar

import uuid_utils.compat
from django.db import models
from django.db.models import Q

from .lengths import SHA256_HEX_LENGTH, UID_LENGTH


class Study(models.Model):
    """One DICOM Study of one centre, under its pseudonymous UID."""

    public_id = models.UUIDField(default=uuid_utils.compat.uuid7, unique=True, editable=False)
    centre_code = models.SlugField(max_length=16)
    study_instance_uid = models.CharField(max_length=UID_LENGTH, unique=True)
    subject_key = models.CharField(
        max_length=SHA256_HEX_LENGTH,
        null=True,
        help_text="Keyed hash of the source's Patient ID; empty when the source had none.",
    )
    study_date = models.DateField(null=True)
    patient_sex = models.CharField(
        max_length=1, blank=True, help_text="M, F or O of the source; empty when it had none."
    )
    patient_birth_year = models.PositiveSmallIntegerField(null=True)
    body_part = models.CharField(
        max_length=16, blank=True, help_text="Body Part Examined, from the closed list."
    )
    received_at = models.DateTimeField()

    IDENTIFYING: ClassVar = (
        "subject_key", "study_date", "patient_sex", "patient_birth_year", "body_part",
    )  # fmt: skip
    NOT_IDENTIFYING: ClassVar = (
        "id", "public_id", "centre_code", "study_instance_uid", "received_at",
    )  # fmt: skip

    class Meta:
        verbose_name_plural = "studies"
        indexes = [
            models.Index(fields=["centre_code", "subject_key"], name="study_by_subject"),
            models.Index(fields=["centre_code", "-received_at"], name="study_by_arrival"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(patient_sex__in=["", "M", "F", "O"]), name="study_patient_sex_known"
            ),
        ]

    def __str__(self) -> str:
        return f"Study {self.public_id}"
