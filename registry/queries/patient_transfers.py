"""Transfers of the centres whose cases a viewer may see, and merges there."""

from django.db.models import Q, QuerySet

from registry.models import Centre, Patient, PatientTransfer, User


def visible(*, viewer: User) -> QuerySet[PatientTransfer]:
    """Transfers from or to a centre of the viewer, newest first."""
    codes = viewer.centre_codes("registry.view_patient")
    return (
        PatientTransfer.objects.filter(
            Q(from_centre__code__in=codes) | Q(to_centre__code__in=codes)
        )
        .select_related("patient", "from_centre", "to_centre", "created_by", "answered_by")
        .order_by("-pk")
    )


def waiting_for(*, viewer: User) -> QuerySet[PatientTransfer]:
    """Offers that somebody with the viewer's rights may answer."""
    return visible(viewer=viewer).filter(
        answer__isnull=True, to_centre__code__in=viewer.centre_codes("registry.log_case")
    )


def waiting_of(*, viewer: User, patient: Patient) -> PatientTransfer | None:
    """The offer of a patient that nobody has answered."""
    return visible(viewer=viewer).filter(patient=patient, answer__isnull=True).first()


def receiving_centres(*, viewer: User, giving: Centre) -> QuerySet[Centre]:
    """Every other centre: a patient may go where the viewer sees nothing.

    Not the one of undone imports: nobody there could answer.
    """
    return Centre.objects.exclude(pk=giving.pk).exclude(code="UNDONE").order_by("name")
