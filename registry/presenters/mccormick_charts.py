"""The charts of McCormick 2016: who was matched, and how alike the arms became."""

from typing import Any

from registry.audit.matched_arms import BALANCE
from registry.audit.protocol import Form

from .audit_words import Result, characteristic, number
from .chart_parts import Chart, Medium, Spec, coefficient_axis
from .forest_chart import OWN, PUBLISHED, compared_rows, forest


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Nothing is drawn of arms without a pair."""
    pairs = next(box["n"] for box in result["flow"] if box["key"] == "matched_pump")
    if not pairs:
        return []
    return [
        Chart(
            "matched",
            "Who was matched, beside the paper",
            f"n={2 * pairs} patients in {pairs} pairs. Circle: this audit. Square: McCormick 2016, "
            "62 patients. Bars are exact 95 % intervals (Clopper-Pearson). Unadjusted.",
            forest(compared_rows(result), medium),
            "comparators",
            wide=True,
        ),
        Chart(
            BALANCE.key,
            "How alike the arms are, before and after matching",
            f"Standardised differences, pump less no pump; {pairs} pairs. Circle: after matching. "
            "Open square: before. 0 is alike; beyond 1 is drawn at the edge.",
            _balance(result, medium),
            BALANCE.key,
            wide=True,
        ),
    ]


def _balance(result: Result, medium: Medium) -> Spec:
    table = next(table for table in result["tables"] if table["key"] == BALANCE.key)
    rows: list[dict[str, Any]] = []
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        for kind, label, when in (
            (OWN, characteristic(row["label"]), "after"),
            (PUBLISHED, "before matching", "before"),
        ):
            value = row[f"difference_{when}"]
            rows.append(
                {
                    "measure": row["key"],
                    "kind": kind,
                    "study": "This audit" if kind == OWN else label,
                    "label": label,
                    "fraction": "",
                    "value": value,
                    "lower": None,
                    "upper": None,
                    "words": number(value, Form.COEFFICIENT) or "–",
                }
            )
    # No single patient stands behind a difference, so its mark opens none.
    unlinked = Medium(None, medium.glyph_address, medium.width, medium.font)
    x = coefficient_axis()
    x["axis"].title = "standardised difference"
    return forest(rows, unlinked, x=x)
