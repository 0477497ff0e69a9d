"""The patients and cases behind one number of an audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from registry.audit.errors import UnknownNumberError
from registry.audit.facts import Cohort, PatientFacts, StudyFacts, SurgeryFacts
from registry.audit.index_study import RESULT_LABELS, indexed
from registry.audit.pairing import chosen_read, pair
from registry.audit.protocol import Protocol
from registry.audit.selection import Filters, Period, known_by
from registry.audit.theatre_facts import TheatreLine, TheatreListFacts
from registry.models import Patient, RevisionCase
from registry.vocabulary import (
    ImagingFindingCode,
    IntraoperativeFindingCode,
    StudyOutcomeCode,
)

from .audit_words import FINDINGS, STOPPED, Result


@dataclass(frozen=True)
class StudyLine:
    """One contrast study; `counted` says whether the patient counts with it."""

    performed_on: date
    words: str
    mark: ImagingFindingCode | StudyOutcomeCode | None
    counted: bool


@dataclass(frozen=True)
class SurgeryLine:
    """One operation and what it confirmed; `counted`: itself, or as it verifies a counted study."""

    performed_on: date
    counted: bool
    found: str = ""


@dataclass(frozen=True)
class CaseLine:
    case: RevisionCase
    studies: list[StudyLine]
    surgeries: list[SurgeryLine]


@dataclass(frozen=True)
class PatientLine:
    """One counted patient; without `patient` only that there is one may be told, and `why`."""

    patient: Patient | None
    cases: list[CaseLine]
    why: str = ""


@dataclass(frozen=True)
class TheatreRow:
    """One line of a theatre list; whoever sent the file finds it there by `row`.

    `is_known` without `patient` is somebody whom the viewer may not see.
    """

    sent_on: date
    centre: str
    row: int
    on: date | None
    is_known: bool
    patient: Patient | None


LineOf = Mapping[str, tuple[TheatreListFacts, TheatreLine]]


def in_order_of_file(ids: Sequence[str], line_of: LineOf) -> list[str]:
    """Lines of theatre lists as they stand in their files, the earlier file first."""

    def place(one: str) -> tuple[date, str, int]:
        source, line = line_of[one]
        return source.sent_on, source.list_id, line.row

    return sorted(ids, key=place)


def theatre_rows(
    ids: Sequence[str], *, line_of: LineOf, patients: Mapping[str, Patient]
) -> list[TheatreRow]:
    """The lines with whom they belong to, as far as the viewer may see the patient."""
    return [
        TheatreRow(
            sent_on=source.sent_on,
            centre=source.centre,
            row=line.row,
            on=line.on,
            is_known=line.patient_id != "",
            patient=patients.get(line.patient_id),
        )
        for source, line in (line_of[one] for one in ids)
    ]


def number_words(result: Result, protocol: Protocol, key: str) -> str:
    """The number in words, as a heading.

    Raises
    ------
    UnknownNumberError
        The result has no such number.
    """
    for box in result["flow"]:
        if box["key"] == key:
            return str(box["label"])
    for estimate in result["estimates"]:
        if key == estimate["key"]:
            return str(estimate["label"])
        if key == f"{estimate['key']}.denominator":
            return gettext("%(label)s: the denominator") % {"label": estimate["label"]}
    for table in result["tables"]:
        description = protocol.table(table["key"])
        labels = {column.key: column.label for column in description.columns}
        for row in table["rows"]:
            for column in table["columns"]:
                if key == f"{table['key']}.{row[0]}.{column}":
                    return f"{description.label}: {row[1]}, {labels[column].lower()}"
    raise UnknownNumberError(key=key)


def unit_of(result: Result, protocol: Protocol, key: str) -> str:
    """What the number counts: its estimate, its row or its column says so, else the protocol."""
    for estimate in result["estimates"]:
        if key in (estimate["key"], f"{estimate['key']}.denominator"):
            return str(estimate["unit"])
    for table in result["tables"]:
        units = {column.key: column.unit for column in protocol.table(table["key"]).columns}
        for row in table["rows"]:
            for column in table["columns"]:
                if key == f"{table['key']}.{row[0]}.{column}":
                    own = dict(zip(table["columns"], row, strict=True)).get("unit")
                    return str(own or units[column] or result["unit"])
    return str(result["unit"])


def lines(
    *,
    people: Sequence[str],
    members: frozenset[str],
    patients: Mapping[str, Patient],
    unread: frozenset[str],
    cohort: Cohort,
    result: Result,
    protocol: Protocol,
) -> list[PatientLine]:
    """One line for each of the people, in their order.

    Parameters
    ----------
    people
        Ids of patients.
    members
        What the number counts: patients, studies or operations.
    patients
        Those whom the viewer may see, by public id.
    unread
        Those whose finding would unblind the viewer.
    cohort
        The facts of these people the result was counted from.
    """
    as_of = date.fromisoformat(result["as_of"])
    period = Filters.from_json(result["filters"]).period(as_of)
    known = known_by(cohort, as_of)
    by_id = {one.patient_id: one for one in known.patients}
    shown = []
    for member in people:
        if member in unread:
            words = gettext("Not shown: you have yet to read a study of this patient.")
            shown.append(PatientLine(None, [], words))
        elif member not in patients:
            words = gettext("Not shown: your role does not include this patient's record.")
            shown.append(PatientLine(None, [], words))
        elif member not in by_id:
            # Facts of a kept answer are fetched when the page is drawn.
            words = gettext("Not shown: the record has changed since it was counted.")
            shown.append(PatientLine(None, [], words))
        else:
            counted = _counted(by_id[member], members, period, protocol)
            cases = _cases(patients[member], by_id[member], *counted)
            shown.append(PatientLine(patients[member], cases))
    return shown


def _counted(
    facts: PatientFacts, members: frozenset[str], period: Period, protocol: Protocol
) -> tuple[frozenset[str], frozenset[str]]:
    """The studies of the patient that are counted, and the operations that verify them."""
    rule = protocol.pairing
    if rule is not None and facts.patient_id in members:
        one = indexed(facts, period=period, rule=rule)
        studies = {one.index.study_id} if one.index else set()
        surgeries = {one.pair.surgery.surgery_id} if one.pair else set()
        return frozenset(studies), frozenset(surgeries)
    pairs = () if rule is None else pair(facts, rule).pairs
    return (
        frozenset(study.study_id for study in facts.studies if study.study_id in members),
        frozenset(one.surgery.surgery_id for one in pairs if one.study.study_id in members)
        | {one.surgery_id for one in facts.surgeries if one.surgery_id in members},
    )


def _cases(
    patient: Patient, facts: PatientFacts, studies: frozenset[str], surgeries: frozenset[str]
) -> list[CaseLine]:
    return [
        CaseLine(
            case=case,
            studies=[
                _study(study, counted=study.study_id in studies)
                for study in sorted(facts.studies, key=lambda s: s.performed_on)
                if study.case_id == str(case.public_id)
            ],
            surgeries=[
                SurgeryLine(surgery.performed_on, surgery.surgery_id in surgeries, _found(surgery))
                for surgery in sorted(facts.surgeries, key=lambda s: s.performed_on)
                if surgery.case_id == str(case.public_id)
            ],
        )
        for case in sorted(patient.cases.all(), key=lambda case: case.opened_on)
    ]


def _found(surgery: SurgeryFacts) -> str:
    """What was confirmed, in words; codes of a newer vocabulary stand as they are."""
    codes = dict.fromkeys(one.finding for one in surgery.findings if one.finding)
    labels = {str(code.value): str(code.label) for code in IntraoperativeFindingCode}
    return ", ".join(labels.get(code, code) for code in codes)


def _study(study: StudyFacts, *, counted: bool) -> StudyLine:
    outcome = str(study.outcome)
    if outcome in STOPPED:
        return StudyLine(study.performed_on, RESULT_LABELS[outcome], STOPPED[outcome], counted)
    read = chosen_read(study)
    if read is None:
        return StudyLine(study.performed_on, gettext("Completed, not read"), None, counted)
    finding = FINDINGS[str(read.primary_finding)]
    return StudyLine(study.performed_on, finding.label, finding, counted)
