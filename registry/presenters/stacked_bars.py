"""Bars of parts that share out a whole, told apart by fill and outline and not by hue alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from .chart_parts import (
    Medium,
    Spec,
    layered,
    link,
    place,
    without_none,
    words_at_left,
    words_at_right,
)

ROW_HEIGHT = 26
SMALLEST_NUMBERED = 25
"""A part of one in so many of the longest bar has room for its number."""


@dataclass(frozen=True)
class Part:
    """One part of every bar: its words in the legend, and how it is drawn."""

    label: str
    fill: str
    stroke: str


@dataclass(frozen=True)
class Bar:
    """One bar.

    Parameters
    ----------
    counts
        Part to how many, in the order of the parts.
    words
        At the right of the bar.
    cases
        Part to the address of what it counts.
    marks
        Where on the axis something is marked, and what.
    """

    label: str
    counts: Mapping[str, int]
    words: str
    cases: Mapping[str, str | None]
    marks: Sequence[tuple[float, str]] = ()


def stacked(
    bars: Sequence[Bar], parts: Sequence[Part], medium: Medium, *, axis: alt.Axis, share: bool
) -> Spec:
    """The bars from the top; with `share` each is as long as the others.

    A part that is wide enough says its number inside.
    """
    order = [bar.label for bar in bars]
    longest = max((sum(bar.counts.values()) for bar in bars), default=0)
    drawn = [one for bar in bars for one in _parts_of(bar, parts, longest, share=share)]
    marks = [{"label": bar.label, "at": at, "of": of} for bar in bars for at, of in bar.marks]
    names = [part.label for part in parts]
    fill = alt.Scale(domain=names, range=[part.fill for part in parts])
    stroke = alt.Scale(domain=names, range=[part.stroke for part in parts])
    ink = alt.Scale(domain=names, range=[_ink(part.fill) for part in parts])
    legend = alt.Legend(
        title=None, orient="top", direction="horizontal", symbolType="square", labelFontSize=12,
        symbolSize=140, labelLimit=260, columns=3,
    )  # fmt: skip
    x = alt.X("first:Q", axis=axis, scale=alt.Scale(nice=False, domainMin=0))
    named = alt.Chart(alt.NamedData("parts"))
    rectangles = named.mark_bar(height=17, strokeWidth=1.2).encode(
        y=place("label:N", order, words_at_left(labelLimit=420)),
        x=x,
        x2="last:Q",
        fill=alt.Fill("part:N", scale=fill, legend=legend),
        stroke=alt.Stroke("part:N", scale=stroke, legend=legend),
        tooltip=[
            alt.Tooltip("label:N", title="Row"),
            alt.Tooltip("part:N", title="Part"),
            alt.Tooltip("n:Q", title="n"),
        ],
        **link(medium),
    )
    numbers = named.mark_text(fontSize=11).encode(
        y=place("label:N", order, None), x=alt.X("middle:Q", axis=axis), text="inside:N",
        color=alt.Color("part:N", scale=ink, legend=None),
    )  # fmt: skip
    right = words_at_right({bar.label: bar.words for bar in bars}, labelLimit=420)
    words = (
        alt.Chart(alt.NamedData("bars"))
        .mark_point(opacity=0)
        .encode(y=place("label:N", order, right))
    )
    layers = [rectangles, numbers, words]
    if marks:
        layers.append(
            alt.Chart(alt.NamedData("marks"))
            .mark_tick(thickness=2, size=21, color="#1b232d")
            .encode(
                y=place("label:N", order, None),
                x=alt.X("at:Q", axis=axis),
                tooltip=[alt.Tooltip("of:N", title="Of"), alt.Tooltip("at:Q", format=".1%")],
            )
        )
    datasets: dict[str, list[dict[str, Any]]] = {
        "parts": without_none(drawn),
        "bars": [{"label": bar.label} for bar in bars],
        "marks": marks,
    }
    spec = layered(*layers, datasets=datasets, height=ROW_HEIGHT * len(order), medium=medium)
    resolved = {"y": "independent", "fill": "shared", "stroke": "shared", "color": "independent"}
    return spec | {"resolve": {"scale": resolved}}


def _parts_of(
    bar: Bar, parts: Sequence[Part], longest: int, *, share: bool
) -> list[dict[str, Any]]:
    total = sum(bar.counts.values())
    whole = total if share else 1
    found = []
    first = 0
    for part in parts:
        n = bar.counts[part.label]
        if n:
            found.append(
                {
                    "label": bar.label,
                    "part": part.label,
                    "n": n,
                    "first": first / whole,
                    "middle": (first + n / 2) / whole,
                    "last": (first + n) / whole,
                    "inside": str(n)
                    if n * SMALLEST_NUMBERED >= (total if share else longest)
                    else "",
                    "cases": bar.cases.get(part.label),
                }
            )
        first += n
    return found


def _ink(fill: str) -> str:
    """Black or white, whichever is read better on the fill."""
    red, green, blue = (int(fill[place : place + 2], 16) for place in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"
