"""The pieces a patient's timeline is drawn from: labels, bars, marks, plots, ticks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

GLYPH = 18
BAR = 16

SHAPES = {
    "refill": "m0 -6v12",
    "case": "m0 -7l7 12h-14z",
    "study": "m-6 0a6 6 0 1 0 12 0a6 6 0 1 0 -12 0z",
    "surgery": "m0 -7v14m-7 -7h14",
    "complication": "m0 -7l7 7l-7 7l-7 -7z",
}
FLAGGED = "m0 -7l4 7l-4 7l-4 -7z"
"""A refill whose residual differs."""


@dataclass(frozen=True)
class Paper:
    """What the figure is drawn for; widths in units of the drawing, near pixels."""

    name: str
    width: int
    label_width: int
    character: float


SCREEN = Paper("screen", width=1280, label_width=186, character=6.7)
SHEET = Paper("sheet", width=760, label_width=168, character=6.3)


@dataclass(frozen=True)
class Label:
    """What a lane is called, with a second line below it."""

    y: float
    text: str
    below: str = ""

    @property
    def below_y(self) -> float:
        return self.y + 14


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    label: str
    title: str
    url: str
    open_start: bool
    open_end: bool
    late_x: float | None = None
    """Where the end of service lies within the bar; None where it does not."""

    @property
    def text_x(self) -> float:
        return self.x + 5

    @property
    def text_y(self) -> float:
        return self.y + BAR - 4

    @property
    def end_x(self) -> float:
        return self.x + self.width

    @property
    def late_width(self) -> float:
        return 0 if self.late_x is None else round(self.end_x - self.late_x, 1)


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    kind: str
    title: str
    url: str
    glyph: str
    flagged: bool

    @property
    def shape(self) -> str:
        """The path of a mark without a glyph, from its middle."""
        return FLAGGED if self.flagged else SHAPES[self.kind]

    @property
    def glyph_x(self) -> float:
        return self.x - GLYPH / 2

    @property
    def glyph_y(self) -> float:
        return self.y - GLYPH / 2


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    title: str
    radius: float = 3


@dataclass(frozen=True)
class Plot:
    """A course over time between two lines; `path` is empty where there is a single dot."""

    kind: str
    top: float
    bottom: float
    high: str
    low: str
    path: str
    dots: Sequence[Dot]

    @property
    def high_y(self) -> float:
        return self.top + 4

    @property
    def low_y(self) -> float:
        return self.bottom + 4


@dataclass(frozen=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True)
class PatientTimeline:
    paper: Paper
    height: float
    axis_y: float
    labels: Sequence[Label]
    bars: Sequence[Bar]
    plots: Sequence[Plot]
    marks: Sequence[Mark]
    ticks: Sequence[Tick]
    today_x: float | None
    operations: Sequence[float]
    left_out: int
    """Courses that stand in the table only."""

    bar_height: int = BAR

    @property
    def width(self) -> int:
        return self.paper.width

    @property
    def left(self) -> int:
        return self.paper.label_width


@dataclass(frozen=True)
class Window:
    """The days that are drawn, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return max((self.last - self.first).days, 1)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last
