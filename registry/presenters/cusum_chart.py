"""Each centre over its own time, one above the other: up when it fails, down when it does not."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from .chart_parts import ON_PAGE, Medium, Spec, framed, lookup

BAND_HEIGHT = 64
HEADROOM = 0.25
LINE_COLOUR = "#34449a"
ALARM_COLOUR = "#d55e00"
MUTED = "#595959"


def cusums(
    courses: Sequence[Mapping[str, Any]], *, threshold: float, unit: str, medium: Medium
) -> Spec:
    """Courses with `name`, `words` and `points` of (event, score, signal), oldest first.

    Every centre has a band of its own from 0 to the threshold, its dashed line.
    """
    band = 1 + HEADROOM
    bases = {one["name"]: (len(courses) - 1 - n) * band for n, one in enumerate(courses)}
    steps = [
        {
            "name": one["name"],
            "event": event,
            "height": bases[one["name"]] + min(score / threshold, band),
            "score": round(score, 3),
        }
        for one in courses
        for event, score, _ in [(0, 0.0, 0), *one["points"]]
    ]
    signals = [
        step
        for one in courses
        for step in steps
        if step["name"] == one["name"]
        and any(event == step["event"] and signal for event, _, signal in one["points"])
    ]
    longest = max(len(one["points"]) for one in courses)
    x: dict[str, Any] = {
        "scale": alt.Scale(domain=[0, longest], nice=False),
        "axis": alt.Axis(
            title=f"{unit} in their order", grid=False, tickMinStep=1, format="d", tickCount=8
        ),
    }
    domain = alt.Scale(domain=[-0.05, len(courses) * band], nice=False)
    axis: dict[str, Any] = {
        "ticks": False,
        "domain": False,
        "grid": False,
        "labelPadding": 8,
        "labelLimit": 320,
    }
    names = {f"{base:.2f}": name for name, base in bases.items()}
    words = {f"{bases[one['name']]:.2f}": one["words"] for one in courses}
    places = [round(base, 2) for base in bases.values()]
    left = alt.Axis(
        title=None, values=places, labelExpr=f"{lookup(names)}[format(datum.value, '.2f')]", **axis
    )
    right = alt.Axis(
        title=None, values=places, orient="right",
        labelExpr=f"{lookup(words)}[format(datum.value, '.2f')]", **axis,
    )  # fmt: skip
    y = alt.Y("height:Q", scale=domain, axis=left)
    line = (
        alt.Chart(alt.NamedData("steps"))
        .mark_line(interpolate="step-after", strokeWidth=1.6, color=LINE_COLOUR)
        .encode(x=alt.X("event:Q", **x), y=y, detail="name:N")
    )
    marks = (
        alt.Chart(alt.NamedData("signals"))
        .mark_point(shape="triangle-up", size=80, filled=True, color=ALARM_COLOUR, opacity=1)
        .encode(
            x=alt.X("event:Q", **x),
            y=alt.Y("height:Q", scale=domain, axis=None),
            tooltip=[
                alt.Tooltip("name:N", title="Centre"),
                alt.Tooltip("event:Q", title="Signal at"),
                alt.Tooltip("score:Q", title="Score"),
            ],
        )
    )
    lines = (
        alt.Chart(alt.NamedData("bases"))
        .mark_rule(strokeWidth=1, color=MUTED)
        .encode(
            y=alt.Y("height:Q", scale=domain, axis=right),
            strokeDash=alt.StrokeDash(
                "line:N",
                scale=alt.Scale(domain=["signal", "nought"], range=[[4, 3], [1, 0]]),
                legend=None,
            ),
        )
    )
    spec: Spec = alt.layer(line, marks, lines).to_dict(validate=False)
    datasets = {
        "steps": steps,
        "signals": signals,
        "bases": [
            {"height": base + high, "line": what}
            for base in bases.values()
            for high, what in ((0.0, "nought"), (1.0, "signal"))
        ],
    }
    independent = {"resolve": {"scale": {"y": "independent"}}}
    return spec | independent | ON_PAGE | framed(datasets, BAND_HEIGHT * len(courses) + 10, medium)
