"""The pump system over the years as a figure: one lane a kind of component, events below.

Positions are worked out here and drawn by the template, so that the figure is plain SVG with text
and links and needs no script.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from registry.models import Component
from registry.presenters.case_lines import CaseLine
from registry.presenters.labels import in_sentence
from registry.vocabulary import ComponentKind

WIDTH = 1280
"""About the pixels it gets on the smallest screen of a ward, so that its text keeps its size."""

LABEL_WIDTH = 120
GLYPH = 18
LANE_HEIGHT = 28
BAR_HEIGHT = 16
TOP = 8
AXIS_HEIGHT = 28
EVENT_LANES = {"case": "Cases", "study": "Contrast", "surgery": "Surgery"}
"""Lanes below the components: over years, what follows within days would lie on one spot."""


@dataclass(frozen=True)
class Bar:
    """One component from implantation to removal, or to today with an open end."""

    x: float
    y: float
    width: float
    height: float
    label: str
    title: str
    open_end: bool


@dataclass(frozen=True)
class Event:
    day: date
    kind: str
    text: str
    url: str
    glyph: str = ""


@dataclass(frozen=True)
class Lane:
    label: str
    y: float
    bars: list[Bar]


@dataclass(frozen=True)
class Mark:
    """Something that happened on one day; `kind` names its shape, `glyph` a finding."""

    x: float
    y: float
    kind: str
    day: date
    text: str
    url: str
    glyph: str

    @property
    def glyph_x(self) -> float:
        return self.x - GLYPH / 2

    @property
    def glyph_y(self) -> float:
        return self.y - GLYPH / 2


@dataclass(frozen=True)
class Tick:
    x: float
    year: int


@dataclass(frozen=True)
class SystemTimeline:
    width: int
    height: float
    left: int
    axis_y: float
    lanes: list[Lane]
    marks: list[Mark]
    ticks: list[Tick]
    today_x: float


def draw(
    *, components: Sequence[Component], cases: Sequence[CaseLine], today: date
) -> SystemTimeline | None:
    """Lay the figure out; None when there is no date to draw.

    A component without an implantation date is drawn from the left edge with an open start: it was
    there, since when is not known.
    """
    events = [event for line in cases for event in _events(line)]
    days = [event.day for event in events]
    days += [day for part in components for day in (part.implanted_on, part.removed_on) if day]
    if not days:
        return None
    first, last = date(min(days).year, 1, 1), max([*days, today])
    span_days = max((last - first).days, 1)

    def x_of(day: date) -> float:
        across = (day - first).days / span_days
        return round(LABEL_WIDTH + across * (WIDTH - LABEL_WIDTH - 12), 1)

    kinds = [kind for kind in ComponentKind if any(part.kind == kind.code for part in components)]
    lanes = []
    for row, kind in enumerate(kinds):
        y = TOP + row * LANE_HEIGHT
        lanes.append(
            Lane(
                label=kind.label,
                y=y + LANE_HEIGHT / 2,
                bars=[
                    _bar(part, y + (LANE_HEIGHT - BAR_HEIGHT) / 2, x_of, first, last)
                    for part in components
                    if part.kind == kind.code
                ],
            )
        )
    marks = []
    for shape, label in EVENT_LANES.items():
        happened = [event for event in events if event.kind == shape]
        if not happened:
            continue
        middle = TOP + len(lanes) * LANE_HEIGHT + LANE_HEIGHT / 2
        lanes.append(Lane(label, middle, []))
        marks += [
            Mark(x_of(event.day), middle, shape, event.day, event.text, event.url, event.glyph)
            for event in happened
        ]
    axis_y = TOP + len(lanes) * LANE_HEIGHT + 4
    step = max(1, round((last.year - first.year) / 10))
    return SystemTimeline(
        width=WIDTH,
        height=axis_y + AXIS_HEIGHT,
        left=LABEL_WIDTH,
        axis_y=axis_y,
        lanes=lanes,
        marks=marks,
        ticks=[
            Tick(x_of(date(year, 1, 1)), year) for year in range(first.year, last.year + 1, step)
        ],
        today_x=x_of(min(today, last)),
    )


def _bar(part: Component, y: float, x_of: Callable[[date], float], first: date, last: date) -> Bar:
    start, end = part.implanted_on or first, part.removed_on or last
    model = part.get_model_display() or part.model_text or part.get_kind_display()
    since = part.implanted_on or "an unknown day"
    until = f"removed {part.removed_on}" if part.removed_on else "in place"
    return Bar(
        x=x_of(start),
        y=y,
        width=max(round(x_of(end) - x_of(start), 1), 2),
        height=BAR_HEIGHT,
        label=model if x_of(end) - x_of(start) > 7 * len(model) else "",
        title=f"{part.get_kind_display()}, {model}: since {since}, {until}",
        open_end=part.removed_on is None,
    )


def _events(line: CaseLine) -> list[Event]:
    case = line.case
    url = reverse("registry:case-detail", args=[case.public_id])
    events = [Event(case.opened_on, "case", case.get_trigger_display(), url)]
    events += [
        Event(
            one.study.performed_on,
            "study",
            "; ".join([f"Contrast study, {in_sentence(one.words)}", *one.marks]),
            url,
            one.badge.glyph if one.badge else "",
        )
        for one in line.studies
    ]
    events += [
        Event(surgery.performed_on, "surgery", "Revision surgery", url)
        for surgery in case.surgeries.all()
    ]
    return events
