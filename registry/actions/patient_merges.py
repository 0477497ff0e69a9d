"""Two numbers of one person become one, and two again."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ForeignKey, Model
from django.utils.translation import gettext

from registry.actions import list_entries, records
from registry.actions.errors import (
    InvalidRecordError,
    MergeRefusedError,
    OtherCentreError,
)
from registry.actions.refusals import require_constraints
from registry.models import Component, DistinctPatients, Patient, PatientMerge, User
from registry.models.record import Record
from registry.vocabulary import ComponentKind


def merge(*, kept: Patient, merged: Patient, reason: str, by: User, at: datetime) -> PatientMerge:
    """Move everything that was logged under `merged` to `kept`; nothing is deleted.

    The facts of both stay as they are: what the kept patient says of itself counts from now on.

    Raises
    ------
    OtherCentreError
        They belong to different centres; a transfer comes first.
    MergeRefusedError
        One of them is merged already, or waits for a transfer.
    InvalidRecordError
        Together the records would contradict each other, such as two pumps in place.
    """
    with transaction.atomic():
        kept, merged = _locked(kept, merged)
        if kept.centre_id != merged.centre_id:
            raise OtherCentreError(
                gettext("The two patients belong to different centres: transfer one.")
            )
        if kept.merged_into_id or merged.merged_into_id:
            raise MergeRefusedError(gettext("One of the two numbers was merged already."))
        if any(one.transfers.filter(answer__isnull=True).exists() for one in (kept, merged)):
            raise MergeRefusedError(
                gettext("A transfer is waiting for its answer: settle it first.")
            )
        _require_one_pump(kept, merged)
        moved: dict[str, list[str]] = {}
        for record in _records_of(merged):
            _move(record, to=kept)
            moved.setdefault(record._meta.model_name, []).append(str(record.public_id))
        # Numbers that were merged into this one before follow it.
        for earlier in merged.merged_patients.all():
            moved.setdefault("patient", []).append(str(earlier.public_id))
        Patient.objects.filter(merged_into=merged).update(merged_into=kept)
        Patient.objects.filter(pk=merged.pk).update(merged_into=kept, edition=merged.edition + 1)
        list_entries.refresh(patient_pk=merged.pk)
        return records.log(
            PatientMerge(kept=kept, merged=merged, reason=reason.strip(), moved=moved),
            by=by,
            at=at,
            action="patient.merge",
            reason=reason.strip(),
        )


def undo(*, merge: PatientMerge, reason: str, by: User, at: datetime) -> PatientMerge:
    """Move back what was moved; what was logged since stays with the kept number.

    What hangs on a record that moves back goes with it, such as a complication of a case.

    Raises
    ------
    MergeRefusedError
        It was undone already, one of the two was merged or transferred since, or a record of the
        one points to a record of the other by now.
    InvalidRecordError
        There is no reason.
    """
    with transaction.atomic():
        kept, merged = _locked(merge.kept, merge.merged)
        current = PatientMerge.objects.select_for_update().get(pk=merge.pk)
        if current.undone_at is not None:
            raise MergeRefusedError(gettext("This merge was undone already."))
        if merged.merged_into_id != kept.pk or kept.centre_id != merged.centre_id:
            raise MergeRefusedError(
                gettext("One of the two numbers was merged or transferred since: undo that first.")
            )
        for record in _records_of(kept):
            if str(record.public_id) in current.moved.get(record._meta.model_name, ()):
                _move(record, to=merged)
        _part(kept, merged)
        Patient.objects.filter(public_id__in=current.moved.get("patient", ())).update(
            merged_into=merged
        )
        Patient.objects.filter(pk=merged.pk).update(merged_into=None, edition=merged.edition + 1)
        undone = records.edit(
            current,
            edition=current.edition,
            by=by,
            at=at,
            action="patient.undo_merge",
            changes={"undone_at": at, "undone_by": by, "undo_reason": reason.strip()},
            reason=reason.strip(),
        )
        list_entries.refresh(patient_pk=merged.pk)
        return undone


def tell_apart(
    *, one: Patient, other: Patient, reason: str, by: User, at: datetime
) -> DistinctPatients:
    """Say that two patients who resemble each other are two people; they are paired no more.

    Raises
    ------
    OtherCentreError
        They belong to different centres.
    InvalidRecordError
        They are one number, it was said before, or there is no reason.
    """
    if one.centre_id != other.centre_id:
        raise OtherCentreError(gettext("The two patients belong to different centres."))
    first, second = sorted((one, other), key=lambda patient: patient.pk)
    with transaction.atomic():
        distinct = records.log(
            DistinctPatients(first=first, second=second, reason=reason.strip()),
            by=by,
            at=at,
            action="patient.tell_apart",
            reason=reason.strip(),
        )
        list_entries.refresh(patient_pk=first.pk)
        return distinct


def _locked(*patients: Patient) -> list[Patient]:
    """The patients as they are now, locked in the order of their keys; returned as asked for."""
    wanted = [patient.pk for patient in patients]
    found = {
        patient.pk: patient
        for patient in Patient.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    }
    return [found[pk] for pk in wanted]


def _records_of(patient: Patient) -> Iterator[Any]:
    """Everything logged of the patient itself: cases, components, and whatever comes later."""
    for relation in Patient._meta.related_objects:
        model: type[Model] = relation.related_model
        is_own = relation.field.name == "patient" and issubclass(model, Record)
        if is_own and relation.name != "transfers":
            yield from model._default_manager.filter(patient=patient).order_by("pk")


def _part(kept: Patient, merged: Patient) -> None:
    """Let no record of one patient point to a record of the other."""
    found = True
    while found:
        found = False
        for record in _records_of(kept):
            if merged.pk in _patients_of_references(record):
                _move(record, to=merged)
                found = True
    for record in _records_of(merged):
        if kept.pk in _patients_of_references(record):
            raise MergeRefusedError(
                gettext(
                    "Since the merge a record of the one number (%(what)s) points to a record of "
                    "the other: they cannot be parted."
                )
                % {"what": record._meta.verbose_name}
            )


def _patients_of_references(record: Any) -> set[int | None]:
    """Whom the records belong to that a record points to: its pump, its case, its operation."""
    return {
        list_entries.patient_pk_of(other)
        for field in record._meta.concrete_fields
        if isinstance(field, ForeignKey) and issubclass(field.related_model, Record)
        if field.name != "patient" and (other := getattr(record, field.name)) is not None
    }


def _move(record: Any, *, to: Patient) -> None:
    record.patient = to
    record.edition += 1
    try:
        with transaction.atomic():
            record.save(update_fields=["patient", "edition"])
    except IntegrityError as error:
        try:
            require_constraints(record)
        except ValidationError as invalid:
            raise InvalidRecordError({"__all__": invalid.messages}) from error
        raise


def _require_one_pump(*patients: Patient) -> None:
    pumps = Component.objects.filter(
        patient__in=patients, kind=ComponentKind.PUMP.value, removed_on=None,
        second_pump_declared=False,
    )  # fmt: skip
    if pumps.count() > 1:
        raise InvalidRecordError(
            {
                "__all__": [
                    gettext(
                        "Both numbers have a pump in place. Log on one of them that it was taken "
                        "out, or that it is a second pump; then merge."
                    )
                ]
            }
        )
