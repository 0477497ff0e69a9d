"""Centres side by side within the limits of chance.

A centre outside them is told by shape and word, never by colour alone.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from .chart_parts import ON_PAGE, Medium, Spec, framed, link, without_none

HEIGHT = 260
INK = "#1b232d"
MUTED = "#595959"
OWN_COLOUR = "#34449a"
ALARM_COLOUR = "#d55e00"
LINES = ("95 %", "99.8 %")
SHAPES = ("circle", "triangle-up", "diamond")
STANDINGS = ("within limits", "outside 95 %", "outside 99.8 %")


def funnel(
    centres: Sequence[Mapping[str, Any]],
    limits: Sequence[Mapping[str, Any]],
    *,
    target: float,
    unit: str,
    medium: Medium,
) -> Spec:
    """Centres with `centre`, `denominator`, `value`, `words` and `standing`, one of `STANDINGS`.

    `limits` have `denominator` and, by level, `low_95`, `high_95`, `low_998` and `high_998`.
    """
    lines = [
        {
            "denominator": one["denominator"],
            "value": one[f"{side}_{key}"],
            "level": level,
            "line": f"{side} {level}",
        }
        for one in limits
        for level, key in zip(LINES, ("95", "998"), strict=True)
        for side in ("low", "high")
        if one[f"{side}_{key}"] is not None
    ]
    largest = max(one["denominator"] for one in limits)
    x: dict[str, Any] = {
        "scale": alt.Scale(domain=[0, largest * 1.12], nice=False),
        "axis": alt.Axis(title=unit, grid=False, tickMinStep=1, format="d", tickCount=8),
    }
    top = max([target, *(one["value"] for one in (*centres, *lines))])
    y: dict[str, Any] = {
        "scale": alt.Scale(domain=[0, min(1.0, top * 1.1)], nice=False),
        "axis": alt.Axis(title="share, unadjusted", format=".0%", grid=False, tickCount=6),
    }
    curve = (
        alt.Chart(alt.NamedData("limits"))
        .mark_line(strokeWidth=1.4, color=MUTED, clip=True)
        .encode(
            x=alt.X("denominator:Q", **x),
            y=alt.Y("value:Q", **y),
            detail="line:N",
            strokeDash=alt.StrokeDash(
                "level:N",
                scale=alt.Scale(domain=list(LINES), range=[[5, 3], [1, 0]]),
                legend=alt.Legend(title="exact limits", orient="top", symbolType="stroke"),
            ),
        )
    )
    middle = (
        alt.Chart(alt.NamedData("target"))
        .mark_rule(strokeWidth=1, color=INK, opacity=0.6)
        .encode(y=alt.Y("target:Q", **y))
    )
    here: dict[str, Any] = {"x": alt.X("denominator:Q", **x), "y": alt.Y("value:Q", **y)}
    points = (
        alt.Chart(alt.NamedData("centres"))
        .mark_point(size=90, filled=True, opacity=1)
        .encode(
            **here,
            **link(medium),
            shape=alt.Shape(
                "standing:N",
                scale=alt.Scale(domain=list(STANDINGS), range=list(SHAPES)),
                legend=alt.Legend(title=None, orient="top", symbolType="circle"),
            ),
            color=alt.Color(
                "standing:N",
                legend=None,
                scale=alt.Scale(
                    domain=list(STANDINGS), range=[OWN_COLOUR, ALARM_COLOUR, ALARM_COLOUR]
                ),
            ),
            tooltip=[
                alt.Tooltip("centre:N", title="Centre"),
                alt.Tooltip("words:N", title="n/N"),
                alt.Tooltip("standing:N", title="Stands"),
            ],
        )
    )
    names = (
        alt.Chart(alt.NamedData("centres"))
        .mark_text(align="left", dx=9, fontSize=11)
        .encode(**here, text="name:N")
    )
    spec: Spec = alt.layer(curve, middle, points, names).to_dict(validate=False)
    datasets = {
        "limits": lines,
        "target": [{"target": target}],
        "centres": without_none(centres),
    }
    return spec | ON_PAGE | framed(datasets, HEIGHT, medium)
