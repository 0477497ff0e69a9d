"""The years of a patient as a figure: components, dose, scores, refills and what happened.

Positions are worked out here and drawn by the template, so that the figure is plain SVG with text
and links. It is drawn twice: for a screen, and narrower for an A4 sheet, where text that was scaled
down could not be read.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry.presenters.patient_story import Course, Happening, PatientStory, Span
from registry.presenters.timeline_parts import (
    BAR,
    SCREEN,
    Bar,
    Dot,
    Label,
    Mark,
    Paper,
    PatientTimeline,
    Plot,
    Tick,
    Window,
)
from registry.vocabulary import ComponentKind

ROW = 24
DOSE_HEIGHT = 78
COURSE_HEIGHT = 46
MOST_COURSES = 5
"""More than five courses below each other are a table; the rest stands there."""

TOP, GAP, AXIS_HEIGHT = 6, 8, 24
MOST_ROWS = 3
MARK_WIDTH = 17
MONTHS_UP_TO_YEARS = 3
DAYS_A_YEAR = 365.25
MOST_YEAR_TICKS = 16

EVENT_LANES = {
    "refill": gettext_lazy("Refills"),
    "case": gettext_lazy("Suspicion"),
    "study": gettext_lazy("Contrast CT"),
    "surgery": gettext_lazy("Operation"),
    "complication": gettext_lazy("Complication"),
}


@dataclass
class _Drawing:
    """What grows from lane to lane."""

    paper: Paper
    window: Window
    y: float = TOP
    labels: list[Label] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    plots: list[Plot] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)

    def x_of(self, day: date) -> float:
        across = (day - self.window.first).days / self.window.days
        return round(self.paper.label_width + across * (self.paper.width - self.left - 10), 1)

    @property
    def left(self) -> int:
        return self.paper.label_width


def whole(story: PatientStory, *, today: date) -> Window | None:
    """From the first day to today or later; None when nothing has a date."""
    days = story.days
    if not days:
        return None
    return Window(date(min(days).year, 1, 1), max([*days, today]))


def draw(story: PatientStory, *, window: Window, today: date, paper: Paper) -> PatientTimeline:
    """Lay the figure out for the days of the window."""
    drawing = _Drawing(paper, window)
    for part in ComponentKind:
        _components(drawing, [span for span in story.spans if span.kind is part], part.label)
    if story.doses:
        _doses(drawing, story.doses, today=today)
    for course in story.courses[:MOST_COURSES]:
        _course(drawing, course)
    for kind, label in EVENT_LANES.items():
        _events(drawing, [one for one in story.happenings if one.kind == kind], str(label))
    operations = [
        drawing.x_of(one.on)
        for one in story.happenings
        if one.kind == "surgery" and window.holds(one.on)
    ]
    return PatientTimeline(
        paper=paper,
        height=drawing.y + AXIS_HEIGHT,
        axis_y=drawing.y,
        labels=drawing.labels,
        bars=drawing.bars,
        plots=drawing.plots,
        marks=sorted(drawing.marks, key=lambda mark: mark.x),
        ticks=[Tick(drawing.x_of(day), text) for day, text in _ticks(window, paper)],
        today_x=drawing.x_of(today) if window.holds(today) else None,
        operations=operations,
        left_out=max(len(story.courses) - MOST_COURSES, 0),
    )


def _components(drawing: _Drawing, spans: Sequence[Span], label: str) -> None:
    """Bars of one kind in one row; those that were there at once in further ones."""
    window = drawing.window
    shown = [
        span
        for span in spans
        if (span.start is None or span.start <= window.last)
        and (span.end is None or span.end >= window.first)
    ]
    if not shown:
        return
    free_from: list[date] = []
    top = drawing.y
    for span in sorted(shown, key=lambda span: span.start or date.min):
        start, end = span.start or date.min, span.end or date.max
        row = next((row for row, free in enumerate(free_from) if free <= start), len(free_from))
        free_from[row:] = [end, *free_from[row + 1 :]]
        drawing.bars.append(_bar(drawing, span, top + row * ROW + (ROW - BAR) / 2))
    drawing.labels.append(Label(top + ROW / 2 + 4, label))
    drawing.y = top + len(free_from) * ROW


def _bar(drawing: _Drawing, span: Span, y: float) -> Bar:
    window = drawing.window
    x = drawing.x_of(max(span.start or window.first, window.first))
    end_x = drawing.x_of(min(span.end or window.last, window.last))
    width = max(round(end_x - x, 1), 2)
    late_x = None
    if span.ends_on and span.ends_on <= min(span.end or window.last, window.last):
        late_x = drawing.x_of(max(span.ends_on, window.first))
    since = span.start.isoformat() if span.start else _("an unknown day")
    until = _("removed %(day)s") % {"day": span.end} if span.end else _("in place")
    service = _("; end of service %(day)s") % {"day": span.ends_on} if span.ends_on else ""
    return Bar(
        x=x,
        y=y,
        width=width,
        label=_fitting(span.label, width - 10, drawing.paper.character),
        title=_("%(device)s: since %(since)s, %(until)s")
        % {"device": span.text, "since": since, "until": until}
        + service,
        url=span.url,
        open_start=span.start is None,
        open_end=span.end is None,
        late_x=late_x,
    )


def _fitting(label: str, width: float, character: float) -> str:
    """The label, its last word alone, or nothing, as there is room."""
    for text in (label, label.split()[-1] if label else ""):
        if len(text) * character <= width:
            return text
    return ""


def _doses(drawing: _Drawing, doses: Sequence[tuple[date, float | None]], *, today: date) -> None:
    """Steps from each setting to the next; the last holds until today."""
    window, top = drawing.window, drawing.y + GAP
    bottom = top + DOSE_HEIGHT - 2 * GAP
    highest = _rounded_up(max(dose or 0 for _day, dose in doses))

    def y_of(dose: float) -> float:
        return round(bottom - dose / highest * (bottom - top), 1)

    path, dots = "", []
    for index, (day, dose) in enumerate(doses):
        until = doses[index + 1][0] if index + 1 < len(doses) else max(today, day)
        if dose is None or until < window.first or day > window.last:
            continue
        x, y = drawing.x_of(max(day, window.first)), y_of(dose)
        path += f"{'L' if path else 'M'}{x} {y}H{drawing.x_of(min(until, window.last))}"
        if window.holds(day):
            dots.append(
                Dot(x, y, _("%(day)s: %(dose)s µg a day") % {"day": day, "dose": f"{dose:g}"})
            )
    drawing.plots.append(Plot("doses", top, bottom, f"{highest:g}", "0", path, dots))
    drawing.labels.append(Label((top + bottom) / 2, _("Dose"), _("µg a day")))
    drawing.y = bottom + GAP


def _course(drawing: _Drawing, course: Course) -> None:
    top = drawing.y + GAP
    bottom = top + COURSE_HEIGHT - 2 * GAP
    span = course.highest - course.lowest
    dots = [
        Dot(
            drawing.x_of(day),
            round(bottom - float(value - course.lowest) / span * (bottom - top), 1),
            f"{day}: {course.label} {text}",
        )
        for day, value, text in course.points
        if drawing.window.holds(day)
    ]
    path = "M" + "L".join(f"{dot.x} {dot.y}" for dot in dots) if len(dots) > 1 else ""
    drawing.plots.append(
        Plot("score", top, bottom, str(course.highest), str(course.lowest), path, dots)
    )
    drawing.labels.append(Label((top + bottom) / 2, course.label, course.words))
    drawing.y = bottom + GAP


def _events(drawing: _Drawing, events: Iterable[Happening], label: str) -> None:
    """Marks of one kind; where they would cover each other they stand one below the other."""
    shown = sorted((one for one in events if drawing.window.holds(one.on)), key=lambda one: one.on)
    if not shown:
        return
    top, free_from = drawing.y, [-math.inf]
    for one in shown:
        x = drawing.x_of(one.on)
        width = 0 if one.kind == "refill" else MARK_WIDTH
        row = next((row for row, free in enumerate(free_from) if free <= x), len(free_from))
        row = min(row, MOST_ROWS - 1)
        free_from[row:] = [x + width, *free_from[row + 1 :]]
        drawing.marks.append(
            Mark(
                x=x,
                y=top + row * ROW + ROW / 2,
                kind=one.kind,
                title=f"{one.on}: {one.text}",
                url=one.url,
                glyph=one.glyph,
                flagged=one.flagged,
            )
        )
    drawing.labels.append(Label(top + ROW / 2 + 4, label))
    drawing.y = top + len(free_from) * ROW


def _rounded_up(dose: float) -> float:
    """The next of 1, 2, 5 times a power of ten, in steps that leave little air."""
    if dose <= 0:
        return 100
    power = 10.0 ** math.floor(math.log10(dose))
    return next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= dose)


def _ticks(window: Window, paper: Paper) -> list[tuple[date, str]]:
    """Years, every second, fifth or later one of many, months of few."""
    years = window.days / DAYS_A_YEAR
    if years > MONTHS_UP_TO_YEARS:
        room = MOST_YEAR_TICKS if paper is SCREEN else MOST_YEAR_TICKS / 1.6
        # A slip of the hand begins a story in the year 204.
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if years / step <= room)
        years_shown = range(window.first.year, window.last.year + 1)
        days = [date(year, 1, 1) for year in years_shown if year % step == 0]
        return [(day, str(day.year)) for day in days if window.holds(day)]
    step = 1 if years <= 1 else 3
    days = []
    day = window.first.replace(day=1)
    while day <= window.last:
        if (day.month - 1) % step == 0 and window.holds(day):
            days.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return [(day, f"{day:%Y-%m}") for day in days]
