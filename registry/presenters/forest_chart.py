"""Own estimates with their intervals beside the published ones.

Own numbers are told from published ones by shape, fill and word, never by colour alone.
"""

from collections.abc import Mapping
from typing import Any

import altair as alt

from registry.audit.comparators import COMPARATORS
from registry.audit.result import OWN_STUDY

from .audit_words import Result, interval, percent
from .chart_parts import (
    GAP,
    ON_PAGE,
    Medium,
    Spec,
    address,
    layered,
    link,
    percent_axis,
    place,
    without_none,
    words_at_left,
    words_at_right,
)

OWN_COLOUR = "#34449a"
PUBLISHED_COLOUR = "#595959"
OWN = "this audit"
PUBLISHED = "published"
ROW_HEIGHT = 18
LABEL_WIDTH = 420


def compared_rows(result: Result) -> list[dict[str, Any]]:
    """Own rows and the published rows below each, as the table of comparators lists them."""
    table = next(table for table in result["tables"] if table["key"] == COMPARATORS.key)
    rows: list[dict[str, Any]] = []
    measure = ""
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        own = row["study"] == OWN_STUDY
        measure = row["key"] if own else measure
        rows.append(
            {
                "measure": measure,
                "kind": OWN if own else PUBLISHED,
                "study": row["study"],
                "label": row["measure"] if own else row["study"],
                "fraction": f"{row['numerator']}/{row['denominator']}",
                "value": row["value"],
                "lower": row["lower"],
                "upper": row["upper"],
                "words": f"{percent(row['value'])} ({interval(row['lower'], row['upper'])})"
                if row["value"] is not None
                else percent(None),
            }
        )
    return rows


def forest(
    rows: list[dict[str, Any]], medium: Medium, *, x: Mapping[str, Any] | None = None
) -> Spec:
    """Rows with `value`, `lower` and `upper`; `x` is the axis of proportions unless given."""
    for number, row in enumerate(rows):
        # Two digits keep the order, the third character tells own rows from published ones.
        row["row"] = f"{number:02}{'o' if row['kind'] == OWN else 'p'}{row['label']}"
        row["cases"] = address(medium, row["measure"]) if row["kind"] == OWN else None
    order = [row["row"] for row in rows]
    numbers = {row["row"]: f"{row['fraction']}{GAP}{row['words']}" for row in rows}
    is_own = "slice(datum.value, 2, 3) == 'o'"
    weight = alt.condition(is_own, alt.value(600), alt.value(400))
    label = f"({is_own} ? '' : '\u2003') + slice(datum.value, 3)"
    left = words_at_left(labelFontWeight=weight, labelExpr=label, labelLimit=LABEL_WIDTH)
    right = words_at_right(numbers, labelFontWeight=weight, labelLimit=LABEL_WIDTH)
    base = alt.Chart(alt.NamedData("rows"))
    y = place("row:N", order, left)
    x = x or percent_axis()
    colour = alt.Color(
        "kind:N", legend=None,
        scale=alt.Scale(domain=[OWN, PUBLISHED], range=[OWN_COLOUR, PUBLISHED_COLOUR]),
    )  # fmt: skip
    whisker = base.mark_rule(strokeWidth=1.8).encode(
        y=y, x=alt.X("lower:Q", **x), x2="upper:Q", color=colour, tooltip=_tooltip()
    )
    studies = list(dict.fromkeys(row["study"] for row in rows))
    shapes = [_shape(study) for study in studies]
    common = {
        "y": place("row:N", order, None),
        "x": alt.X("value:Q", **x),
        "color": colour,
        "tooltip": _tooltip(),
        "shape": alt.Shape("study:N", scale=alt.Scale(domain=studies, range=shapes), legend=None),
    }
    # Only own numbers have cases to open; an empty address would still be drawn as a link.
    own = (
        base.transform_filter(f"datum.kind == '{OWN}'")
        .mark_point(size=70, strokeWidth=1.8, opacity=1, fill=OWN_COLOUR)
        .encode(**common, **link(medium))
    )
    published = (
        base.transform_filter(f"datum.kind == '{PUBLISHED}'")
        .mark_point(size=70, strokeWidth=1.8, opacity=1, fill="#ffffff")
        .encode(**common)
    )
    # An invisible layer of its own carries the numbers as an axis at the right.
    second = base.mark_point(opacity=0).encode(y=place("row:N", order, right))
    return layered(
        whisker, published, own, second,
        datasets={"rows": without_none(rows)}, height=ROW_HEIGHT * len(rows), medium=medium,
    ) | ON_PAGE  # fmt: skip


def _shape(study: str) -> str:
    if study == OWN_STUDY:
        return "circle"
    return "diamond" if study.startswith("Abousamra") else "square"


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="Measure"),
        alt.Tooltip("study:N", title="Study"),
        alt.Tooltip("fraction:N", title="n/N"),
        alt.Tooltip("words:N", title="Value"),
    ]
