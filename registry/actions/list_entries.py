"""Lines of lists and of the search, worked out in the transaction of the change they show."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import F, ForeignKey, Model, Q

from registry.models import (
    CentreTally,
    DistinctPatients,
    ListEntry,
    Patient,
    PatientTally,
)
from registry.queries import list_rules, patient_records
from registry.queries.list_rules import Entry, Term
from registry.queries.mandatory_answers import counts
from registry.queries.patient_records import PatientRecords

WAY_TO_PATIENT = ("patient", "case", "contrast_study", "surgery", "first_read", "kept")
"""Keys a clinical record may hang on its patient by."""

AT_ONCE = 100
"""Patients whose records are asked for together."""

HAPPENED = ("study", "surgery")
"""Two patients of one sex and year of birth with one of these on the same day may be one."""


Changes = dict[tuple[int, str], tuple[int, int]]
"""Centre and question → by how many it is asked, and left unanswered, more than before."""


def patient_pk_of(record: Model) -> int | None:
    """The patient a record belongs to; None for what belongs to none, such as an account."""
    if isinstance(record, Patient):
        return record.pk
    for field in record._meta.concrete_fields:
        if isinstance(field, ForeignKey) and field.name in WAY_TO_PATIENT:
            return patient_pk_of(getattr(record, field.name))
    return None


_waiting: ContextVar[set[int] | None] = ContextVar("patients_to_refresh", default=None)


@contextmanager
def once_each(done_one: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Work out the lines of each patient once, at the end, however many records are written.

    Parameters
    ----------
    done_one
        Called when the lines of one more patient are worked out.
    """
    token = _waiting.set(set())
    try:
        yield
        changed = _waiting.get() or set()
    finally:
        _waiting.reset(token)
    kept = Patient.objects.filter(pk__in=changed).order_by("pk").values_list("pk", flat=True)
    _work_out(list(kept), done_one)


def refresh(*, patient_pk: int) -> None:
    """Bring every line of one patient into step with its records, within the open transaction.

    Within `once_each` it is done at its end.

    The chain of the centre is locked by the event of the change, so no two refreshes of one patient
    run at the same time.
    """
    waiting = _waiting.get()
    if waiting is not None:
        waiting.add(patient_pk)
        return
    _work_out([patient_pk], lambda: None)


def _work_out(patient_pks: list[int], done_one: Callable[[], None]) -> None:
    """Patient by patient; what they change in the tallies of their centres is written once."""
    changes: Changes = {}
    for start in range(0, len(patient_pks), AT_ONCE):
        for records in patient_records.fetched(patient_pks=patient_pks[start : start + AT_ONCE]):
            patient, is_listed = records.patient, records.patient.merged_into_id is None
            _store_entries(patient, set(list_rules.entries(records)) if is_listed else set())
            _count_answers(patient, counts(records) if is_listed else {}, changes)
            _pair_duplicates(records if is_listed else None, patient)
            done_one()
    _add(changes)


def refresh_outdated() -> int:
    """Work out anew who was worked out by older rules, or never; how many these were."""
    outdated = Patient.objects.filter(
        Q(tally__isnull=True) | ~Q(tally__rules_version=list_rules.RULES_VERSION)
    )
    pks = list(outdated.order_by("pk").values_list("pk", flat=True))
    for pk in pks:
        refresh(patient_pk=pk)
    return len(pks)


def _store_entries(patient: Patient, wanted: set[Entry]) -> None:
    stored = ListEntry.objects.filter(patient=patient).exclude(term=Term.DUPLICATE.value)
    gone = []
    for row in stored:
        entry = Entry(row.term, row.on, row.about, row.case_id, row.detail)
        if entry in wanted and row.centre_id == patient.centre_id:
            wanted.discard(entry)
        else:
            gone.append(row.pk)
    if gone:
        ListEntry.objects.filter(pk__in=gone).delete()
    ListEntry.objects.bulk_create(
        [
            ListEntry(patient=patient, centre_id=patient.centre_id, **vars(entry))
            for entry in sorted(wanted, key=lambda one: (one.on, one.term, str(one.about)))
        ]
    )


