"""Matching lines of theatre lists with logged operations, both ways and one to one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from .facts import PatientFacts, SurgeryFacts
from .selection import Period
from .theatre_facts import TheatreLine, TheatreListFacts

TOLERANCE_DAYS: Final = 3
"""Ours [proposal]: a list may hold the day of booking, or the day after midnight."""

MATCH_RULE: Final = (
    "theatre-1: a line and an operation are one if the patient is the same and their days are at "
    f"most {TOLERANCE_DAYS} days apart [proposal]. Each is matched once: as many pairs as "
    "possible, of these the nearest in days. Two lines of one patient on one day are one "
    "operation, the second is a duplicate. A pair counts on the day of its line; lines and "
    "operations count within the period and within the days a list covers. An operation at the "
    "edge that stands in a line just outside is counted on neither side."
)


class LineState(StrEnum):
    """What became of a line; each is in exactly one state."""

    FOUND = "found"
    NOT_LOGGED = "not_logged"
    NOBODY = "nobody"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside"
    OTHER_CENTRE = "other_centre"
    OPTED_OUT = "opted_out"
    UNREADABLE = "unreadable"


STATE_LABELS: Final = {
    LineState.FOUND: "Found in the registry",
    LineState.NOT_LOGGED: "Patient in the registry, operation not logged",
    LineState.NOBODY: "Nobody in the registry has this number",
    LineState.DUPLICATE: "Duplicate of a line above",
    LineState.OUTSIDE: "Outside the period or the days the list covers",
    LineState.OTHER_CENTRE: "Of another centre",
    LineState.OPTED_OUT: "Patient declined to be in the registry",
    LineState.UNREADABLE: "No day or no number in the line",
}

MISSED: Final = (LineState.NOT_LOGGED, LineState.NOBODY)


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line with its list and what became of it."""

    source: TheatreListFacts
    line: TheatreLine
    state: LineState
    surgery: SurgeryFacts | None = None

    @property
    def line_id(self) -> str:
        return self.source.line_id(self.line)

    @property
    def days_apart(self) -> int | None:
        if self.surgery is None or self.line.on is None:
            return None
        return abs((self.surgery.performed_on - self.line.on).days)


@dataclass(frozen=True, slots=True)
class Match:
    """Every line of the lists, and the operations they should hold and do not."""

    lines: tuple[MatchedLine, ...]
    not_listed: tuple[tuple[str, SurgeryFacts], ...]
    """Centre and operation."""

    def of_centre(self, centre: str) -> "Match":
        return Match(
            tuple(one for one in self.lines if one.source.centre == centre),
            tuple(one for one in self.not_listed if one[0] == centre),
        )

    def in_state(self, *states: LineState) -> tuple[str, ...]:
        """Ids of the lines, sorted."""
        return tuple(sorted(one.line_id for one in self.lines if one.state in states))

    @property
    def unlisted(self) -> tuple[str, ...]:
        """Ids of the operations that no line holds, sorted."""
        return tuple(sorted(surgery.surgery_id for _, surgery in self.not_listed))


def match(
    lists: Sequence[TheatreListFacts], patients: Iterable[PatientFacts], period: Period
) -> Match:
    """Match all lists of all centres; the order of lists and lines makes no difference."""
    known = {one.patient_id: one for one in patients}
    states = _states(lists, known, period)
    inside = _Matching(known)
    inside.add(one for one in states if one.state in MISSED)
    # An operation at the edge may stand in a line just outside: it is then not missed by the list.
    outside = _Matching(known, without=frozenset(inside.surgery_of.values()))
    outside.add(one for one in states if one.state is LineState.OUTSIDE)
    lines = [
        replace(one, state=LineState.FOUND, surgery=inside.surgery_of[one.line_id])
        if one.line_id in inside.surgery_of
        else one
        for one in states
    ]
    paired = {*inside.surgery_of.values(), *outside.surgery_of.values()}
    return Match(tuple(lines), _not_listed(lists, known.values(), paired, period))


