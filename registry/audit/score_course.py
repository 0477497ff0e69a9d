"""Scores of a patient over time, by instrument; what was graded incompletely has none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
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
    found = []
    for one in patient.of(AssessmentFacts):
        if one.instrument == measure.instrument.value:
            (score,) = (
                score
                for score in scores(measure.instrument, dict(one.grades))
                if score.code == measure.score
            )
            if score.value is not None:
                found.append(DatedScore(one.assessment_id, one.performed_on, float(score.value)))
    return tuple(found)


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
