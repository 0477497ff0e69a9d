"""Facts: the only thing an audit ever sees.

Queries fetch facts, the audit chooses among them, and a frozen report keeps them. All
classes are immutable. Collections are sorted by id when an object is made, so two
cohorts that state the same facts are equal, in whatever order they were fetched.

Ids are opaque strings; names, birth dates and hospital numbers have no place here.
``None`` always means *not known*.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, TypeVar

from .codes import Finding, LeakSite, OperativeStatus, StudyOutcome
from .errors import (
    DuplicateIdError,
    InvalidFactError,
    UnknownCodeError,
)
from .fact_group import LaterFact
from .later_facts import in_order
from .theatre_facts import TheatreLine, TheatreListFacts

__all__ = [
    "Cohort",
    "Finding",
    "LeakSite",
    "OperativeFacts",
    "OperativeStatus",
    "PatientFacts",
    "ReadFacts",
    "StudyFacts",
    "StudyOutcome",
    "SurgeryFacts",
]

Kind = TypeVar("Kind", bound=LaterFact)

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
    later
        Facts of the groups that the protocol asks for.
    """

    patient_id: str
    centre: str
    therapy_from: date | None = None
    therapy_to: date | None = None
    died_on: date | None = None
    synthetic: bool = False
    studies: tuple[StudyFacts, ...] = ()
    surgeries: tuple[SurgeryFacts, ...] = ()
    later: tuple[LaterFact, ...] = ()

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
        if self.later:
            object.__setattr__(self, "later", in_order(self.later))

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The later facts of one kind, in their order."""
        return tuple([fact for fact in self.later if fact.__class__ is kind])


@dataclass(frozen=True, slots=True)
class Cohort:
    """All patients an audit may choose from, and lists of operations to compare them with.

    Parameters
    ----------
    theatre_lists
        Beside the patients, since a line may belong to nobody who was logged.

    Raises
    ------
    DuplicateIdError
        Two patients, studies, surgeries or reads share an id.
    """

    patients: tuple[PatientFacts, ...]
    theatre_lists: tuple[TheatreListFacts, ...] = ()

    def __post_init__(self) -> None:
        patients = tuple(sorted(self.patients, key=lambda p: p.patient_id))
        object.__setattr__(self, "patients", patients)
        lists = tuple(sorted(self.theatre_lists, key=lambda one: one.list_id))
        object.__setattr__(self, "theatre_lists", lists)
        lines = [one.line_id(line) for one in lists for line in one.lines]
        _check_unique("lines of theatre lists", lines)
        _check_unique("theatre lists", [one.list_id for one in lists])
        _check_unique("patients", [p.patient_id for p in patients])
        _check_unique("contrast studies", [s.study_id for p in patients for s in p.studies])
        _check_unique("surgeries", [s.surgery_id for p in patients for s in p.surgeries])
        reads = [
            r.read_id for p in patients for s in p.studies for r in (*s.reads, *s.second_looks)
        ]
        _check_unique("reads", reads)
        facts = [(f.group, key) for p in patients for f in p.later if (key := f.fact_id)]
        _check_unique("facts of a group", facts)

    def part(
        self,
        patients: tuple[PatientFacts, ...],
        theatre_lists: tuple[TheatreListFacts, ...] | None = None,
    ) -> "Cohort":
        """Some of its patients in their order, or less of each: what is unique stays so.

        Nothing is checked again, which takes as long as counting.

        Parameters
        ----------
        theatre_lists
            Some of its lists in their order; None for all.
        """
        part = object.__new__(Cohort)
        object.__setattr__(part, "patients", patients)
        lists = self.theatre_lists if theatre_lists is None else theatre_lists
        object.__setattr__(part, "theatre_lists", lists)
        return part

    def patient_of(self) -> dict[str, str]:
        """From every id that an audit may count by to the id of its patient."""
        return {
            one: patient.patient_id
            for patient in self.patients
            for one in (
                patient.patient_id,
                *(study.study_id for study in patient.studies),
                *(surgery.surgery_id for surgery in patient.surgeries),
                *(fact.fact_id for fact in patient.later if fact.fact_id),
            )
        }

    def line_of(self) -> dict[str, tuple[TheatreListFacts, TheatreLine]]:
        """From the id by which an audit counts a line to the line and its list."""
        return {one.line_id(line): (one, line) for one in self.theatre_lists for line in one.lines}


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


def _check_unique(kind: str, ids: Sequence[object]) -> None:
    if len(set(ids)) != len(ids):
        raise DuplicateIdError(kind=kind)
