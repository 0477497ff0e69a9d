"""The components of one patient as they were watched, and how often the patient was revised."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, NamedTuple

from .centre_logs import watched_period
from .component_course import MOVES, Course, End, Move, course
from .component_facts import ComponentFacts
from .departure_facts import DepartureFacts
from .facts import PatientFacts
from .follow_up import FollowUp
from .mean_cumulative import MeanCurve, mean_cumulative
from .procedure_facts import ProcedureFacts
from .selection import Period

REPEATED_RULE: Final = (
    "repeated-1 [proposal]: for repeated revisions a patient is watched from the first component, "
    "or from the first day of the period, to death, loss, transfer or the end of the period, and "
    "every day with a removal or reposition is one revision. A patient lost or transferred is "
    "watched no more, unless a later operation or component is logged."
)


@dataclass(frozen=True, slots=True)
class Watched:
    """One component, with how it was watched in the period; None if it was not.

    `before_log`: it would have been, but all of that was before its centre's log was complete.
    """

    component: ComponentFacts
    course: Course | None
    before_log: bool = False

    @property
    def end(self) -> End | None:
        return None if self.course is None else self.course.end


def watched(patient: PatientFacts, period: Period) -> list[Watched]:
    """Every component of the patient."""
    components = patient.of(ComponentFacts)
    moves = moves_of(patient)
    reasons = reason_of_surgery(patient)
    left_on = gone_on(patient)

    def within(one: ComponentFacts, days: Period) -> Course | None:
        return course(
            one,
            patient_id=patient.patient_id,
            centre=patient.centre,
            moves=moves,
            reason_of_surgery=reasons,
            gone_on=left_on,
            died_on=patient.died_on,
            period=days,
        )

    logged = watched_period(patient, period)
    found = [Watched(one, within(one, logged)) for one in components]
    if logged == period:
        return found
    return [
        one
        if one.course is not None
        else replace(one, before_log=within(one.component, period) is not None)
        for one in found
    ]


def moves_of(patient: PatientFacts) -> list[Move]:
    """Every move of a component of the patient."""
    return [
        Move(one.performed_on, MOVES[code], one.indication)
        for one in patient.of(ProcedureFacts)
        for code in one.procedures
        if code in MOVES
    ]


def reason_of_surgery(patient: PatientFacts) -> dict[str, str]:
    """The indication of each operation."""
    return {one.surgery_id: one.indication for one in patient.of(ProcedureFacts)}


class Observed(NamedTuple):
    """A patient as watched for revisions; days count from the first component, which is day 0.

    One is made for each patient of the cohort, so it is the cheapest thing that has names.
    """

    patient: PatientFacts
    first_on: date
    entry_day: int
    exit_day: int
    revision_days: tuple[int, ...]

    def sees(self, day: int) -> bool:
        """Whether what happened on the day is counted: from the day after the entry on."""
        return self.entry_day < day <= self.exit_day or day == self.entry_day == 0


def observed(patients: Iterable[PatientFacts], period: Period) -> Iterator[Observed]:
    """Everybody who was watched for revisions in the period."""
    for patient in patients:
        logged = watched_period(patient, period)
        days = [
            one.implanted_on for one in patient.of(ComponentFacts) if one.implanted_on is not None
        ]
        if not days:
            continue
        start = min(days)
        ends = [day for day in (patient.died_on, gone_on(patient), period.last) if day is not None]
        last = min(ends)
        if start > last or (logged.first is not None and last < logged.first):
            continue
        entry = 0 if logged.first is None else max((logged.first - start).days - 1, 0)
        one = Observed(patient, start, entry, (last - start).days, ())
        since = [(day - start).days for day in _revisions(patient)]
        yield one._replace(revision_days=tuple(filter(one.sees, since))) if since else one


def repeated(everybody: Iterable[Observed]) -> MeanCurve:
    """Revisions per patient since the first component."""
    entries: list[int] = []
    exits: list[int] = []
    member: list[int] = []
    event_day: list[int] = []
    for place, one in enumerate(everybody):
        entries.append(one.entry_day)
        exits.append(one.exit_day)
        member += [place] * len(one.revision_days)
        event_day += one.revision_days
    followed = FollowUp.of(entry_day=entries, exit_day=exits, cause=[0] * len(exits))
    return mean_cumulative(followed, member=member, event_day=event_day)


def _revisions(patient: PatientFacts) -> list[date]:
    removed = {one.removed_on for one in patient.of(ComponentFacts) if one.removed_on is not None}
    moved = {
        one.performed_on
        for one in patient.of(ProcedureFacts)
        if any(code in MOVES for code in one.procedures)
    }
    return sorted(removed | moved)


def gone_on(patient: PatientFacts) -> date | None:
    """When the patient left, unless something was logged afterwards."""
    left = [one.left_on for one in patient.of(DepartureFacts)]
    if not left:
        return None
    seen = [one.performed_on for one in patient.of(ProcedureFacts)]
    for one in patient.of(ComponentFacts):
        seen += [day for day in (one.implanted_on, one.removed_on) if day is not None]
    return max(left) if all(day <= max(left) for day in seen) else None