def _count_answers(patient: Patient, answers: dict[str, list[int]], changes: Changes) -> None:
    tally = PatientTally.objects.filter(patient=patient).first()
    if tally is None:
        tally = PatientTally(patient=patient, centre_id=patient.centre_id)
    stored = (tally.answers, tally.centre_id, tally.rules_version)
    if stored == (answers, patient.centre_id, list_rules.RULES_VERSION):
        return
    for question, (asked, unanswered) in tally.answers.items():
        _count(changes, tally.centre_id, question, -asked, -unanswered)
    for question, (asked, unanswered) in answers.items():
        _count(changes, patient.centre_id, question, asked, unanswered)
    tally.answers, tally.centre_id = answers, patient.centre_id
    tally.rules_version = list_rules.RULES_VERSION
    tally.save()


def _count(changes: Changes, centre_pk: int, question: str, asked: int, unanswered: int) -> None:
    before = changes.get((centre_pk, question), (0, 0))
    changes[centre_pk, question] = (before[0] + asked, before[1] + unanswered)


def _add(changes: Changes) -> None:
    for (centre_pk, question), (asked, unanswered) in sorted(changes.items()):
        if not asked and not unanswered:
            continue
        of_question = CentreTally.objects.filter(centre=centre_pk, question=question)
        change = {"asked": F("asked") + asked, "unanswered": F("unanswered") + unanswered}
        if not of_question.update(**change):
            CentreTally.objects.create(
                centre_id=centre_pk, question=question, asked=asked, unanswered=unanswered
            )


def _pair_duplicates(records: PatientRecords | None, patient: Patient) -> None:
    """A pair makes one line, under the older number."""
    wanted = _resembling(records) if records is not None else {}
    others = {other.pk: other for other in wanted}
    pairs = {
        (min(patient.pk, pk), max(patient.pk, pk)): wanted[other] for pk, other in others.items()
    }
    about = {pk: other.public_id for pk, other in others.items()} | {patient.pk: patient.public_id}
    lines = {(one, about[two]): (why, one) for (one, two), why in pairs.items()}
    stored = ListEntry.objects.filter(term=Term.DUPLICATE.value).filter(
        Q(patient=patient) | Q(about=patient.public_id)
    )
    for row in stored:
        kept = lines.get((row.patient_id, row.about))
        if kept is not None and kept[0] == row.detail and row.centre_id == patient.centre_id:
            del lines[row.patient_id, row.about]
        else:
            ListEntry.objects.filter(pk=row.pk).delete()
    ListEntry.objects.bulk_create(
        ListEntry(
            patient_id=pk,
            centre_id=patient.centre_id,
            term=Term.DUPLICATE.value,
            on=patient.created_at.date(),
            about=public_id,
            detail=why,
        )
        for (pk, public_id), (why, _) in lines.items()
    )


def _resembling(records: PatientRecords) -> dict[Patient, str]:
    """Patients of the same centre that may be the same person, each with why."""
    patient = records.patient
    here: dict[str, Any] = {"patient__centre": patient.centre_id, "patient__merged_into": None}
    found: dict[Patient, str] = {}
    own = list(
        ListEntry.objects.filter(patient=patient)
        .filter(Q(term__in=HAPPENED) | Q(term__startswith=f"{list_rules.SERIAL}:"))
        .values_list("term", "on")
    )
    happened = {(term, on) for term, on in own if term in HAPPENED}
    for term, on in sorted(happened):
        for row in _others(patient, term=term, on=on, **_same_person(patient), **here):
            found[row.patient] = "same_day"
    for term in sorted({term for term, _ in own} - set(HAPPENED)):
        for row in _others(patient, term=term, **here):
            found[row.patient] = "same_serial"
    if not found:
        return found
    distinct = set(
        DistinctPatients.objects.filter(Q(first=patient) | Q(second=patient)).values_list(
            "first", "second"
        )
    )
    return {
        other: why
        for other, why in found.items()
        if (min(patient.pk, other.pk), max(patient.pk, other.pk)) not in distinct
    }


def _same_person(patient: Patient) -> dict[str, Any]:
    return {"patient__sex": patient.sex, "patient__birth_year": patient.birth_year}


def _others(patient: Patient, **which: Any) -> Any:
    return (
        ListEntry.objects.filter(centre=patient.centre_id, **which)
        .exclude(patient=patient)
        .select_related("patient")
    )
