"""Assessments a viewer may see."""

from django.db.models import QuerySet

from registry.models import Assessment, User


def visible(*, viewer: User) -> QuerySet[Assessment]:
    """With their grades, in order of the day."""
    return (
        Assessment.objects.filter(
            patient__centre__code__in=viewer.centre_codes("registry.view_patient")
        )
        .select_related("patient__centre")
        .prefetch_related("grades")
    )
