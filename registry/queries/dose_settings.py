"""Doses and boluses a viewer may see."""

from django.db.models import QuerySet

from registry.models import DoseSetting, User


def visible(*, viewer: User) -> QuerySet[DoseSetting]:
    return DoseSetting.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre", "pump")
