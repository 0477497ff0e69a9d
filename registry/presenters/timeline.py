"""The case on a date axis: a drawing worked out here, and the table that says the same."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext

WIDTH = 1000
LEFT, RIGHT = 24, 16
ROW_HEIGHT = 24
CHARACTER_WIDTH = 6.6
GLYPH = 18
TOP = 20
BELOW_AXIS = 46
SMALLEST_SPAN = 34
"""Units between two moments below which the days between them stand in the table only."""

BROKEN_DAYS = 365
"""A longer gap that outlasts the others twice over breaks the axis, so that they stay legible."""

SHORT_DAYS, MIDDLE_DAYS = 120, 1100
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Moment:
    """Something that happened on a day.

    `glyph` names a symbol of the sprite; without one `kind` names a plain mark. `url` leads to
    its step on the page. `days_since` counts from the moment before it.
    """

    on: date
    label: str
    kind: str
    url: str
    glyph: str = ""
    days_since: int | None = None

    @property
    def gap(self) -> str:
        if self.days_since is None:
            return ""
        return (
            gettext("same day")
            if self.days_since == 0
            else gettext("%(days_since)s d later") % {"days_since": self.days_since}
        )

    @property
    def width(self) -> float:
        """Units that glyph and label take."""
        return GLYPH / 2 + 6 + len(self.label) * CHARACTER_WIDTH


@dataclass(frozen=True)
class Placed:
    """A moment with the place of its glyph; the label starts at `text_x`."""

    moment: Moment
    x: float
    y: float

    @property
    def glyph_x(self) -> float:
        return self.x - GLYPH / 2

    @property
    def glyph_y(self) -> float:
        return self.y - GLYPH / 2

    @property
    def text_x(self) -> float:
        return self.x + GLYPH / 2 + 6

    @property
    def text_y(self) -> float:
        return self.y + 4


@dataclass(frozen=True)
class Note:
    """A text under the axis."""

    x: float
    text: str


@dataclass(frozen=True)
class Axis:
    """Days along the drawing; a broken one draws its longest gap shorter than it was.

    `skipped` days are left out after `break_from`; without a break it is None.
    """

    first: date
    last: date
    break_from: date | None
    break_to: date | None
    skipped: int

    @classmethod
    def of(cls, days: Sequence[date]) -> "Axis":
        """The axis of days in order."""
        first, last = days[0], days[-1]
        gaps = [((later - earlier).days, earlier, later) for earlier, later in pairwise(days)]
        longest, start, end = max(gaps, default=(0, first, last))
        others = (last - first).days - longest
        if longest <= BROKEN_DAYS or longest <= 2 * others:
            return cls(first, last, None, None, 0)
        drawn = max(others // 2, 1)
        return cls(first, last, start, end, longest - drawn)

    @property
    def drawn_days(self) -> int:
        return self.along(self.last)

    def along(self, day: date) -> int:
        """Days from the start of the drawing."""
        days = (day - self.first).days
        return days - self.skipped if self.break_to and day >= self.break_to else days

    def shows(self, day: date) -> bool:
        in_gap = self.break_from and self.break_to and self.break_from < day < self.break_to
        return self.first <= day <= self.last and not in_gap


@dataclass(frozen=True)
class Timeline:
    """`break_x` is where the axis is broken, None where it is whole."""

    moments: Sequence[Moment]
    placed: Sequence[Placed]
    spans: Sequence[Note]
    ticks: Sequence[Note]
    width: int
    height: float
    axis_y: float
    left: int
    right: int
    break_x: float | None
    summary: str


def draw(moments: Sequence[Moment]) -> Timeline:
    """Place the moments by date; labels stand in rows so that none covers another."""
    ordered = _with_gaps(sorted(moments, key=lambda moment: moment.on))
    axis = Axis.of([moment.on for moment in ordered])
    scale = _units_a_day(ordered, axis)

    def x_of(day: date) -> float:
        return round(LEFT + GLYPH / 2 + axis.along(day) * scale, 1)

    rows = _rows([(x_of(moment.on), moment.width) for moment in ordered])
    axis_y = TOP + (max(rows) + 1) * ROW_HEIGHT
    return Timeline(
        moments=ordered,
        placed=[
            Placed(moment=moment, x=x_of(moment.on), y=axis_y - (row + 1) * ROW_HEIGHT)
            for moment, row in zip(ordered, rows, strict=True)
        ],
        spans=_spans(ordered, x_of=x_of),
        ticks=[Note(x_of(day), text) for day, text in _ticks(axis)],
        width=WIDTH,
        height=axis_y + BELOW_AXIS,
        axis_y=axis_y,
        left=LEFT,
        right=WIDTH - RIGHT,
        break_x=_break_x(axis, x_of),
        summary="; ".join(f"{moment.on}: {moment.label}" for moment in ordered),
    )


def _with_gaps(ordered: Sequence[Moment]) -> list[Moment]:
    return [
        moment
        if index == 0
        else replace(moment, days_since=(moment.on - ordered[index - 1].on).days)
        for index, moment in enumerate(ordered)
    ]


def _break_x(axis: Axis, x_of: Callable[[date], float]) -> float | None:
    """Beside the middle of the gap, where the days are written."""
    if axis.break_from is None or axis.break_to is None:
        return None
    start, end = x_of(axis.break_from), x_of(axis.break_to)
    return round(start + (end - start) / 2, 1)


def _units_a_day(ordered: Sequence[Moment], axis: Axis) -> float:
    """The largest scale at which every label still ends inside the drawing."""
    return min(
        (
            (WIDTH - LEFT - RIGHT - GLYPH / 2 - moment.width) / axis.along(moment.on)
            for moment in ordered
            if axis.along(moment.on) > 0
        ),
        default=1.0,
    )


def _rows(labels: Sequence[tuple[float, float]]) -> list[int]:
    """The row of each label, 0 next to the axis.

    Labels run to the right of their moment, so they are placed from the last to the first. A label
    ends before the line of every later moment that rises through its row.
    """
    starts: list[float] = []
    rows = []
    for x, width in reversed(labels):
        end = x + width + GLYPH / 2
        row = next(
            row for row in range(len(starts) + 1) if all(end <= start for start in starts[row:])
        )
        starts[row:] = [x, *starts[row + 1 :]]
        rows.append(row)
    return rows[::-1]


def _spans(ordered: Sequence[Moment], *, x_of: Callable[[date], float]) -> list[Note]:
    notes = []
    for earlier, later in pairwise(ordered):
        start, end = x_of(earlier.on), x_of(later.on)
        if end - start >= SMALLEST_SPAN:
            notes.append(Note(round((start + end) / 2, 1), f"{later.days_since} d"))
    return notes


def _ticks(axis: Axis) -> list[tuple[date, str]]:
    """The first day of each month, quarter or year that is drawn, by the length of the drawing.

    What comes after a break has its month written where it begins.
    """
    days = axis.drawn_days
    step = 1 if days <= SHORT_DAYS else 3 if days <= MIDDLE_DAYS else MONTHS_A_YEAR
    ticks = [(axis.break_to, f"{axis.break_to:%Y-%m}")] if axis.break_to else []
    for year in range(axis.first.year, axis.last.year + 1):
        for month in range(1, MONTHS_A_YEAR + 1, step):
            day = date(year, month, 1)
            if axis.shows(day) and (axis.break_to is None or day < axis.break_to):
                ticks.append((day, f"{year}" if step == MONTHS_A_YEAR else f"{day:%Y-%m}"))
    return sorted(ticks)
