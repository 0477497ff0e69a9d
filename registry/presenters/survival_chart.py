"""Steps over time with their interval bands, and the numbers at risk below them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from .chart_parts import ON_PAGE, Medium, Spec, framed, lookup, without_none

DAYS_PER_YEAR: Final = 365.25

LINES: Final = (
    ("#34449a", [1, 0]),
    ("#D55E00", [6, 3]),
    ("#009E73", [2, 2]),
    ("#000000", [8, 3, 2, 3]),
    ("#CC79A7", [10, 4]),
    ("#767676", [3, 3]),
)
"""Colour-blind-safe colours (Okabe-Ito), each with a dash of its own."""

PLOT_HEIGHT: Final = 230
ROW_HEIGHT: Final = 17
MARKS: Final = 5
GRID: Final = "#e3e6ea"
MOST_YEARS: Final = 9
"""Numbers at risk that fit below half a page; of more every second year is written."""

MOST_BANDS: Final = 3
"""Of more lines the bands lie over one another and nobody can tell them apart."""

EVERYBODY: Final = "At risk"
"""The row of numbers at risk where all lines share it, as the ends of one component do."""


@dataclass(frozen=True)
class Line:
    """One line: its points as a result's curve has them, and who is at risk after so many years."""

    label: str
    n: int
    points: Sequence[Sequence[Any]]
    at_risk: Mapping[int, int]

    @property
    def name(self) -> str:
        return f"{self.label} (n={self.n})"


def steps(
    lines: Sequence[Line],
    medium: Medium,
    *,
    y_title: str,
    top: float = 1.0,
    percent: bool = True,
    wide: bool = False,
) -> Spec:
    """The lines from 0 to `top`; below the axis one row of numbers at risk for each.

    Lines of which the same are at risk share one row. More than `MOST_BANDS` have no bands.
    """
    last = max(point[0] for line in lines for point in line.points) / DAYS_PER_YEAR
    years = [year for year in range(int(last) + 1) if all(year in one.at_risk for one in lines)]
    if not wide and len(years) > MOST_YEARS:
        years = [year for year in years if year % 2 == 0 or year == years[-1]]
    row = top * ROW_HEIGHT / PLOT_HEIGHT
    names = [line.name for line in lines]
    data = [_point(line, point, percent=percent) for line in lines for point in line.points]
    rows = _rows_at_risk(lines)
    numbers = [
        {"line": name, "year": year, "y": -row * (place + 1.4), "n": str(at_risk[year])}
        for place, (name, at_risk) in enumerate(rows.items())
        for year in years
    ]
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", columns=2 if wide else 1, labelLimit=420,
        symbolType="stroke", symbolStrokeWidth=2, symbolOpacity=1, symbolSize=500, labelFontSize=12,
    )  # fmt: skip
    colour = alt.Color(
        "line:N",
        sort=None,
        scale=alt.Scale(domain=names, range=[LINES[place][0] for place in range(len(lines))]),
        legend=legend,
    )
    dash = alt.StrokeDash(
        "line:N",
        sort=None,
        legend=legend,
        scale=alt.Scale(domain=names, range=[LINES[place][1] for place in range(len(lines))]),
    )
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[0, last], nice=False),
        axis=alt.Axis(
            title="years after implantation; above: at risk", values=years,
            format="d", grid=False, domain=False, ticks=False,
        ),
    )  # fmt: skip
    y = _y_axis(list(rows), row, top, y_title, percent=percent)
    base = alt.Chart(alt.NamedData("points"))
    band = base.transform_filter("isValid(datum.lower)").mark_area(
        interpolate="step-after", opacity=0.14
    )
    line = base.mark_line(interpolate="step-after", strokeWidth=2)
    dots = base.transform_filter("datum.events > 0").mark_point(size=30, opacity=0)
    tooltip = [
        alt.Tooltip("line:N", title="Group"),
        alt.Tooltip("when:N", title="After"),
        alt.Tooltip("at_risk:Q", title="At risk"),
        alt.Tooltip("events:Q", title="Events on the day"),
        alt.Tooltip("words:N", title="Value"),
    ]
    text = alt.Chart(alt.NamedData("numbers")).mark_text(fontSize=11, align="center")
    shared = alt.value(LINES[3][0]) if list(rows) == [EVERYBODY] else colour
    bands = [band.encode(x=x, y=alt.Y("lower:Q", **y), y2="upper:Q", color=colour)]
    spec: Spec = alt.layer(
        *(bands if has_bands(lines) else ()),
        line.encode(x=x, y=alt.Y("value:Q", **y), color=colour, strokeDash=dash),
        dots.encode(x=x, y=alt.Y("value:Q", **y), color=colour, tooltip=tooltip),
        text.encode(x=x, y=alt.Y("y:Q", **y), text="n:N", color=shared),
    ).to_dict(validate=False)
    height = PLOT_HEIGHT + ROW_HEIGHT * (len(rows) + 1)
    datasets = {"points": without_none(data), "numbers": numbers}
    return spec | ON_PAGE | framed(datasets, height, medium)


def has_bands(lines: Sequence[Line]) -> bool:
    """Whether intervals are drawn around the lines."""
    return len(lines) <= MOST_BANDS


def _rows_at_risk(lines: Sequence[Line]) -> dict[str, Mapping[int, int]]:
    """The rows below the axis by their name, in the order of the lines."""
    if len(lines) > 1 and all(line.at_risk == lines[0].at_risk for line in lines):
        return {EVERYBODY: lines[0].at_risk}
    return {line.name: line.at_risk for line in lines}


def _y_axis(
    names: Sequence[str], row: float, top: float, title: str, *, percent: bool
) -> dict[str, Any]:
    """Values above 0, and the name of each row of numbers below it."""
    marks = [top * place / (MARKS - 1) for place in range(MARKS)]
    rows = [-row * (place + 1.4) for place in range(len(names))]
    labels = lookup({str(place): _short(name) for place, name in enumerate(names)})
    values = "format(datum.value, '.0%')" if percent else "format(datum.value, '.2~f')"
    return {
        "scale": alt.Scale(domain=[-row * (len(names) + 1), top], nice=False),
        "axis": alt.Axis(
            title=title,
            values=[*marks, *rows],
            labelExpr=f"datum.value < 0 ? {labels}[toString(round(-datum.value / {row} - 1.4))]"
            f" : {values}",
            gridColor=alt.condition("datum.value < 0", alt.value("transparent"), alt.value(GRID)),
            domain=False,
            ticks=False,
            labelLimit=150,
            labelPadding=18,
        ),
    }


def _short(name: str) -> str:
    """A row of numbers needs no n of its own."""
    return name.rpartition(" (n=")[0] or name


def _point(line: Line, point: Sequence[Any], *, percent: bool) -> dict[str, Any]:
    day, at_risk, events, value, lower, upper = point
    one = "{:.1%}" if percent else "{:.2f}"
    words = one.format(value)
    if lower is not None and upper is not None:
        words = f"{words} ({one.format(lower)} to {one.format(upper)})"
    return {
        "line": line.name,
        "year": day / DAYS_PER_YEAR,
        "when": f"{day} days",
        "at_risk": at_risk,
        "events": events,
        "value": value,
        "lower": lower,
        "upper": upper,
        "words": words,
    }
