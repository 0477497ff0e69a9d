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
        "patient__components",
        "patient__dose_settings",
        "workup_steps__alarms",
        "workup_steps__radiograph_findings",
        "contrast_studies__study_links__study__series",
        "surgeries__procedures",
        "surgeries__findings",
        "surgeries__techniques",
        "surgeries__integrity_tests",
        "surgeries__placed_components",
        "surgeries__removed_components",
        "complications__relations",
        "reviews__surgery",
    )
