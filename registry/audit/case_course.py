"""The way of a case from suspicion to restored therapy, and where those stand who wait."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from .case_facts import CaseFacts
from .facts import PatientFacts, StudyFacts, SurgeryFacts
from .review_facts import ReviewFacts
from .selection import Period

SUSPECTED: Final = "suspected_malfunction"
RESOLVED: Final = frozenset({"resolved_by_surgery", "resolved_without_surgery"})

PATH_RULE: Final = (
    "path-1: a case goes from the day the problem was raised to its first CT contrast study on or "
    "after that day, then to its first operation on or after that day. A CT after the operation is "
    "no step [proposal]."
)
RESTORED_RULE: Final = (
    "restored-1: therapy is restored on the first day, not before the operation, on which a review "
    "says that the symptoms resolved, or the case was closed as resolved. That is when it was "
    "seen, not when it began [proposal]."
)
ENDED_RULE: Final = (
    "ended-1: a case that was closed in another way, or whose patient died, ended without the "
    "step; until then it waits."
)


class End(StrEnum):
    RESTORED = "restored"
    ENDED = "ended"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Span:
    """The time a case spent on one step; `reached` and `ended` are never both known."""

    case_id: str
    start: date
    reached: date | None
    ended: date | None
    as_of: date

    @property
    def days(self) -> int:
        return ((self.reached or self.ended or self.as_of) - self.start).days

    def observed_for(self, days: int) -> bool:
        return self.start + timedelta(days=days) <= self.as_of

    def reached_within(self, days: int) -> bool:
        return self.reached is not None and self.days <= days


@dataclass(frozen=True, slots=True)
class CaseCourse:
    """One case of suspected malfunction.

    ``ct`` and ``operated`` are worked out once, since every table asks for them again.
    """

    patient: PatientFacts
    case: CaseFacts
    studies: tuple[StudyFacts, ...]
    surgeries: tuple[SurgeryFacts, ...]
    restored: date | None
    ended: date | None
    as_of: date
    operated: date | None = field(init=False)
    ct: date | None = field(init=False)

    def __post_init__(self) -> None:
        opened = self.case.opened_on
        operated = _first_since(opened, self.surgeries)
        first = _first_since(opened, self.studies)
        late = first is not None and operated is not None and first > operated
        object.__setattr__(self, "operated", operated)
        object.__setattr__(self, "ct", None if late else first)

    @property
    def end(self) -> End:
        if self.restored is not None:
            return End.RESTORED
        return End.WAITING if self.ended is None else End.ENDED

    def span(self, step: "Step") -> Span | None:
        """None where the case never began this step."""
        opened, ct, operated = self.case.opened_on, self.ct, self.operated
        start: date | None
        others: tuple[date | None, ...]
        # An operation without a CT ends waiting for one; symptoms that went end waiting for an
        # operation.
        if step is Step.SUSPICION_TO_CT:
            start, reached, others = opened, ct, (operated, self.restored)
        elif step is Step.CT_TO_SURGERY:
            start, reached, others = ct, operated, (self.restored,)
        elif step is Step.SURGERY_TO_RESTORED:
            start, reached, others = operated, self.restored, ()
        else:
            start, reached, others = opened, self.restored, ()
        if start is None:
            return None
        if reached is not None:
            return Span(self.case.case_id, start, reached, None, self.as_of)
        after = [max(day, start) for day in (*others, self.ended) if day is not None]
        return Span(self.case.case_id, start, None, min(after, default=None), self.as_of)


def _first_since(day: date, done: Sequence[StudyFacts | SurgeryFacts]) -> date | None:
    return min((one.performed_on for one in done if one.performed_on >= day), default=None)


class Step(StrEnum):
    SUSPICION_TO_CT = "suspicion_to_ct"
    CT_TO_SURGERY = "ct_to_surgery"
    SURGERY_TO_RESTORED = "surgery_to_restored"
    SUSPICION_TO_RESTORED = "suspicion_to_restored"


STEP_LABELS: Final = {
    Step.SUSPICION_TO_CT: "Suspicion to CT",
    Step.CT_TO_SURGERY: "CT to operation",
    Step.SURGERY_TO_RESTORED: "Operation to restored therapy",
    Step.SUSPICION_TO_RESTORED: "Suspicion to restored therapy",
}


def courses(patients: Sequence[PatientFacts], period: Period, as_of: date) -> dict[str, CaseCourse]:
    """Cases of suspected malfunction raised in the period, by id."""
    return {
        case.case_id: course(patient, case, as_of)
        for patient in patients
        for case in patient.of(CaseFacts)
        if case.trigger == SUSPECTED and period.contains(case.opened_on)
    }


def course(patient: PatientFacts, case: CaseFacts, as_of: date) -> CaseCourse:
    surgeries = tuple(s for s in patient.surgeries if s.case_id == case.case_id)
    operated = min(
        (s.performed_on for s in surgeries if s.performed_on >= case.opened_on),
        default=case.opened_on,
    )
    seen = [
        review.reviewed_on
        for review in patient.of(ReviewFacts)
        if review.case_id == case.case_id and review.symptoms == "resolved"
    ]
    if case.closed_on is not None and case.outcome in RESOLVED:
        seen.append(case.closed_on)
    restored = min((day for day in seen if day >= operated), default=None)
    ends = [day for day in (case.closed_on, patient.died_on) if day is not None]
    return CaseCourse(
        patient=patient,
        case=case,
        studies=tuple(s for s in patient.studies if s.case_id == case.case_id),
        surgeries=surgeries,
        restored=restored,
        ended=None if restored is not None else min(ends, default=None),
        as_of=as_of,
    )


def spans(cases: Iterable[CaseCourse], step: Step) -> list[Span]:
    return [span for one in cases if (span := one.span(step)) is not None]


def quantile(days: Sequence[int], share: float) -> int | None:
    """First day by which at least this share had got there; None of nobody.

    The inverse of the empirical distribution (Hyndman and Fan's type 1), so a whole day that was
    seen. doi:10.1080/00031305.1996.10473566
    """
    ordered = sorted(days)
    needed = share * len(ordered)
    return next((day for n, day in enumerate(ordered, start=1) if n >= needed), None)
