"""Components a viewer may see."""

from django.db.models import QuerySet

from registry.models import Component, User


def visible(*, viewer: User) -> QuerySet[Component]:
    return Component.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre")


def same_device(*, viewer: User, device_identifier: str) -> Component | None:
    """The latest component with this device identifier: what a label names is the same again."""
    return (
        visible(viewer=viewer)
        .filter(device_identifier=device_identifier)
        .exclude(device_identifier="")
        .order_by("-pk")
        .first()
    )
