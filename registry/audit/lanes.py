"""Which patients are drawn one by one, and what a lane shows of each.

A lane is a patient as watched for repeated revisions; its parts are the components, one behind the
other, with what ended each.
"""

import heapq
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from .component_course import End, Move, cause_of
from .component_facts import ComponentFacts
from .devices import ComponentKind
from .patient_components import Observed, gone_on, moves_of, reason_of_surgery

MOST_LANES: Final = 30
"""As many as can be told apart on one sheet [own]."""

Fits = Callable[[ComponentFacts], bool]


class Left(StrEnum):
    """How watching a patient ended."""

    WATCHED = "watched"
    GONE = "gone"
    DIED = "died"


class How(StrEnum):
    """How a stretch of a component ended.

    ``REMOVED``: another of its kind may have followed; when that came is not known to the day.
    ``NO_DAY``: nobody knows when the component was implanted, and no end of it is logged.
    """

    REPLACED = "replaced"
    EXPLANTED = "explanted"
    REMOVED = "removed"
    MOVED = "moved"
    IN_PLACE = "in_place"
    NO_DAY = "no_day"


CAUSE_CODES: Final = {
    End.FAILURE: "failure",
    End.BATTERY: "battery",
    End.INFECTION: "infection",
    End.OTHER: "other",
    End.NO_REASON: "no_reason",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a component between two operations; days count as those of its patient.

    `from_day` is None where the day is not known, and where only a revision is shown: of a
    component that is not asked for, or that is not logged. Only a stretch that begins with its
    component, or with watching it, has a `component_id`.
    """

    component_id: str
    kind: str
    from_day: int | None
    to_day: int | None
    how: How
    cause: End | None = None
    precision: str = "day"

    @property
    def is_revision(self) -> bool:
        return self.cause is not None


class LaneChoice:
    """Chooses lanes from everybody who passes, and keeps nothing of the others but their ids.

    First come the patients with most revisions, then those who were watched longest, then those
    whose id comes first.
    """

    def __init__(self, most: int = MOST_LANES) -> None:
        self.most = most
        self.revised: list[str] = []
        self.not_revised: list[str] = []
        self._best: list[tuple[int, int, int, Observed]] = []

    def passing(self, everybody: Iterable[Observed]) -> Iterator[Observed]:
        """The same patients again; `everybody` is in the order of their ids."""
        for place, one in enumerate(everybody):
            revisions = len(one.revision_days)
            (self.revised if revisions else self.not_revised).append(one.patient.patient_id)
            standing = (revisions, one.exit_day - one.entry_day, -place, one)
            if len(self._best) < self.most:
                heapq.heappush(self._best, standing)
            elif standing[:3] > self._best[0][:3]:
                heapq.heapreplace(self._best, standing)
            yield one

    @property
    def lanes(self) -> list[Observed]:
        """Those that are drawn, in the order of the drawing."""
        return [one for *_, one in sorted(self._best, key=lambda one: one[:3], reverse=True)]


def left(lane: Observed) -> Left:
    """How watching the patient ended; on one day a death comes first."""
    patient = lane.patient
    if patient.died_on is not None and (patient.died_on - lane.first_on).days == lane.exit_day:
        return Left.DIED
    gone = gone_on(patient)
    if gone is not None and (gone - lane.first_on).days == lane.exit_day:
        return Left.GONE
    return Left.WATCHED


def parts_of(lane: Observed, fits: Fits) -> list[Part]:
    """The components of a patient, kind by kind and one behind the other.

    Parameters
    ----------
    fits
        Whether a component is asked for; of the others only their revisions are shown.
    """
    patient = lane.patient
    components = patient.of(ComponentFacts)
    moves = moves_of(patient)
    reasons = reason_of_surgery(patient)
    found: list[Part] = []
    for one in components:
        cause = _cause(one, reasons) if one.removed_on is not None else None
        found += _stretches(lane, one, components, moves, cause, shown=fits(one))
    found += _unplaced(lane, components, moves, reasons, found)
    order = list(ComponentKind)
    return sorted(
        found,
        key=lambda part: (
            order.index(ComponentKind(part.kind)),
            -1 if part.from_day is None else part.from_day,
            -1 if part.to_day is None else part.to_day,
            part.component_id,
        ),
    )


def _cause(one: ComponentFacts, reasons: dict[str, str]) -> End:
    return cause_of(one.kind, one.removal_reason or reasons.get(one.removed_by, ""))


def _stretches(
    lane: Observed,
    one: ComponentFacts,
    components: Iterable[ComponentFacts],
    moves: Iterable[Move],
    cause: End | None,
    *,
    shown: bool,
) -> Iterator[Part]:
    start = None if one.implanted_on is None else (one.implanted_on - lane.first_on).days
    stop = None if one.removed_on is None else (one.removed_on - lane.first_on).days
    if start is not None and (start > lane.exit_day or (stop is not None and stop < start)):
        return
    whole = Part(
        one.component_id if shown else "",
        one.kind,
        start if start is None or not shown else max(start, lane.entry_day),
        lane.exit_day,
        How.IN_PLACE,
        precision=one.precision,
    )
    if not shown:
        whole = replace(whole, from_day=None)
    if start is not None:
        cuts = {
            day: move
            for move in moves
            for day in [(move.moved_on - lane.first_on).days]
            if move.kind == one.kind and start < day and lane.sees(day)
            if stop is None or day < stop
        }
        for day in sorted(cuts):
            yield replace(
                whole, to_day=day, how=How.MOVED, cause=cause_of(one.kind, cuts[day].reason)
            )
            whole = replace(whole, component_id="", from_day=day if shown else None)
    if stop is not None and lane.sees(stop):
        yield replace(whole, to_day=stop, how=_removed(lane, one, components), cause=cause)
    elif shown and (stop is None or stop > lane.exit_day):
        if start is None:
            yield replace(whole, to_day=None, how=How.NO_DAY)
        else:
            yield whole


def _unplaced(
    lane: Observed,
    components: Iterable[ComponentFacts],
    moves: Iterable[Move],
    reasons: dict[str, str],
    found: Iterable[Part],
) -> Iterator[Part]:
    """Revisions on days on which no dated component ends: of what is not logged, or contradicts."""
    missing = set(lane.revision_days) - {one.to_day for one in found if one.is_revision}
    for move in moves:
        day = (move.moved_on - lane.first_on).days
        if day in missing:
            yield Part("", move.kind, None, day, How.MOVED, cause_of(move.kind, move.reason))
    for one in components:
        if one.removed_on is not None:
            day = (one.removed_on - lane.first_on).days
            if day in missing:
                how = _removed(lane, one, components)
                yield Part("", one.kind, None, day, how, _cause(one, reasons))


def _removed(lane: Observed, one: ComponentFacts, components: Iterable[ComponentFacts]) -> How:
    """Whether another of its kind came in its place, as far as the days of the others tell."""
    gone_on = one.removed_on
    assert gone_on is not None
    open_ended = False
    for other in components:
        if other.kind != one.kind or other is one:
            continue
        placed_on = other.implanted_on
        if other.removed_on is not None and other.removed_on <= max(gone_on, placed_on or gone_on):
            continue
        if placed_on is None:
            open_ended = True
        elif (placed_on - lane.first_on).days > lane.exit_day:
            continue
        elif placed_on >= gone_on:
            return How.REPLACED
        elif _last_day(placed_on, other.precision) >= gone_on:
            open_ended = True
    return How.REMOVED if open_ended else How.EXPLANTED


def _last_day(first: date, precision: str) -> date:
    """Of the day, month or year that begins with `first`."""
    if precision == "day":
        return first
    month = 12 if precision == "year" else first.month
    return date(first.year, month, monthrange(first.year, month)[1])
