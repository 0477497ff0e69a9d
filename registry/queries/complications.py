"""Complications a viewer may see."""

from django.db.models import QuerySet

from registry.models import Complication, User


def visible(*, viewer: User) -> QuerySet[Complication]:
    return Complication.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre")


def complete(*, viewer: User) -> QuerySet[Complication]:
    """With what it followed and what it is related to."""
    return (
        visible(viewer=viewer)
        .select_related("case", "surgery", "contrast_study")
        .prefetch_related("relations")
    )
