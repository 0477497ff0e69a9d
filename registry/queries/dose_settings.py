"""Doses and boluses a viewer may see."""

from datetime import date

from django.db.models import QuerySet

from registry.models import DoseSetting, Patient, User
from registry.models.dose_setting import DAILY_MODES
from registry.vocabulary import DeliveryMode


def visible(*, viewer: User) -> QuerySet[DoseSetting]:
    return DoseSetting.objects.filter(
        patient__centre__code__in=viewer.centre_codes("registry.view_patient")
    ).select_related("patient__centre", "pump")


def in_force(*, viewer: User, patient: Patient, on: date) -> DoseSetting | None:
    """What the pump was programmed to give on a day: the latest setting up to it; None if none."""
    return (
        visible(viewer=viewer)
        .filter(patient=patient, set_on__lte=on)
        .filter(mode__in=(*DAILY_MODES, DeliveryMode.STOPPED.value))
        .order_by("-set_on", "-pk")
        .first()
    )
