"""Components a viewer may see."""

from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from registry.models import Component, Patient, User
from registry.models.component import CATHETER_KINDS
from registry.vocabulary import ComponentKind


def visible(*, viewer: User) -> QuerySet[Component]:
    return Component.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre")


def catheter_volume_ml(*, viewer: User, patient: Patient, on: date) -> Decimal | None:
    """Lumen from the pump to the tip as it was on a day; None where a part of it is not known.

    A catheter in one piece is one component. On a day of a revision it is the catheter of the
    morning: what was aspirated that day came through it.
    """
    parts = list(_in_place(viewer=viewer, patient=patient, on=on).filter(kind__in=CATHETER_KINDS))
    of_the_morning = [part for part in parts if part.implanted_on is None or part.implanted_on < on]
    volumes = [part.volume_ml for part in of_the_morning or parts]
    known = [volume for volume in volumes if volume is not None]
    return sum(known, Decimal(0)) if volumes and len(known) == len(volumes) else None


def pump_on(*, viewer: User, patient: Patient, on: date) -> Component | None:
    """The pump in place on a day, the newest of two; None if none is logged."""
    return (
        _in_place(viewer=viewer, patient=patient, on=on)
        .filter(kind=ComponentKind.PUMP.value)
        .order_by(F("implanted_on").desc(nulls_last=True), "-pk")
        .first()
    )


def _in_place(*, viewer: User, patient: Patient, on: date) -> QuerySet[Component]:
    """Without a day of implantation it has always been there."""
    return visible(viewer=viewer).filter(
        Q(implanted_on__isnull=True) | Q(implanted_on__lte=on),
        Q(removed_on__isnull=True) | Q(removed_on__gte=on),
        patient=patient,
    )


def same_device(*, viewer: User, device_identifier: str) -> Component | None:
    """The latest component with this device identifier: what a label names is the same again."""
    return (
        visible(viewer=viewer)
        .filter(device_identifier=device_identifier)
        .exclude(device_identifier="")
        .order_by("-pk")
        .first()
    )
