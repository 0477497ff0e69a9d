"""Findings of the completed studies, each by colour, glyph and word."""

from collections.abc import Callable, Mapping
from typing import Any

import altair as alt

from registry.vocabulary import ImagingFindingCode

from .audit_words import FINDINGS, Result, interval, percent
from .chart_parts import (
    GAP,
    Medium,
    Spec,
    address,
    layered,
    link,
    place,
    whole_ticks,
    without_none,
    words_at_left,
    words_at_right,
)

NO_FINDING_COLOUR = "#595959"
BAR_HEIGHT = 28
FOLLOWED = (("operated", "operated"), ("not operated", "not_operated"))
"""What followed the study, and the column of the findings table that counts it."""


def findings(result: Result, medium: Medium) -> Spec:
    estimates = {estimate["key"]: estimate for estimate in result["estimates"]}
    table = next(table for table in result["tables"] if table["key"] == "findings")
    rows = [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
    completed = next(row["completed"] for row in rows if row["key"] == "total")
    bars: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for row in rows:
        finding = FINDINGS.get(row["key"])
        if finding is None and (row["key"] == "total" or not row["completed"]):
            continue
        estimate = estimates.get(f"finding_{row['key']}")
        names.append(_finding_name(row, completed, finding, estimate, medium.glyph_address))
        bars += [
            {
                "label": row["label"],
                "colour": finding.colour if finding else NO_FINDING_COLOUR,
                "followed": followed,
                "order": order,
                "patients": row[column],
                "cases": address(medium, f"findings.{row['key']}.{column}"),
            }
            for order, (followed, column) in enumerate(FOLLOWED)
            if row[column]
        ]
    longest = max((row["completed"] for row in rows if row["key"] != "total"), default=0)
    order = [name["label"] for name in names]
    numbers = {name["label"]: name["words"] for name in names}
    y = place("label:N", order, words_at_left(padding=34))
    colours = sorted({bar["colour"] for bar in bars})
    scale = alt.Scale(domain=colours, range=colours)
    colour = alt.Color("colour:N", scale=scale, legend=None)
    stacked = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(height=18, strokeWidth=1.2)
        .encode(
            y=y,
            x=alt.X(
                "patients:Q", stack="zero",
                axis=alt.Axis(
                    title="patients", grid=False, format="d", values=whole_ticks(longest)
                ),
            ),
            color=colour,
            stroke=alt.Stroke("colour:N", scale=scale, legend=None),
            fillOpacity=alt.condition(
                "datum.followed == 'operated'", alt.value(1), alt.value(0.22)
            ),
            order=alt.Order("order:Q"),
            **link(medium),
            tooltip=[
                alt.Tooltip("label:N", title="Finding"),
                alt.Tooltip("followed:N", title="Then"),
                alt.Tooltip("patients:Q", title="Patients"),
            ],
        )
    )  # fmt: skip
    marked = [name for name in names if name["glyph"]]
    glyphs = (
        alt.Chart(alt.NamedData("marked"))
        .mark_image(width=18, height=18)
        .encode(
            y=place("label:N", order, None),
            x=alt.value(-18),
            url="glyph:N",
        )
    )
    second = (
        alt.Chart(alt.NamedData("names"))
        .mark_point(opacity=0)
        .encode(y=place("label:N", order, words_at_right(numbers)))
    )
    return layered(
        stacked, glyphs, second,
        datasets={"bars": without_none(bars), "names": names, "marked": marked},
        height=BAR_HEIGHT * max(len(names), 1), medium=medium,
    )  # fmt: skip


def _finding_name(
    row: Mapping[str, Any],
    completed: int,
    finding: ImagingFindingCode | None,
    estimate: Mapping[str, Any] | None,
    glyph_address: Callable[[str], str],
) -> dict[str, Any]:
    words = f"{row['completed']}/{completed}"
    if estimate is not None:
        words = (
            f"{estimate['numerator']}/{estimate['denominator']}{GAP}{percent(estimate['value'])}"
        )
        if estimate["value"] is not None:
            words += f" ({interval(estimate['lower'], estimate['upper'])})"
    return {
        "label": row["label"],
        "words": words,
        "glyph": glyph_address(finding.glyph) if finding else "",
    }