def nearest_pairs(
    lines: Sequence[date], surgeries: Sequence[date], tolerance_days: int
) -> list[tuple[int, int]]:
    """Positions of pairs: as many as possible, of these the least sum of days apart.

    Both are in order. On a line of days some best choice has no pairs that cross: uncrossing two
    never adds days, and neither pair comes to lie further apart than the further one was. So it is
    found by one table over both orders. Of equal choices the one that leaves earlier ones out last
    is taken, always the same.
    """
    best = [[(0, 0)] * (len(surgeries) + 1) for _ in range(len(lines) + 1)]
    for i in reversed(range(len(lines))):
        for j in reversed(range(len(surgeries))):
            choices = [best[i + 1][j], best[i][j + 1]]
            apart = abs((lines[i] - surgeries[j]).days)
            if apart <= tolerance_days:
                pairs, days = best[i + 1][j + 1]
                choices.append((pairs + 1, days - apart))
            best[i][j] = max(choices)
    found = []
    i = j = 0
    while i < len(lines) and j < len(surgeries):
        apart = abs((lines[i] - surgeries[j]).days)
        pairs, days = best[i + 1][j + 1]
        if apart <= tolerance_days and best[i][j] == (pairs + 1, days - apart):
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _states(
    lists: Sequence[TheatreListFacts], known: Mapping[str, PatientFacts], period: Period
) -> list[MatchedLine]:
    """Every line, the earlier list first, as if no operation were logged."""
    found = []
    seen: set[tuple[str, str, date]] = set()
    for source in sorted(lists, key=lambda one: (one.sent_on, one.list_id)):
        for line in source.lines:
            state = _state(source, line, known, period)
            if state in MISSED:
                assert line.on is not None
                key = (source.centre, line.patient_id or line.person, line.on)
                state = LineState.DUPLICATE if key in seen else state
                seen.add(key)
            found.append(MatchedLine(source, line, state))
    return found


def _state(
    source: TheatreListFacts,
    line: TheatreLine,
    known: Mapping[str, PatientFacts],
    period: Period,
) -> LineState:
    if line.on is None or not line.person:
        return LineState.UNREADABLE
    if line.other_centre:
        return LineState.OTHER_CENTRE
    if line.opted_out:
        return LineState.OPTED_OUT
    if not period.contains(line.on) or not source.covers(line.on):
        return LineState.OUTSIDE
    return LineState.NOT_LOGGED if line.patient_id in known else LineState.NOBODY


class _Matching:
    """Pairs of lines and operations of the same patient."""

    def __init__(
        self,
        known: Mapping[str, PatientFacts],
        *,
        without: frozenset[SurgeryFacts] = frozenset(),
    ) -> None:
        self._known = known
        self._without = without
        self.surgery_of: dict[str, SurgeryFacts] = {}

    def add(self, lines: Iterable[MatchedLine]) -> None:
        by_patient: dict[str, list[tuple[date, str]]] = {}
        for one in lines:
            if one.line.patient_id in self._known and one.line.on is not None:
                found = by_patient.setdefault(one.line.patient_id, [])
                found.append((one.line.on, one.line_id))
        for patient_id, found in by_patient.items():
            self._pair(sorted(found), self._known[patient_id].surgeries)

    def _pair(self, lines: list[tuple[date, str]], surgeries: Sequence[SurgeryFacts]) -> None:
        free = [one for one in surgeries if one not in self._without]
        free.sort(key=lambda one: (one.performed_on, one.surgery_id))
        days = [one.performed_on for one in free]
        for i, j in nearest_pairs([on for on, _ in lines], days, TOLERANCE_DAYS):
            self.surgery_of[lines[i][1]] = free[j]


def _not_listed(
    lists: Sequence[TheatreListFacts],
    patients: Iterable[PatientFacts],
    paired: set[SurgeryFacts],
    period: Period,
) -> tuple[tuple[str, SurgeryFacts], ...]:
    return tuple(
        (patient.centre, surgery)
        for patient in patients
        for surgery in patient.surgeries
        if surgery not in paired
        and period.contains(surgery.performed_on)
        and any(one.centre == patient.centre and one.covers(surgery.performed_on) for one in lists)
    )
