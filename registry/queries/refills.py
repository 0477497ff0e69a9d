"""Refills a viewer may see."""

from django.db.models import QuerySet

from registry.models import Refill, User


def visible(*, viewer: User) -> QuerySet[Refill]:
    return Refill.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre", "pump")
