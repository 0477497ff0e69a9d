"""Who and what an audit looks at: centres, period, and what was known by a date."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from .errors import FiltersError
from .facts import Cohort, PatientFacts, StudyFacts
from .patient_limits import PatientLimits


@dataclass(frozen=True, slots=True)
class Filters:
    """Limits of an audit, all inclusive.

    Parameters
    ----------
    centres
        Centre codes; None is every centre in the facts, an empty tuple is no centre.
    performed_from, performed_to
        Period of the contrast studies; None leaves that end open. Operations are not
        limited by it: one after the period still verifies a study inside it.
    limits
        Which patients and components; in JSON its keys stand beside the others, where it has any.

    Raises
    ------
    FiltersError
        The period ends before it begins.
    """

    centres: tuple[str, ...] | None = None
    performed_from: date | None = None
    performed_to: date | None = None
    limits: PatientLimits = field(default_factory=PatientLimits)

    def __post_init__(self) -> None:
        if self.centres is not None:
            object.__setattr__(self, "centres", tuple(sorted(set(self.centres))))
        if (
            self.performed_from is not None
            and self.performed_to is not None
            and self.performed_from > self.performed_to
        ):
            raise FiltersError("the period ends before it begins")

    def to_json(self) -> dict[str, Any]:
        """The filters as JSON values; null is "no limit"."""
        return {
            "centres": None if self.centres is None else list(self.centres),
            "performed_from": _to_text(self.performed_from),
            "performed_to": _to_text(self.performed_to),
        } | self.limits.to_json()

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Filters":
        """Read what `to_json` wrote.

        Raises
        ------
        FiltersError
            A key is missing, a day is none, or the period ends before it begins.
        """
        try:
            centres = stored["centres"]
            return cls(
                centres=None if centres is None else tuple(centres),
                performed_from=_to_day(stored["performed_from"]),
                performed_to=_to_day(stored["performed_to"]),
                limits=PatientLimits.from_json(stored),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise FiltersError("the stored filters have another shape") from error

    def period(self, as_of: date) -> "Period":
        """The period that can be counted when the report cuts at `as_of`."""
        last = as_of if self.performed_to is None else min(self.performed_to, as_of)
        return Period(first=self.performed_from, last=last)


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` (None: since ever) to `last`, both included; empty if last < first."""

    first: date | None
    last: date

    def contains(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and day <= self.last


def of_centres(cohort: Cohort, centres: tuple[str, ...] | None) -> Cohort:
    """The patients and theatre lists of these centres; None keeps all."""
    if centres is None:
        return cohort
    return cohort.part(
        tuple([one for one in cohort.patients if one.centre in centres]),
        tuple([one for one in cohort.theatre_lists if one.centre in centres]),
    )


def known_by(cohort: Cohort, as_of: date) -> Cohort:
    """The cohort without anything that happened after `as_of`.

    Studies, operations, reads, deaths and ends of therapy after that day are cut; a
    therapy that began after it is left for `in_therapy` to judge.

    A read that was corrected later is only present in its corrected form, so a cut in the
    past shows what is known today about what had happened by then.
    """
    return cohort.part(tuple([_patient_by(patient, as_of) for patient in cohort.patients]))


def in_therapy(patient: PatientFacts, period: Period) -> bool:
    """Whether the patient counts for the period.

    Therapy overlaps it, or a contrast study took place in it: no one has the study
    without a pump, and a wrong therapy date must not make a study vanish. An unknown
    start counts as in therapy; `therapy_to` and death end it.
    """
    if therapy_overlaps(patient, period):
        return True
    return any(period.contains(study.performed_on) for study in patient.studies)


def therapy_overlaps(patient: PatientFacts, period: Period) -> bool:
    """Whether the therapy dates alone place the patient in the period."""
    if period.first is not None and period.last < period.first:
        return False
    if patient.therapy_from is not None and patient.therapy_from > period.last:
        return False
    if period.first is None:
        return True
    return all(end is None or end >= period.first for end in (patient.therapy_to, patient.died_on))


def _to_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _to_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _patient_by(patient: PatientFacts, as_of: date) -> PatientFacts:
    if _all_by(patient, as_of):
        return patient
    return replace(
        patient,
        therapy_to=_day_by(patient.therapy_to, as_of),
        died_on=_day_by(patient.died_on, as_of),
        studies=tuple(
            _study_by(study, as_of) for study in patient.studies if study.performed_on <= as_of
        ),
        surgeries=tuple(s for s in patient.surgeries if s.performed_on <= as_of),
        later=tuple(known for fact in patient.later if (known := fact.known_by(as_of)) is not None),
    )


def _study_by(study: StudyFacts, as_of: date) -> StudyFacts:
    return replace(
        study,
        reads=tuple(read for read in study.reads if read.signed_at.date() <= as_of),
        second_looks=tuple(r for r in study.second_looks if r.signed_at.date() <= as_of),
    )


def _day_by(day: date | None, as_of: date) -> date | None:
    return None if day is None or day > as_of else day


def _all_by(patient: PatientFacts, as_of: date) -> bool:
    """Spares 10^5 patients a copy: most have nothing to cut."""
    return (
        (patient.therapy_to is None or patient.therapy_to <= as_of)
        and (patient.died_on is None or patient.died_on <= as_of)
        and all(surgery.performed_on <= as_of for surgery in patient.surgeries)
        and all(fact.known_by(as_of) is fact for fact in patient.later)
        and all(
            study.performed_on <= as_of
            and all(read.signed_at.date() <= as_of for read in (*study.reads, *study.second_looks))
            for study in patient.studies
        )
    )
