"""Patients and, kept apart from them, who they are."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from imaging import queries as imaging_queries
from registry.actions import history, records
from registry.actions.errors import DuplicatePatientError
from registry.models import BY_REGISTRY_NUMBER, Centre, Patient, PatientIdentity, User


def add(
    *,
    centre: Centre,
    by: User,
    at: datetime,
    fields: Mapping[str, Any],
    local_number: str = "",
    name: str = "",
    birth_date: date | None = None,
    synthetic_fields: Sequence[str] = (),
) -> Patient:
    """Register a patient under the next registry number.

    Parameters
    ----------
    local_number
        The hospital's own patient number; only its keyed hash is searchable.

    Raises
    ------
    DuplicatePatientError
        The centre has a patient with this local number; nothing was written.
    InvalidRecordError
        A value contradicts another or the vocabulary.
    """
    subject_key = imaging_queries.subject_key_of(local_number, centre_code=centre.code)
    with transaction.atomic():
        # Locks every centre: registry numbers run through all of them, and no two registrars may
        # take one number, wherever they are.
        list(Centre.objects.select_for_update(no_key=True).order_by("pk"))
        known = subject_key and Patient.objects.filter(centre=centre, subject_key=subject_key)
        if known and (patient := known.first()):
            raise DuplicatePatientError(patient.registry_number)
        patient = Patient(
            centre=centre,
            registry_number=_next_registry_number(),
            subject_key=subject_key,
            **fields,
        )
        records.log(
            patient,
            by=by,
            at=at,
            action="patient.add",
            synthetic_fields=synthetic_fields,
        )
        if local_number or name or birth_date:
            PatientIdentity.objects.create(
                patient=patient,
                name=name or None,
                local_number=local_number or None,
                birth_date=birth_date.isoformat() if birth_date else None,
            )
    return patient


def edit(
    *,
    patient: Patient,
    edition: int,
    by: User,
    at: datetime,
    changes: Mapping[str, Any],
) -> Patient:
    """Correct a patient's facts. See `records.edit` for the errors."""
    return records.edit(
        patient, edition=edition, by=by, at=at, action="patient.edit", changes=changes
    )


def look_at_identity(*, patient: Patient, by: User, at: datetime) -> PatientIdentity | None:
    """Open the sealed identity and log that it was opened."""
    with transaction.atomic():
        history.record(
            chain=patient.centre_code,
            at=at,
            by=by,
            action="patient.look_at_identity",
            obj=patient,
        )
        return PatientIdentity.objects.filter(patient=patient).first()


def _next_registry_number() -> str:
    numbers = Patient.objects.order_by(*BY_REGISTRY_NUMBER).values_list(
        "registry_number", flat=True
    )
    last = numbers.last()
    return f"CR-{int(last.removeprefix('CR-')) + 1 if last else 1:06d}"
