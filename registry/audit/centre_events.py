"""What centres are compared by: their contrast studies and operations, one by one, in order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from .clinical_follow_up import FOLLOW_UP_DAYS, LEAST_REVIEW_DAYS
from .counted_studies import CountedStudy, Result, counted_studies
from .facts import PatientFacts, SurgeryFacts
from .pairing import PairingRule
from .reference import Reference, reference_of
from .review_facts import ReviewFacts
from .selection import Period

ANSWERED: Final = frozenset({"resolved", "improved", "unchanged", "worse"})
"""Symptoms at a review that say something; not assessed and unknown do not."""

MATURE_RULE: Final = (
    "mature-1: whether an operation verifies a positive study is asked only of studies whose "
    "window had ended by the cut-off date."
)
REVIEW_RULE: Final = (
    "after-operation-1: an operation counts with its latest review "
    f"{LEAST_REVIEW_DAYS} to {FOLLOW_UP_DAYS} days after it that says how the symptoms are "
    "[proposal]."
)


@dataclass(frozen=True, slots=True)
class CentreEvent:
    """One study, or one operation with what its latest review in time said."""

    event_id: str
    centre: str
    on: date
    study: CountedStudy | None = None
    mature: bool = False
    reference: Reference | None = None
    planned: bool = False
    symptoms: str = ""

    @property
    def result(self) -> Result | None:
        return None if self.study is None else self.study.result

    @property
    def inconclusive(self) -> bool:
        return self.result in (Result.INDETERMINATE, Result.NOT_ASPIRABLE)

    @property
    def positive(self) -> bool:
        return self.result is Result.POSITIVE

    @property
    def paired(self) -> bool:
        return self.study is not None and self.study.pair is not None


@dataclass(frozen=True, slots=True)
class Indicator:
    """A share of which less is better.

    `accepted` is what charts over time are set against, chosen beforehand and no publication's.
    """

    key: str
    label: str
    unit: str
    counts: Callable[[CentreEvent], bool]
    fails: Callable[[CentreEvent], bool]
    accepted: float
    window: str | None = None

    @property
    def not_accepted(self) -> float:
        """A share with twice the odds, which must not go unnoticed."""
        odds = 2 * self.accepted / (1 - self.accepted)
        return odds / (1 + odds)


INDICATORS: Final = (
    Indicator(
        "inconclusive",
        "Contrast CT not aspirable or indeterminate",
        "studies",
        lambda one: one.study is not None and one.study.tested,
        lambda one: one.inconclusive,
        accepted=0.25,
    ),
    Indicator(
        "not_verified",
        "Positive CT that no operation verified in time",
        "studies",
        lambda one: one.positive and one.mature,
        lambda one: not one.paired,
        accepted=0.1,
        window=f"operation within {PairingRule().window_days} days after the study [proposal]",
    ),
    Indicator(
        "no_cause",
        "Operations on the catheter, not planned, that confirmed no defect of it",
        "operations",
        lambda one: not one.planned and one.reference in (Reference.DEFECT, Reference.NO_DEFECT),
        lambda one: one.reference is Reference.NO_DEFECT,
        accepted=0.1,
    ),
    Indicator(
        "not_resolved",
        "Operations after which symptoms had not resolved",
        "operations",
        lambda one: one.symptoms != "",
        lambda one: one.symptoms != "resolved",
        accepted=0.3,
        window=f"review {LEAST_REVIEW_DAYS} to {FOLLOW_UP_DAYS} days after it [proposal]",
    ),
)


def centre_events(
    patients: Sequence[PatientFacts], *, period: Period, rule: PairingRule, as_of: date
) -> dict[str, CentreEvent]:
    """The studies and operations of the period, in the order in which they happened."""
    found = [event for one in patients for event in _events(one, period, rule, as_of)]
    found.sort(key=lambda one: (one.on, one.event_id))
    return {one.event_id: one for one in found}


def _events(
    patient: PatientFacts, period: Period, rule: PairingRule, as_of: date
) -> Iterator[CentreEvent]:
    for one in counted_studies(patient, period=period, rule=rule):
        on = one.study.performed_on
        yield CentreEvent(
            event_id=one.study.study_id,
            centre=patient.centre,
            on=on,
            study=one,
            mature=(as_of - on).days >= rule.window_days,
        )
    for surgery in patient.surgeries:
        if period.contains(surgery.performed_on):
            yield CentreEvent(
                event_id=surgery.surgery_id,
                centre=patient.centre,
                on=surgery.performed_on,
                reference=reference_of(surgery),
                planned=surgery.planned is True,
                symptoms=_symptoms_after(patient, surgery),
            )


def _symptoms_after(patient: PatientFacts, surgery: SurgeryFacts) -> str:
    """By `REVIEW_RULE`; empty where no such review says anything."""
    said = [
        review
        for review in patient.of(ReviewFacts)
        if review.surgery_id == surgery.surgery_id
        and review.symptoms in ANSWERED
        and LEAST_REVIEW_DAYS <= (review.reviewed_on - surgery.performed_on).days <= FOLLOW_UP_DAYS
    ]
    return max(said, key=lambda one: (one.reviewed_on, one.symptoms)).symptoms if said else ""
