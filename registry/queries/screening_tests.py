"""Screening tests a viewer may see."""

from django.db.models import QuerySet

from registry.models import ScreeningTest, User


def visible(*, viewer: User) -> QuerySet[ScreeningTest]:
    return ScreeningTest.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre")
