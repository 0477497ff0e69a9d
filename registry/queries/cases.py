"""Revision cases a viewer may see."""

from django.db.models import QuerySet

from registry.models import RevisionCase, User


def visible(*, viewer: User) -> QuerySet[RevisionCase]:
    return RevisionCase.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre")


def complete(*, viewer: User) -> QuerySet[RevisionCase]:
    """Cases with everything a case page shows but the reads, which may be blinded."""
    return visible(viewer=viewer).prefetch_related(
        "presenting_signs",
        "workup_steps",
        "contrast_studies__study_links__study__series",
        "surgeries__procedures",
        "surgeries__findings",
    )


def of_patients(*, viewer: User, patient_ids: list[str]) -> QuerySet[RevisionCase]:
    """Cases of the named patients, for opening the number behind a figure."""
    return (
        visible(viewer=viewer)
        .filter(patient__public_id__in=patient_ids)
        .prefetch_related("contrast_studies", "surgeries")
        .order_by("patient__registry_number", "opened_on")
    )
