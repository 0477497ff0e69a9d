"""A patient goes from one centre to another: offered by one, accepted by the other."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from imaging import queries as imaging_queries
from registry.actions import records
from registry.actions.errors import DuplicatePatientError, TransferRefusedError
from registry.models import (
    Centre,
    Patient,
    PatientIdentity,
    PatientTransfer,
    TransferAnswer,
    User,
)


def offer(
    *,
    patient: Patient,
    to_centre: Centre,
    transferred_on: date,
    reason: str,
    by: User,
    at: datetime,
) -> PatientTransfer:
    """Offer the patient to another centre, which sees nothing before it accepts.

    Raises
    ------
    TransferRefusedError
        The number is merged into another, or an offer is waiting already.
    InvalidRecordError
        The day lies in the future, it is the same centre, or there is no reason.
    """
    with transaction.atomic():
        patient = Patient.objects.select_for_update().get(pk=patient.pk)
        if patient.merged_into_id:
            raise TransferRefusedError(
                gettext("This number is merged into another: transfer that one.")
            )
        if patient.transfers.filter(answer__isnull=True).exists():
            raise TransferRefusedError(
                gettext("A transfer of this patient is waiting for its answer.")
            )
        return records.log(
            PatientTransfer(
                patient=patient,
                from_centre=patient.centre,
                to_centre=to_centre,
                transferred_on=transferred_on,
                reason=reason.strip(),
            ),
            by=by,
            at=at,
            action="patient.offer_transfer",
            reason=reason.strip(),
        )


def accept(
    *, transfer: PatientTransfer, local_number: str = "", by: User, at: datetime
) -> PatientTransfer:
    """Take the patient over, with everything that is logged.

    The number of the other hospital finds the patient no more; images stay with the centre that
    received them.

    Parameters
    ----------
    local_number
        The patient's number in the accepting hospital, where it is known already.

    Raises
    ------
    TransferRefusedError
        Somebody else has answered.
    DuplicatePatientError
        The accepting centre has a patient with this local number; merge the two afterwards.
    """
    with transaction.atomic():
        current = _open(transfer)
        patient = Patient.objects.select_for_update().get(pk=current.patient_id)
        to_centre = current.to_centre
        key = imaging_queries.subject_key_of(local_number, centre_code=to_centre.code)
        known = Patient.objects.filter(centre=to_centre, subject_key=key).first() if key else None
        if known is not None:
            raise DuplicatePatientError(known.registry_number)
        answered = _answer(current, TransferAnswer.ACCEPTED, by=by, at=at)
        identity = PatientIdentity.objects.filter(patient=patient).first()
        if local_number:
            identity = identity or PatientIdentity(patient=patient)
            identity.local_number = local_number
            identity.save()
        records.edit(
            patient,
            edition=patient.edition,
            by=by,
            at=at,
            action="patient.transfer",
            changes={"centre": to_centre, "subject_key": key},
            reason=current.reason,
        )
        for earlier in Patient.objects.filter(merged_into=patient):
            Patient.objects.filter(pk=earlier.pk).update(centre=to_centre, subject_key=None)
        return answered


def decline(*, transfer: PatientTransfer, by: User, at: datetime) -> PatientTransfer:
    """The other centre does not take the patient over.

    Raises
    ------
    TransferRefusedError
        Somebody else has answered.
    """
    with transaction.atomic():
        return _answer(_open(transfer), TransferAnswer.DECLINED, by=by, at=at)


def withdraw(*, transfer: PatientTransfer, by: User, at: datetime) -> PatientTransfer:
    """The centre that offered the patient takes the offer back.

    Raises
    ------
    TransferRefusedError
        Somebody else has answered.
    """
    with transaction.atomic():
        return _answer(_open(transfer), TransferAnswer.WITHDRAWN, by=by, at=at)


def _open(transfer: PatientTransfer) -> PatientTransfer:
    current = PatientTransfer.objects.select_for_update(of=("self",)).get(pk=transfer.pk)
    if current.answer is not None:
        raise TransferRefusedError(
            gettext("This transfer was %(answer)s already.")
            % {"answer": current.get_answer_display()}
        )
    return current


def _answer(
    transfer: PatientTransfer, answer: TransferAnswer, *, by: User, at: datetime
) -> PatientTransfer:
    return records.edit(
        transfer,
        edition=transfer.edition,
        by=by,
        at=at,
        action=f"patient.{answer.value}_transfer",
        changes={"answer": answer.value, "answered_at": at, "answered_by": by},
    )
