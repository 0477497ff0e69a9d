"""Components a viewer may see."""

from django.db.models import QuerySet

from registry.models import Component, User


def visible(*, viewer: User) -> QuerySet[Component]:
    return Component.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre")
