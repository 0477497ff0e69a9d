"""Facts: the only thing an audit ever sees.

Queries fetch facts, the audit chooses among them, and a frozen report keeps them. All
classes are immutable. Collections are sorted by id when an object is made, so two
cohorts that state the same facts are equal, in whatever order they were fetched.

Ids are opaque strings; names, birth dates and hospital numbers have no place here.
``None`` always means *not known*.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from .canonical import canonical_bytes
from .codes import Finding, LeakSite, OperativeStatus, StudyOutcome
from .errors import (
    DuplicateIdError,
    InvalidFactError,
    MalformedFactsError,
    UnknownCodeError,
)
from .later_facts import ReviewFacts, review_json, to_review

__all__ = [
    "Cohort",
    "Finding",
    "LeakSite",
    "OperativeFacts",
    "OperativeStatus",
    "PatientFacts",
    "ReadFacts",
    "ReviewFacts",
    "StudyFacts",
    "StudyOutcome",
    "SurgeryFacts",
    "canonical_json",
    "cohort_from_json",
    "facts_sha256",
]

FACTS_VERSION: Final = 1
"""Shape of the stored facts; a change that an old report could not survive raises it."""

CERTAINTY_RANGE: Final = range(1, 6)
"""1 definitely absent to 5 definitely present; None is not assessable."""


@dataclass(frozen=True, slots=True)
class OperativeFacts:
    """What one operation established about one component at one site."""

    component: str
    site: str
    status: str
    finding: str

    def __post_init__(self) -> None:
        _check_code("operative status", self.status, OperativeStatus)


@dataclass(frozen=True, slots=True)
class SurgeryFacts:
    """One revision surgery, the reference standard. It belongs to a case, not to a scan."""

    surgery_id: str
    case_id: str
    performed_on: date
    indication: str = ""
    planned: bool | None = None
    imaging_known: bool | None = None
    findings: tuple[OperativeFacts, ...] = ()

    def __post_init__(self) -> None:
        _check_date("surgery performed_on", self.performed_on)
        findings = sorted(
            set(self.findings), key=lambda f: (f.component, f.site, f.status, f.finding)
        )
        object.__setattr__(self, "findings", tuple(findings))


@dataclass(frozen=True, slots=True)
class ReadFacts:
    """One signed read that no later one supersedes, or the adjudication of two.

    ``adjudicates`` names the reads that a third person decided between; a read has none there.

    ``signed_at`` is aware and carries the centre's own offset from UTC: its calendar day
    decides whether the reader could have known the operation. ``vocabulary_version`` says
    which definitions the reader had; empty in facts that were stored before it was asked for.
    """

    read_id: str
    reader_id: str
    signed_at: datetime
    primary_finding: str
    leak_sites: tuple[str, ...] = ()
    certainty: int | None = None
    adequacy: str = ""
    information_shown: str = ""
    vocabulary_version: str = ""
    adjudicates: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.signed_at, datetime) or self.signed_at.utcoffset() is None:
            raise InvalidFactError(field="signed_at", expected="a time with an offset from UTC")
        _check_code("primary finding", self.primary_finding, Finding)
        for site in self.leak_sites:
            _check_code("leak site", site, LeakSite)
        if self.certainty is not None and self.certainty not in CERTAINTY_RANGE:
            raise InvalidFactError(field="certainty", expected="1 to 5, or None")
        object.__setattr__(self, "leak_sites", tuple(sorted(map(str, set(self.leak_sites)))))
        object.__setattr__(self, "adjudicates", tuple(sorted(self.adjudicates)))


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """One CT contrast study, the index test, with its signed first reads.

    ``second_looks`` are masked re-reads, which only count for agreement within a reader.
    """

    study_id: str
    case_id: str
    suspected_on: date | None
    performed_on: date
    outcome: str
    reads: tuple[ReadFacts, ...] = ()
    second_looks: tuple[ReadFacts, ...] = ()

    def __post_init__(self) -> None:
        _check_date("study performed_on", self.performed_on)
        _check_optional_date("suspected_on", self.suspected_on)
        _check_code("study outcome", self.outcome, StudyOutcome)
        object.__setattr__(self, "reads", tuple(sorted(self.reads, key=lambda r: r.read_id)))
        if self.second_looks:
            looks = tuple(sorted(self.second_looks, key=lambda r: r.read_id))
            object.__setattr__(self, "second_looks", looks)


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """One person with a pump system, pseudonymous.

    Parameters
    ----------
    therapy_from, therapy_to
        First and last day of intrathecal therapy in this centre. An unknown first day
        counts as "already in therapy"; an unknown last day as "still in therapy".
    synthetic
        Whether any field of the patient's record is invented (demo data).
    """

    patient_id: str
    centre: str
    therapy_from: date | None = None
    therapy_to: date | None = None
    died_on: date | None = None
    synthetic: bool = False
    studies: tuple[StudyFacts, ...] = ()
    surgeries: tuple[SurgeryFacts, ...] = ()
    reviews: tuple[ReviewFacts, ...] = ()

    def __post_init__(self) -> None:
        _check_optional_date("therapy_from", self.therapy_from)
        _check_optional_date("therapy_to", self.therapy_to)
        _check_optional_date("died_on", self.died_on)
        if len(self.studies) > 1 or not isinstance(self.studies, tuple):
            studies = sorted(self.studies, key=lambda s: s.study_id)
            object.__setattr__(self, "studies", tuple(studies))
        if len(self.surgeries) > 1 or not isinstance(self.surgeries, tuple):
            surgeries = sorted(self.surgeries, key=lambda s: s.surgery_id)
            object.__setattr__(self, "surgeries", tuple(surgeries))
        if self.reviews:
            reviews = sorted(self.reviews, key=lambda r: (r.reviewed_on, r.case_id, r.surgery_id))
            object.__setattr__(self, "reviews", tuple(reviews))


@dataclass(frozen=True, slots=True)
class Cohort:
    """All patients an audit may choose from.

    Raises
    ------
    DuplicateIdError
        Two patients, studies, surgeries or reads share an id.
    """

    patients: tuple[PatientFacts, ...]

    def __post_init__(self) -> None:
        patients = tuple(sorted(self.patients, key=lambda p: p.patient_id))
        object.__setattr__(self, "patients", patients)
        _check_unique("patients", [p.patient_id for p in patients])
        _check_unique("contrast studies", [s.study_id for p in patients for s in p.studies])
        _check_unique("surgeries", [s.surgery_id for p in patients for s in p.surgeries])
        reads = [
            r.read_id for p in patients for s in p.studies for r in (*s.reads, *s.second_looks)
        ]
        _check_unique("reads", reads)

    def patient_of(self) -> dict[str, str]:
        """From every id that an audit may count by to the id of its patient."""
        return {
            one: patient.patient_id
            for patient in self.patients
            for one in (patient.patient_id, *(study.study_id for study in patient.studies))
        }


def canonical_json(cohort: Cohort) -> bytes:
    """The cohort as UTF-8 JSON, byte for byte the same for the same facts.

    Keys and records are sorted and no white space is added, in the spirit of RFC 8785
    (all keys are ASCII and all numbers integers, where RFC 8785 and this agree).
    """
    facts = {
        "facts_version": FACTS_VERSION,
        "patients": [_patient(p) for p in cohort.patients],
    }
    return canonical_bytes(facts)


def facts_sha256(cohort: Cohort) -> str:
    """SHA-256 of the canonical form, hexadecimal."""
    return hashlib.sha256(canonical_json(cohort)).hexdigest()


def cohort_from_json(stored: bytes | str) -> Cohort:
    """Read facts that `canonical_json` wrote.

    Raises
    ------
    MalformedFactsError
        No JSON, another version, or a key missing or unknown.
    FactError
        A code, date or id that no fact may hold.
    """
    try:
        facts = json.loads(stored)
    except ValueError as error:
        raise MalformedFactsError("the stored facts are no JSON") from error
    if not isinstance(facts, dict) or facts.get("facts_version") != FACTS_VERSION:
        raise MalformedFactsError(f"the stored facts are not of version {FACTS_VERSION}")
    try:
        return Cohort(patients=tuple(_to_patient(p) for p in facts["patients"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise MalformedFactsError("the stored facts have another shape") from error


def _patient(patient: PatientFacts) -> dict[str, Any]:
    # What came later is left out where there is none, so that facts stored before keep their hash.
    later: dict[str, Any] = {}
    if patient.reviews:
        later["reviews"] = [review_json(review) for review in patient.reviews]
    return later | {
        "patient_id": patient.patient_id,
        "centre": patient.centre,
        "therapy_from": _day(patient.therapy_from),
        "therapy_to": _day(patient.therapy_to),
        "died_on": _day(patient.died_on),
        "synthetic": patient.synthetic,
        "studies": [_study(study) for study in patient.studies],
        "surgeries": [_surgery(surgery) for surgery in patient.surgeries],
    }


def _study(study: StudyFacts) -> dict[str, Any]:
    later: dict[str, Any] = {}
    if study.second_looks:
        later["second_looks"] = [_read(read) for read in study.second_looks]
    return later | {
        "study_id": study.study_id,
        "case_id": study.case_id,
        "suspected_on": _day(study.suspected_on),
        "performed_on": _day(study.performed_on),
        "outcome": study.outcome,
        "reads": [_read(read) for read in study.reads],
    }


def _read(read: ReadFacts) -> dict[str, Any]:
    later: dict[str, Any] = {}
    if read.vocabulary_version:
        later["vocabulary_version"] = read.vocabulary_version
    if read.adjudicates:
        later["adjudicates"] = list(read.adjudicates)
    return later | {
        "read_id": read.read_id,
        "reader_id": read.reader_id,
        "signed_at": read.signed_at.isoformat(),
        "primary_finding": read.primary_finding,
        "leak_sites": list(read.leak_sites),
        "certainty": read.certainty,
        "adequacy": read.adequacy,
        "information_shown": read.information_shown,
    }


def _surgery(surgery: SurgeryFacts) -> dict[str, Any]:
    return {
        "surgery_id": surgery.surgery_id,
        "case_id": surgery.case_id,
        "performed_on": _day(surgery.performed_on),
        "indication": surgery.indication,
        "planned": surgery.planned,
        "imaging_known": surgery.imaging_known,
        "findings": [
            {
                "component": f.component,
                "site": f.site,
                "status": f.status,
                "finding": f.finding,
            }
            for f in surgery.findings
        ],
    }


def _to_patient(stored: Mapping[str, Any]) -> PatientFacts:
    return PatientFacts(
        **_with_days(stored, "therapy_from", "therapy_to", "died_on")
        | {
            "studies": tuple(_to_study(study) for study in stored["studies"]),
            "surgeries": tuple(_to_surgery(surgery) for surgery in stored["surgeries"]),
            "reviews": tuple(to_review(review) for review in stored.get("reviews", ())),
        }
    )


def _to_study(stored: Mapping[str, Any]) -> StudyFacts:
    return StudyFacts(
        **_with_days(stored, "suspected_on", "performed_on")
        | {
            "reads": tuple(_to_read(read) for read in stored["reads"]),
            "second_looks": tuple(_to_read(read) for read in stored.get("second_looks", ())),
        }
    )


def _to_read(stored: Mapping[str, Any]) -> ReadFacts:
    return ReadFacts(
        **dict(stored)
        | {
            "signed_at": datetime.fromisoformat(stored["signed_at"]),
            "leak_sites": tuple(stored["leak_sites"]),
            "adjudicates": tuple(stored.get("adjudicates", ())),
        }
    )


def _to_surgery(stored: Mapping[str, Any]) -> SurgeryFacts:
    findings: Sequence[Mapping[str, Any]] = stored["findings"]
    return SurgeryFacts(
        **_with_days(stored, "performed_on")
        | {"findings": tuple(OperativeFacts(**finding) for finding in findings)}
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _with_days(stored: Mapping[str, Any], *names: str) -> dict[str, Any]:
    days = {
        name: None if stored[name] is None else date.fromisoformat(stored[name]) for name in names
    }
    return dict(stored) | days


def _check_code(field: str, code: object, codes: type[StrEnum]) -> None:
    if code not in codes._value2member_map_:
        raise UnknownCodeError(field=field, code=code, allowed=[member.value for member in codes])


def _check_date(field: str, day: object) -> None:
    # A datetime is a date to isinstance, yet compares with none.
    if type(day) is not date:
        raise InvalidFactError(field=field, expected="a calendar date")


def _check_optional_date(field: str, day: object) -> None:
    if day is not None:
        _check_date(field, day)


def _check_unique(kind: str, ids: list[str]) -> None:
    if len(set(ids)) != len(ids):
        raise DuplicateIdError(kind=kind)
