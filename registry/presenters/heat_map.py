"""Counts in the cells of a table, the more the darker; every cell says its number."""

import json
from collections.abc import Sequence
from textwrap import wrap
from typing import Any

import altair as alt

from .chart_parts import Medium, Spec, framed, link

CELL_HEIGHT = 34
LETTERS_A_LINE = 12
DARKEST = "#34449a"
FAINTEST = "#eef0f8"


def heat_map(
    cells: Sequence[dict[str, Any]],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    row_title: str,
    column_title: str,
    medium: Medium,
) -> Spec:
    """Cells with `row`, `column`, `n` and, where they can be opened, `cases`.

    The shade says how large the share of its row is; an empty row stays white.
    """
    totals = {row: sum(cell["n"] for cell in cells if cell["row"] == row) for row in rows}
    drawn = [
        {key: value for key, value in cell.items() if value is not None}
        | {"share": cell["n"] / totals[cell["row"]] if totals[cell["row"]] else 0}
        for cell in cells
    ]
    base = alt.Chart(alt.NamedData("cells"))
    place = {
        "x": alt.X(
            "column:N", sort=None, scale=alt.Scale(domain=list(columns)),
            axis=alt.Axis(
                title=column_title, labelAngle=0, ticks=False, domain=False, labelPadding=6,
                labelExpr=f"{_in_lines(columns)}[datum.label]",
            ),
        ),
        "y": alt.Y(
            "row:N", sort=None, scale=alt.Scale(domain=list(rows)),
            axis=alt.Axis(title=row_title, ticks=False, domain=False, labelPadding=8),
        ),
        "tooltip": [
            alt.Tooltip("row:N", title=row_title),
            alt.Tooltip("column:N", title=column_title),
            alt.Tooltip("n:Q", title="n"),
        ],
    }  # fmt: skip
    shaded = base.mark_rect(stroke="#ffffff", strokeWidth=2).encode(
        **place,
        **link(medium),
        color=alt.Color(
            "share:Q",
            legend=None,
            scale=alt.Scale(domain=[0, 1], range=[FAINTEST, DARKEST]),
        ),
    )
    numbers = base.mark_text(fontSize=13, fontWeight=600).encode(
        **place,
        **link(medium),
        text="n:Q",
        color=alt.condition("datum.share > 0.5", alt.value("#ffffff"), alt.value("#1b232d")),
    )
    spec: Spec = alt.layer(shaded, numbers).to_dict(validate=False)
    height = CELL_HEIGHT * len(rows)
    return spec | framed({"cells": drawn}, height, medium)


def _in_lines(labels: Sequence[str]) -> str:
    """A Vega expression that maps a label to its lines; below the cells, lines grow downwards."""
    return json.dumps(
        {label: wrap(label, LETTERS_A_LINE, break_long_words=False) for label in labels}
    )
