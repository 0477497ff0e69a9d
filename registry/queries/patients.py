"""Patients a viewer may see."""

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length

from imaging import queries as imaging_queries
from registry.models import BY_REGISTRY_NUMBER, Patient, User

LONGEST_NUMBER = 64
"""No form takes a longer one, and Python turns no thousands of digits into a number."""


def visible(*, viewer: User) -> QuerySet[Patient]:
    return Patient.objects.filter(
        centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("centre")


def listing(*, viewer: User, search: str = "", before: str = "") -> QuerySet[Patient]:
    """Patients by number, newest first, with `case_count`; searched by registry or local number.

    Parameters
    ----------
    before
        Registry number the list goes on after; empty for the newest.
    """
    patients = (
        visible(viewer=viewer)
        .annotate(case_count=Count("cases"))
        .order_by(*(part.desc() for part in BY_REGISTRY_NUMBER))
    )
    if before:
        digits = Length("registry_number")
        patients = patients.alias(digits=digits).filter(
            Q(digits__lt=len(before)) | Q(digits=len(before), registry_number__lt=before)
        )
    text = search.strip()
    if not text:
        return patients
    subject_keys = [
        imaging_queries.subject_key_of(text, centre_code=code)
        for code in viewer.centre_codes("registry.view_identity")
    ]
    return patients.filter(
        Q(registry_number__iendswith=text) | Q(subject_key__in=[k for k in subject_keys if k])
    )


def by_number(*, viewer: User, permission: str, number: str) -> list[Patient]:
    """Patients with exactly this registry or local number, where the viewer may do something.

    Parameters
    ----------
    number
        `CR-000123`, its digits alone, or the hospital's own number.
    permission
        What the viewer means to do with the patient.
    """
    text = number.strip()
    if len(text) > LONGEST_NUMBER or "\x00" in text:
        return []
    codes = viewer.centre_codes(permission)
    registry_number = f"CR-{int(text):06d}" if text.isdecimal() else text.upper()
    keys = [
        imaging_queries.subject_key_of(text, centre_code=code)
        for code in codes & viewer.centre_codes("registry.view_identity")
    ]
    return list(
        visible(viewer=viewer)
        .filter(centre__code__in=codes)
        .filter(Q(registry_number=registry_number) | Q(subject_key__in=[k for k in keys if k]))
        .order_by(*BY_REGISTRY_NUMBER)
    )
