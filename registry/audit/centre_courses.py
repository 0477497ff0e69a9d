"""Each centre over its own time: charts that signal, and gaps from one failure to the next."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .centre_events import INDICATORS, CentreEvent, Indicator
from .centre_tables import (
    DESIGNS,
    FALSE_ALARMS,
    LONGEST_COURSE,
    Measured,
    behind,
    course_description,
)
from .cusum import Cusum, CusumDesign, cusum, design_with_false_alarms
from .result import Cell, Curve, Table
from .time_between_events import TimeBetweenEvents, operations_between


@lru_cache(maxsize=16)
def chart_design(accepted: float, not_accepted: float) -> CusumDesign:
    """The chart that `COURSE_RULE` describes; made once."""
    return design_with_false_alarms(
        in_control=accepted,
        out_of_control=not_accepted,
        operations=LONGEST_COURSE,
        probability=FALSE_ALARMS,
    )


def designs_table() -> Table:
    """The same for every cohort: nothing in it depends on the data."""
    rows: list[tuple[Cell, ...]] = []
    for one in INDICATORS:
        design = _design_of(one)
        gaps = operations_between([], in_control=one.accepted)
        rows.append(
            (
                one.key,
                one.label,
                one.accepted,
                one.not_accepted,
                design.threshold,
                design.average_run(design.in_control),
                design.average_run(design.out_of_control),
                _whole(gaps.early_at),
                _whole(gaps.late_at),
                gaps.false_alarm if gaps.early_at is not None else None,
                gaps.false_comfort,
            )
        )
    return DESIGNS.filled(rows, {})


def _design_of(one: Indicator) -> CusumDesign:
    return chart_design(one.accepted, one.not_accepted)


def _whole(number: float | None) -> int | None:
    return None if number is None else round(number)


@dataclass(frozen=True, slots=True)
class Course:
    """One centre along its own time."""

    centre: str
    events: tuple[CentreEvent, ...]
    chart: Cusum
    gaps: TimeBetweenEvents


def courses(one: Measured) -> tuple[Course, ...]:
    """The latest events of every centre that may be shown."""
    found = []
    for centre in one.shown:
        latest = one.events[centre][-LONGEST_COURSE:]
        failures = [one.indicator.fails(event) for event in latest]
        found.append(
            Course(
                centre=centre,
                events=latest,
                chart=cusum(failures, _design_of(one.indicator), unit=one.indicator.unit),
                gaps=operations_between(failures, in_control=one.indicator.accepted),
            )
        )
    return tuple(found)


def course_table(indicator: Indicator, drawn: Sequence[Course]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[str, str], tuple[str, ...]] = {}
    for one in drawn:
        cells |= dict(behind(indicator, one.centre, one.events))
        rows.append(
            (
                one.centre,
                one.centre,
                one.chart.numerator,
                one.chart.denominator,
                len(one.chart.signals),
                one.chart.path[-1],
                one.chart.false_alarm_here,
                len(one.gaps.gaps),
                sum(gap.early for gap in one.gaps.gaps),
                sum(gap.late for gap in one.gaps.gaps),
                _whole(one.gaps.running),
            )
        )
    return course_description(indicator).filled(rows, cells)


def course_curves(indicator: Indicator, drawn: Sequence[Course]) -> Iterator[Curve]:
    """The chart of each centre; `signal` is 1 where it signals."""
    for one in drawn:
        signals = set(one.chart.signals)
        yield Curve(
            key=f"course_{indicator.key}_{one.centre}",
            label=f"{indicator.label}: {one.centre}",
            columns=("event", "score", "signal"),
            points=tuple(
                (place + 1, score, int(place in signals))
                for place, score in enumerate(one.chart.path)
            ),
        )
