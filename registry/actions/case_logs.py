"""A whole episode logged at once: patient, case, contrast study, finding, operation, outcome.

Nothing new is written here: the actions of each record are called in one transaction, so that a
refusal of the last answer leaves nothing of the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from registry.actions import cases, contrast_studies, patients, reads, surgeries
from registry.actions import components as parts
from registry.actions.cases import WorkupEntry
from registry.actions.errors import InvalidRecordError, StepRefusedError
from registry.actions.reads import FindingEntry
from registry.actions.surgeries import IntraoperativeEntry, RemovalEntry
from registry.models import Centre, Patient, RevisionCase, User
from registry.vocabulary import ComponentKind, InformationShown, ReadSource


@dataclass(frozen=True)
class PatientEntry:
    """A patient who is not in the registry yet. See `patients.add`."""

    centre: Centre
    fields: Mapping[str, Any]
    local_number: str = ""


@dataclass(frozen=True)
class ReportEntry:
    """What the written report of the contrast study says; the primary finding first."""

    adequacy: str
    findings: Sequence[FindingEntry]
    certainty: int | None = None
    remarks: str = ""


@dataclass(frozen=True)
class StudyEntry:
    """A contrast study, with what its report says where it was completed."""

    fields: Mapping[str, Any]
    report: ReportEntry | None = None


@dataclass(frozen=True)
class SurgeryEntry:
    """An operation with its procedures and what was found at each component.

    `removed_kinds` are codes of `ComponentKind`: what lies there of these kinds was taken out.
    """

    fields: Mapping[str, Any]
    procedures: Sequence[str]
    findings: Sequence[IntraoperativeEntry]
    removed_kinds: Sequence[str] = ()
    placed: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True)
class CaseEntry:
    """The suspicion, with its signs and work-up."""

    fields: Mapping[str, Any]
    presenting_signs: Sequence[str] = ()
    workup: Sequence[WorkupEntry] = ()


@dataclass(frozen=True)
class OutcomeEntry:
    """How and when the episode ended."""

    closed_on: date
    outcome: str


@contextmanager
def _step(name: str) -> Iterator[None]:
    try:
        yield
    except InvalidRecordError as error:
        raise StepRefusedError(name, error) from error


@transaction.atomic
def log(
    *,
    patient: Patient | PatientEntry,
    case: CaseEntry,
    study: StudyEntry | None,
    surgery: SurgeryEntry | None,
    outcome: OutcomeEntry | None,
    components: Sequence[Mapping[str, Any]] = (),
    by: User,
    at: datetime,
    opened_at: datetime,
) -> RevisionCase:
    """Log the episode, all or nothing.

    Parameters
    ----------
    components
        Fields of each part of the system that lay there when the case was opened.
    opened_at
        When the form was opened; a finding taken from the report was begun then.

    Raises
    ------
    StepRefusedError
        A step contradicts itself or the vocabulary.
    DuplicatePatientError
        The centre has a patient with this local number already.
    """
    if isinstance(patient, PatientEntry):
        with _step("patient"):
            patient = patients.add(
                centre=patient.centre,
                by=by,
                at=at,
                fields=patient.fields,
                local_number=patient.local_number,
            )
    with _step("system"):
        for fields in components:
            parts.add(patient=patient, by=by, at=at, fields=fields)
    with _step("case"):
        episode = cases.open_case(
            patient=patient,
            by=by,
            at=at,
            fields=case.fields,
            presenting_signs=case.presenting_signs,
            workup=case.workup,
        )
    if study:
        _log_study(episode, study, by=by, at=at, opened_at=opened_at, operated=surgery is not None)
    if surgery:
        with _step("surgery"):
            surgeries.log(
                case=episode,
                by=by,
                at=at,
                fields=surgery.fields,
                procedures=surgery.procedures,
                findings=surgery.findings,
                removed=_in_place(patient, surgery.removed_kinds),
                placed=surgery.placed,
            )
    if outcome:
        with _step("outcome"):
            episode = cases.close(
                case=episode,
                edition=episode.edition,
                by=by,
                at=at,
                closed_on=outcome.closed_on,
                outcome=outcome.outcome,
            )
    return episode


def _in_place(patient: Patient, kinds: Sequence[str]) -> list[RemovalEntry]:
    """What lies there of these kinds.

    Raises
    ------
    InvalidRecordError
        Nothing of a kind is logged as in place.
    """
    found = list(patient.components.filter(kind__in=kinds, removed_on__isnull=True))
    missing = set(kinds) - {component.kind for component in found}
    if missing:
        labels = ", ".join(
            kind.label_in_sentence for kind in ComponentKind if kind.value in missing
        )
        raise InvalidRecordError(
            {
                "removed": [
                    gettext("Not logged as in place: %(labels)s. Log it with the system first.")
                    % {"labels": labels}
                ]
            }
        )
    return [RemovalEntry(component, component.edition) for component in found]


def _log_study(
    case: RevisionCase,
    entry: StudyEntry,
    *,
    by: User,
    at: datetime,
    opened_at: datetime,
    operated: bool,
) -> None:
    with _step("study"):
        study = contrast_studies.log(case=case, by=by, at=at, fields=entry.fields)
    if entry.report is None:
        return
    shown = [InformationShown.ORIGINAL_REPORT.value]
    if operated:
        shown.append(InformationShown.OPERATION.value)
    with _step("report"):
        reads.sign(
            contrast_study=study,
            by=by,
            at=at,
            opened_at=opened_at,
            source=ReadSource.REPORT_ABSTRACTED.value,
            information_shown=shown,
            adequacy=entry.report.adequacy,
            findings=entry.report.findings,
            certainty=entry.report.certainty,
            remarks=entry.report.remarks,
        )
