"""A swimmer plot as a drawn figure: one lane for each patient, bars for what was in place.

Shapes and words say what colours say; only presentation attributes are used. What has a class here
takes the colours of the page there, so that it can be read on a dark ground, too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from .chart_parts import whole_ticks

WIDTH = 760
LEFT, RIGHT = 70, 690
"""Where time begins and ends; the numbers of patients and of revisions stand beside it."""

TRACK, BAR = 5.5, 4.5
BETWEEN_LANES = 7
LEAST_LANE = 24
"""A lane opens cases, so a finger has to meet it and not the next."""

HEAD, AXIS, LEGEND_ROW = 24, 44, 19
SHORT_YEARS = 1.5
DAYS_A_YEAR = 365.25

INK, MUTED, PAPER, GRID = "#1b232d", "#4c5765", "#ffffff", "#d8dce2"
BAR_COLOURS = ("#5f6f84", "#8592a3")
"""Of the tracks in turn; 3:1 and more on a light and on a dark ground."""

LETTER = 6.9
"""Mean width of a letter of the legend; errs on the wide side."""


@dataclass(frozen=True)
class Shape:
    """How a cause is drawn, around its own middle."""

    word: str
    colour: str
    path: str


SHAPES = {
    "failure": Shape("device failure", "#D55E00", "M0-5.5L5.5 4.5H-5.5Z"),
    "battery": Shape("planned for its battery", "#0072B2", "M0-6L6 0L0 6L-6 0Z"),
    "infection": Shape("infection", "#CC79A7", "M-4.5-4.5H4.5V4.5H-4.5Z"),
    "other": Shape("another reason", "#009E73", "M0-5A5 5 0 1 1 0 5A5 5 0 1 1 0-5Z"),
    "no_reason": Shape("reason not recorded", "#767676", "M-5.5-4H5.5L0 5.5Z"),
}

ENDS = {
    "watched": ("watched to the end", "M0 0H12M7-4L12 0L7 4"),
    "gone": ("lost or transferred", "M0 0H6M9 0H15M10-4L15 0L10 4"),
    "died": ("died", "M3-4.5L12 4.5M12-4.5L3 4.5"),
}
"""By how watching ended: words, and a path that begins where the lane ends."""

ENTRY = "M4-6H0V6H4"


@dataclass(frozen=True)
class Stretch:
    """A component in place, in days."""

    track: int
    start: int
    end: int
    title: str


@dataclass(frozen=True)
class Stop:
    """A revision; `tracks` are those of the components that it ended, or moved."""

    day: int
    tracks: tuple[int, ...]
    cause: str
    how: str
    title: str


@dataclass(frozen=True)
class Lane:
    """One patient, watched from `entry` to `exit`; `undated` names parts without a first day."""

    number: str
    entry: int
    exit: int
    ended: str
    revisions: int
    title: str
    stretches: tuple[Stretch, ...]
    stops: tuple[Stop, ...]
    undated: tuple[str, ...]
    href: str | None


@dataclass(frozen=True)
class _Plan:
    lanes: Sequence[Lane]
    tracks: int

    @property
    def lane_height(self) -> float:
        return max(self.tracks * TRACK + BETWEEN_LANES, LEAST_LANE)

    @property
    def bottom(self) -> float:
        return HEAD + len(self.lanes) * self.lane_height

    @property
    def last_day(self) -> int:
        return max([lane.exit for lane in self.lanes] + [1])

    def x(self, day: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * day / self.last_day, 2)

    def middle(self, place: int) -> float:
        return HEAD + (place + 0.5) * self.lane_height

    def track_middle(self, place: int, track: float) -> float:
        return self.middle(place) + (track - (self.tracks - 1) / 2) * TRACK


def draw(lanes: Sequence[Lane], *, kinds: Sequence[str], font_family: str | None = None) -> str:
    """The lanes as an SVG element.

    Parameters
    ----------
    kinds
        Words for the tracks of each lane, from above.
    """
    plan = _Plan(lanes, len(kinds))
    legend, height = _legend(plan, kinds)
    font = "" if font_family is None else f" font-family={quoteattr(font_family)}"
    words = "; ".join(lane.title for lane in lanes)
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
            f'width="{WIDTH}" height="{height:g}" font-size="12" fill="{INK}"{font} role="group" '
            'aria-labelledby="lanes-title lanes-desc">'
            '<title id="lanes-title">Pump systems, patient by patient</title>'
            f'<desc id="lanes-desc">{escape(words)}.</desc>',
            _text(LEFT - 24, 14, "Patient", anchor="end", muted=True),
            _text(WIDTH - 2, 14, "Revisions", anchor="end", muted=True),
            *_axis(plan),
            *(_lane(plan, place, lane) for place, lane in enumerate(lanes)),
            *legend,
            "</svg>",
        ]
    )


def _axis(plan: _Plan) -> Iterator[str]:
    years = plan.last_day / DAYS_A_YEAR
    if years <= SHORT_YEARS:
        ticks = [quarter / 4 for quarter in range(7)]
    else:
        ticks = [float(one) for one in whole_ticks(ceil(years))]
    for tick in ticks:
        if tick <= years:
            x = plan.x(tick * DAYS_A_YEAR)
            path = f"M{x:g} {HEAD}V{plan.bottom:g}"
            yield f'<path class="grid" d="{path}" stroke="{GRID}" fill="none"/>'
            yield _text(x, plan.bottom + 15, f"{tick:g}", anchor="middle")
    middle = (LEFT + RIGHT) / 2
    yield _text(
        middle, plan.bottom + 31, "years since the first component", anchor="middle", muted=True
    )


def _lane(plan: _Plan, place: int, lane: Lane) -> str:
    middle, x0, x1 = plan.middle(place), plan.x(lane.entry), plan.x(lane.exit)
    top = middle - plan.lane_height / 2
    parts = [
        f'<rect class="ground" x="0" y="{top:g}" width="{WIDTH}" height="{plan.lane_height:g}" '
        f'fill="{PAPER}" fill-opacity="0"/>',
        _text(LEFT - 24, middle + 4, lane.number, anchor="end"),
        _text(WIDTH - 2, middle + 4, str(lane.revisions), anchor="end"),
        f'<path class="line" d="M{x0:g} {middle:g}H{x1:g}" stroke="{MUTED}" stroke-width="0.75" '
        'fill="none"/>',
    ]
    parts += [_stretch(plan, place, one) for one in lane.stretches]
    if lane.entry > 0:
        parts.append(_line(x0, middle, ENTRY, f"Under observation from day {lane.entry}", "entry"))
    parts += [_stop(plan, place, one) for one in lane.stops]
    words, path = ENDS[lane.ended]
    parts.append(_line(x1 + 5, middle, path, f"Day {lane.exit}: {words}", "end"))
    if lane.undated:
        title = escape("; ".join(lane.undated))
        parts.append(f'<g class="undated"><title>{title}</title>{_question(LEFT - 12, middle)}</g>')
    drawing = "".join(parts)
    if lane.href is None:
        return f'<g class="lane"><title>{escape(lane.title)}</title>{drawing}</g>'
    return (
        f'<a href={quoteattr(lane.href)} class="lane text-decoration-none">'
        f"<title>{escape(f'{lane.title}. Open the cases.')}</title>{drawing}</a>"
    )


def _stretch(plan: _Plan, place: int, one: Stretch) -> str:
    x0, x1 = plan.x(one.start), plan.x(one.end)
    y = plan.track_middle(place, one.track) - BAR / 2
    # A gap at the end keeps one component apart from the next.
    return (
        f'<g><title>{escape(one.title)}</title><rect class="bar" x="{x0:g}" y="{y:g}" '
        f'width="{max(x1 - x0 - 1, 0.5):g}" height="{BAR}" '
        f'fill="{BAR_COLOURS[one.track % len(BAR_COLOURS)]}"/></g>'
    )


def _stop(plan: _Plan, place: int, one: Stop) -> str:
    y = plan.track_middle(place, sum(one.tracks) / len(one.tracks))
    return (
        f'<g class="mark" data-cause="{one.cause}"><title>{escape(one.title)}</title>'
        f"{_mark(plan.x(one.day), y, one.cause, one.how)}</g>"
    )


def _mark(x: float, y: float, cause: str, how: str) -> str:
    """Filled as it was replaced, hollow as it was moved, with a bar behind as it was explanted.

    The bar is in two pieces where nobody knows whether it was replaced.
    """
    shape = SHAPES[cause]
    bar = ""
    if how in BARS:
        bar = f'<path class="ink" d="{BARS[how]}" stroke="{INK}" stroke-width="2" fill="none"/>'
    if how == "moved":
        look = f'class="hollow" fill="{PAPER}" stroke="{shape.colour}" stroke-width="2"'
    else:
        look = f'fill="{shape.colour}" stroke="{PAPER}" stroke-width="1"'
    return f'<g transform="translate({x:g} {y:g})"><path d="{shape.path}" {look}/>{bar}</g>'


def _line(x: float, y: float, path: str, title: str, name: str) -> str:
    return (
        f'<g class="{name}" transform="translate({x:g} {y:g})">'
        f"{f'<title>{escape(title)}</title>' if title else ''}"
        f'<path class="ink" d="{path}" stroke="{INK}" stroke-width="1.5" fill="none"/></g>'
    )


def _question(x: float, y: float) -> str:
    return (
        f'<circle class="line" cx="{x:g}" cy="{y:g}" r="6.5" fill="none" stroke="{MUTED}"/>'
        + _text(x, y + 3.5, "?", anchor="middle", size=10)
    )


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = 12, muted: bool = False
) -> str:
    look = f' class="muted" fill="{MUTED}"' if muted else ""
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"{look}>'
        f"{escape(words)}</text>"
    )


def _legend(plan: _Plan, kinds: Sequence[str]) -> tuple[list[str], float]:
    """What is drawn, in rows below the axis, and where the figure ends."""
    stops = [stop for lane in plan.lanes for stop in lane.stops]
    causes = [cause for cause in SHAPES if any(stop.cause == cause for stop in stops)]
    hows = [how for how in HOWS if any(stop.how == how for stop in stops)]
    ends = [end for end in ENDS if any(lane.ended == end for lane in plan.lanes)]
    rows: list[list[tuple[str, str]]] = [
        [
            (
                f'<rect x="-7" y="{-BAR / 2}" width="14" height="{BAR}" '
                f'fill="{BAR_COLOURS[place % len(BAR_COLOURS)]}"/>',
                f"{'from above: ' if place == 0 else ''}{words}",
            )
            for place, words in enumerate(kinds)
        ],
        [(_mark(0, 0, cause, "replaced"), SHAPES[cause].word) for cause in causes],
        [(_mark(0, 0, "other", how), HOWS[how]) for how in hows],
        [(_line(-6, 0, ENDS[end][1], "", "sign"), ENDS[end][0]) for end in ends],
    ]
    if any(lane.entry for lane in plan.lanes):
        rows[-1].append((_line(0, 0, ENTRY, "", "sign"), "came under observation later"))
    if any(lane.undated for lane in plan.lanes):
        rows[-1].append((_question(0, 0), "a part whose day of implantation is not known"))
    y = plan.bottom + AXIS
    drawn = []
    for row in filter(None, rows):
        x = float(LEFT)
        y += LEGEND_ROW
        for sign, words in row:
            width = 38 + len(words) * LETTER
            if x > LEFT and x + width > WIDTH:
                x, y = float(LEFT), y + LEGEND_ROW
            drawn.append(f'<g transform="translate({x + 8:g} {y - 4:g})">{sign}</g>')
            drawn.append(_text(x + 24, y, words))
            x += width
    return drawn, y + 8


BARS = {"explanted": "M7-7V7", "removed": "M7-7V-2M7 2V7"}

HOWS = {
    "replaced": "filled: replaced",
    "explanted": "with a bar: explanted, not replaced",
    "removed": "with a broken bar: removed, whether replaced is not known",
    "moved": "hollow: moved, left in place",
}
