"""The charts of the times: every case as a dot on its step, and who had got there by a day."""

from typing import Any

import altair as alt

from registry.audit.case_course import STEP_LABELS
from registry.audit.case_time_tables import BY_DAY, TIMES

from .audit_words import Result
from .chart_parts import (
    ON_PAGE,
    Chart,
    Medium,
    Spec,
    address,
    framed,
    layered,
    link,
    place,
    without_none,
    words_at_left,
    words_at_right,
)

COLOUR = "#34449a"
STRIP_HEIGHT = 46
LINE_HEIGHT = 260
DAYS = [0, 1, 3, 7, 14, 30, 90, 180, 365, 730]
COLOURS = ["#34449a", "#D55E00", "#009E73", "#000000"]
DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3]]


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Nothing of nobody."""
    times = _rows(result, TIMES.key)
    drawn = []
    if any(row["reached"] for row in times):
        drawn.append(
            Chart(
                "times",
                "Days for each step",
                "Each circle is a day on which a step was reached, the larger the more cases. The "
                "bar runs from the first to the third quartile, the line is the median of those "
                "who got there; those who wait are counted at the right. Days on a compressed "
                "axis.",
                _strips(result, times, medium),
                TIMES.key,
                wide=True,
            )
        )
        drawn.append(
            Chart(
                "by_day",
                "Who had got there by a day",
                "Share of all who began the step (Aalen-Johansen): those who still wait count up "
                "to the cut-off, those whose case ended otherwise stay in the denominator.",
                _lines(result, times, medium),
                BY_DAY.key,
                wide=True,
            )
        )
    return drawn


def _strips(result: Result, times: list[dict[str, Any]], medium: Medium) -> Spec:
    names = {row["key"]: f"{row['label']} (n={row['reached']})" for row in times}
    points = [
        {"row": names[step], "day": day, "cases_n": cases}
        for step in names
        for day, cases in _points(result, f"days_{step}")
    ]
    boxes = [
        {"row": names[row["key"]], "cases": address(medium, f"{TIMES.key}.{row['key']}.reached")}
        | {key: row[key] for key in ("first_quartile", "median", "third_quartile")}
        for row in times
    ]
    words = {
        names[row["key"]]: "nobody got there"
        if row["median"] is None
        else f"median {row['median']} d ({row['first_quartile']} to {row['third_quartile']}); "
        f"{row['waiting']} waiting"
        for row in times
    }
    order = list(names.values())
    last = max(1, *(point["day"] for point in points))
    scale = alt.Scale(type="symlog", constant=3, domain=[0, 1.1 * last], nice=False)
    ticks = [day for day in DAYS if day <= last]
    axis = alt.Axis(title="days", values=ticks, domain=False, ticks=False, format="d")
    x: dict[str, Any] = {"scale": scale, "axis": axis}
    left, right = words_at_left(), words_at_right(words)
    box = alt.Chart(alt.NamedData("boxes"))
    known = box.transform_filter("isValid(datum.median)")
    bar = known.mark_bar(height=20, color="#c9cfe6").encode(
        y=place("row:N", order, left), x=alt.X("first_quartile:Q", **x), x2="third_quartile:Q",
        **link(medium),
    )  # fmt: skip
    tick = known.mark_tick(thickness=2.5, size=26, color="#1b232d").encode(
        y=place("row:N", order, None), x=alt.X("median:Q", **x)
    )
    dots = (
        alt.Chart(alt.NamedData("points"))
        .mark_point(filled=True, opacity=0.65, color=COLOUR)
        .encode(
            y=place("row:N", order, None),
            x=alt.X("day:Q", **x),
            size=alt.Size("cases_n:Q", scale=alt.Scale(range=[28, 260]), legend=None),
            tooltip=[
                alt.Tooltip("row:N", title="Step"),
                alt.Tooltip("day:Q", title="Days"),
                alt.Tooltip("cases_n:Q", title="Cases"),
            ],
        )
    )
    second = box.mark_point(opacity=0).encode(y=place("row:N", order, right))
    datasets = {"boxes": without_none(boxes), "points": points}
    return layered(
        bar, dots, tick, second, datasets=datasets, height=STRIP_HEIGHT * len(order), medium=medium
    )


def _lines(result: Result, times: list[dict[str, Any]], medium: Medium) -> Spec:
    names = {row["key"]: f"{STEP_LABELS[row['key']]} (n={row['started']})" for row in times}
    began = {row["key"]: row["started"] for row in times}
    points = [
        {"line": name, "day": day, "share": share, "lower": lower, "upper": upper, "n": at_risk}
        for step, name in names.items()
        for day, share, lower, upper, at_risk in [
            (0, 0.0, None, None, began[step]),
            *_points(result, f"reached_{step}"),
        ]
    ]
    order = list(names.values())
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", columns=2, labelLimit=420,
        symbolType="stroke", symbolStrokeWidth=2, symbolOpacity=1, symbolSize=500, labelFontSize=12,
    )  # fmt: skip
    line = (
        alt.Chart(alt.NamedData("points"))
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X(
                "day:Q",
                axis=alt.Axis(title="days", domain=False, ticks=False, grid=False, tickCount=8),
            ),
            y=alt.Y(
                "share:Q",
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(
                    title="had got there", format=".0%", values=[0, 0.25, 0.5, 0.75, 1],
                    domain=False, ticks=False,
                ),
            ),
            color=alt.Color(
                "line:N", sort=None, legend=legend, scale=alt.Scale(domain=order, range=COLOURS)
            ),
            strokeDash=alt.StrokeDash(
                "line:N", sort=None, legend=legend, scale=alt.Scale(domain=order, range=DASHES)
            ),
            tooltip=[
                alt.Tooltip("line:N", title="Step"),
                alt.Tooltip("day:Q", title="Day"),
                alt.Tooltip("share:Q", title="Had got there", format=".1%"),
                alt.Tooltip("n:Q", title="Waiting before"),
            ],
        )
    )  # fmt: skip
    spec: Spec = alt.layer(line).to_dict(validate=False)
    return spec | ON_PAGE | framed({"points": without_none(points)}, LINE_HEIGHT, medium)


def _points(result: Result, key: str) -> list[Any]:
    return list(next(curve for curve in result["curves"] if curve["key"] == key)["points"])


def _rows(result: Result, key: str) -> list[dict[str, Any]]:
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
