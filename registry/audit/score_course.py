"""Scores of a patient over time, by instrument; what was graded incompletely has none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import median as middle

from .assessment_facts import AssessmentFacts
from .facts import PatientFacts
from .instruments import Instrument
from .scales import scores


@dataclass(frozen=True, slots=True)
class DatedScore:
    """One score of one assessment."""

    assessment_id: str
    on: date
    value: float


@dataclass(frozen=True, slots=True)
class Measure:
    """One score of one instrument, and how many points of change are called a change.

    `change` is None where no source names one.
    """

    key: str
    label: str
    instrument: Instrument
    score: str
    better_is_less: bool = True
    change: float | None = None


def course(patient: PatientFacts, measure: Measure) -> tuple[DatedScore, ...]:
    """Oldest first; of several on one day the order of their ids."""
    instrument = measure.instrument.value
    return tuple(
        [
            DatedScore(one.assessment_id, one.performed_on, value)
            for one in patient.of(AssessmentFacts)
            if one.instrument == instrument
            and (value := _value(measure.instrument, one.grades, measure.score)) is not None
        ]
    )


@lru_cache(maxsize=2**12)
def _value(instrument: Instrument, grades: tuple[tuple[str, str], ...], score: str) -> float | None:
    """Every table asks for the scores again, and many patients have the same grades."""
    (found,) = (one for one in scores(instrument, dict(grades)) if one.code == score)
    return None if found.value is None else float(found.value)


def last_by(found: Sequence[DatedScore], day: date) -> DatedScore | None:
    """The last score on or before the day."""
    return next((one for one in reversed(found) if one.on <= day), None)


def before_and_after(
    patient: PatientFacts, measure: Measure, day: date
) -> tuple[DatedScore, DatedScore] | None:
    """The last score up to the day and the last after it; None unless there are both."""
    found = course(patient, measure)
    before = last_by(found, day)
    return None if before is None or found[-1].on <= day else (before, found[-1])


def median(values: Sequence[float]) -> float | None:
    return middle(values) if values else None
