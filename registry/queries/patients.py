"""Patients a viewer may see."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Length

from imaging import queries as imaging_queries
from registry.models import BY_REGISTRY_NUMBER, Centre, Patient, RevisionCase, User
from registry.queries import keyset
from registry.queries.keyset import Page

LONGEST_NUMBER = 64
"""No form takes a longer one, and Python turns no thousands of digits into a number."""


def visible(*, viewer: User) -> QuerySet[Patient]:
    return Patient.objects.filter(
        centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("centre")


def listing(*, viewer: User, search: str = "") -> QuerySet[Patient]:
    """Every patient by number, newest first, with `case_count`: for files, which hold them all."""
    return (
        _found(visible(viewer=viewer), viewer, search)
        .annotate(case_count=Count("cases"))
        .order_by(*(part.desc() for part in BY_REGISTRY_NUMBER))
    )


def page(*, viewer: User, search: str = "", before: str = "", size: int) -> Page[Patient]:
    """Patients by number, newest first, with `case_count`, a page at a time.

    Parameters
    ----------
    search
        A registry number, its digits, or the hospital's own number, which is typed in full.
    before
        Registry number the list goes on after; empty for the newest.
    """
    centres = viewer.centres("registry.view_patient")
    parts = [
        _found(part, viewer, search).filter(older).order_by(*order)
        for part in keyset.centre_parts(
            visible(viewer=viewer), "centre", [centre.pk for centre in centres]
        )
        for older, order in _older_than(before)
    ]
    found = keyset.cut(
        parts,
        size=size,
        key=lambda patient: (len(patient.registry_number), patient.registry_number),
        cursor=lambda patient: patient.registry_number,
        newest_first=True,
    )
    counts = dict(
        RevisionCase.objects.filter(patient__in=found.rows)
        .values_list("patient")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for patient in found.rows:
        patient.case_count = counts.get(patient.pk, 0)  # type: ignore[attr-defined]
    return found


def unmerged(*, viewer: User) -> QuerySet[Patient]:
    """The same as `visible` without numbers that were merged into others."""
    return visible(viewer=viewer).filter(merged_into__isnull=True)


def _older_than(before: str) -> list[tuple[Q, list[Any]]]:
    """Numbers as long, and shorter ones, each with its order.

    Each is a range of the index, which both together are not; of numbers as long as each other
    SQLite sorts all when it is asked to sort by their length.
    """
    newest_first = [part.desc() for part in BY_REGISTRY_NUMBER]
    if not before:
        return [(Q(), newest_first)]
    as_long = Q(number_length=len(before), registry_number__lt=before)
    return [(as_long, ["-registry_number"]), (Q(number_length__lt=len(before)), newest_first)]


def _found(patients: QuerySet[Patient], viewer: User, search: str) -> QuerySet[Patient]:
    patients = patients.alias(number_length=Length("registry_number"))
    text = search.strip()
    if not text:
        return patients.filter(merged_into__isnull=True)
    if len(text) > LONGEST_NUMBER or "\x00" in text:
        return patients.none()
    # A number that was merged is found, and leads to the one that was kept.
    return patients.filter(pk__in=_with_number(text, viewer.centres("registry.view_identity")))


def _with_number(text: str, identity_centres: Iterable[Centre]) -> list[int]:
    """Primary keys of who has this registry number, or this local number in one of the centres.

    Asked alone, each number is looked up in the index that keeps it unique; together with who may
    see whom the database walks through all patients of a centre.
    """
    registry_number = f"CR-{int(text):06d}" if text.isdecimal() else text.upper()
    which = Q(registry_number=registry_number)
    for centre in identity_centres:
        key = imaging_queries.subject_key_of(text, centre_code=centre.code)
        if key:
            which |= Q(centre=centre.pk, subject_key=key)
    return list(Patient.objects.filter(which).values_list("pk", flat=True))


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
    identity_centres = [
        centre for centre in viewer.centres("registry.view_identity") if centre.code in codes
    ]
    return list(
        visible(viewer=viewer)
        .filter(centre__code__in=codes, pk__in=_with_number(text, identity_centres))
        .filter(merged_into__isnull=True)
        .order_by(*BY_REGISTRY_NUMBER)
    )
