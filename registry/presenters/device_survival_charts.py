"""The charts of device survival: curves with numbers at risk, and rates with intervals."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import altair as alt

from registry.audit.component_groups import DIMENSIONS
from registry.audit.component_tables import FREEDOM, INCIDENCE, RATES, REPEATED
from registry.audit.devices import KIND_LABELS, ComponentKind
from registry.audit.protocol import Form
from registry.audit.survival_curves import AT_RISK, RISK_YEARS

from .audit_words import Result, limits_words, ratio
from .chart_parts import Chart, Medium
from .forest_chart import OWN, forest
from .lanes_chart import lanes
from .survival_chart import LINES, Line, has_bands, steps

CURVE_ENDS = "A curve ends where fewer than 20 are at risk."
"""The number is `MINIMUM_AT_RISK`, and a test says so."""

TOPS = (0.04, 0.08, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0, 4.0, 8.0, 20.0, 40.0, 100.0, 1e9)

IN_CHARTS = (ComponentKind.PUMP, ComponentKind.SPINAL_SEGMENT)
"""Kinds whose groups get charts of their own; those of the others stand in the tables."""


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Curves by kind, what ends a component, groups, rates; no chart of what nobody watched."""
    at_risk = {row["key"]: row for row in _rows(result, AT_RISK.key)}
    lines = {curve["key"]: curve for curve in result["curves"] if curve["points"]}

    def line(key: str, group: str, label: str = "") -> Line:
        row = at_risk[group]
        n = next(one["components"] for one in _rows(result, RATES.key) if one["key"] == group)
        numbers = {years: row[f"year_{years}"] for years in RISK_YEARS}
        return Line(label or lines[key]["label"], n, lines[key]["points"], numbers)

    drawn = []
    for endpoint, title in (
        ("revision", "Free of any revision"),
        ("failure", "Free of device failure"),
    ):
        shown = [
            line(f"free-of-{endpoint}-{kind}", str(kind))
            for kind in ComponentKind
            if f"free-of-{endpoint}-{kind}" in lines
        ]
        if shown:
            drawn.append(
                Chart(
                    f"{endpoint}_by_kind",
                    f"{title}, by component",
                    f"Kaplan-Meier with delayed entry. {_bands(shown)}",
                    steps(shown, medium, y_title="still free", wide=True),
                    FREEDOM[endpoint].key,
                    wide=True,
                )
            )
    drawn += _ends(lines, line, medium)
    drawn += _groups(lines, line, medium)
    drawn += _repeated(result, lines, medium)
    drawn += lanes(result, medium)
    rates = _rows(result, RATES.key)
    if rates:
        drawn.append(_rates(rates, medium))
    return drawn


def _bands(shown: Sequence[Line]) -> str:
    drawn = "Bands are 95 % intervals." if has_bands(shown) else "Intervals are in the tables."
    return f"{drawn} {CURVE_ENDS}"


def _ends(lines: dict[str, Any], line: Any, medium: Medium) -> list[Chart]:
    found = []
    for kind in IN_CHARTS:
        keys = [key for key in lines if key.startswith("ended-by-") and key.endswith(f"-{kind}")]
        shown = [
            line(key, str(kind), lines[key]["label"].partition(": ")[2].capitalize())
            for key in keys[: len(LINES)]
        ]
        if shown:
            found.append(
                Chart(
                    f"ends_{kind}",
                    f"What ends a {KIND_LABELS[kind].lower()}",
                    "Cumulative incidence (Aalen-Johansen): the share that ended in this way, the "
                    f"other ends happening as they do. {_bands(shown)}",
                    steps(shown, medium, y_title="ended by then", top=_top(shown)),
                    INCIDENCE.key,
                )
            )
    return found


def _groups(lines: dict[str, Any], line: Any, medium: Medium) -> list[Chart]:
    found = []
    for kind in IN_CHARTS:
        for dimension in DIMENSIONS:
            start = f"free-of-revision-{kind}-{dimension.key}-"
            shown = sorted(
                (
                    line(key, key.removeprefix("free-of-revision-"),
                         _named(lines[key]["label"], dimension.key))
                    for key in lines
                    if key.startswith(start)
                ),
                key=lambda one: -one.n,
            )[: len(LINES)]  # fmt: skip
            if len(shown) > 1:
                found.append(
                    Chart(
                        f"groups_{kind}_{dimension.key}",
                        f"{KIND_LABELS[kind]} by {dimension.label}: free of any revision",
                        f"The largest groups, at most {len(LINES)}. Unadjusted. {_bands(shown)}",
                        steps(shown, medium, y_title="still free"),
                        FREEDOM["revision"].key,
                    )
                )
    return found


def _named(label: str, dimension: str) -> str:
    """The words of a group within its chart; a model without its manufacturer."""
    words = label.partition(": ")[2]
    return words.partition(" ")[2] or words if dimension == "model" else words


def _repeated(result: Result, lines: dict[str, Any], medium: Medium) -> list[Chart]:
    curve = lines.get("repeated")
    if curve is None:
        return []
    rows = _rows(result, REPEATED.key)
    numbers = {int(row["key"].removeprefix("year_")): row["at_risk"] for row in rows}
    first = curve["points"][0]
    one = Line("Patients", first[1], curve["points"], {0: first[1]} | numbers)
    return [
        Chart(
            "repeated",
            "Revisions per patient, all of them",
            "Mean cumulative function: a patient revised twice counts twice. n is who was watched "
            f"at the start of the line. {_bands([one])}",
            steps([one], medium, y_title="mean revisions", top=_top([one]), percent=False),
            REPEATED.key,
        )
    ]


def _rates(rates: Sequence[dict[str, Any]], medium: Medium) -> Chart:
    shown = [row for row in rates if "-" not in row["key"] or "-model-" in row["key"]]
    rows: list[dict[str, Any]] = []
    for row in shown:
        limits = limits_words(row["rate_lower"], row["rate_upper"], Form.RATIO)
        rows.append(
            {
                "measure": f"{RATES.key}.{row['key']}.revised",
                "kind": OWN,
                "study": "This audit",
                "label": row["label"],
                "fraction": f"{row['revised']} in {ratio(row['years'])} y",
                "value": row["rate"],
                "lower": row["rate_lower"],
                "upper": row["rate_upper"],
                "words": f"{ratio(row['rate']) or '–'} ({limits or '–'})",
            }
        )
    largest = max((row["rate"] or 0 for row in shown), default=0)
    axis = {
        "scale": alt.Scale(domain=[0, max(5, ceil(largest * 1.6))], clamp=True),
        "axis": alt.Axis(
            title="any-cause revisions per 100 component-years, with exact 95 % interval",
            domain=False, ticks=False,
        ),
    }  # fmt: skip
    return Chart(
        "rates",
        "Revisions per 100 component-years, by component and model",
        "Circles: this audit; bars are exact Poisson intervals, cut off at the right where the "
        "scale ends. No published rate with its counts is known to us.",
        forest(rows, medium, x=axis),
        RATES.key,
        wide=True,
    )


def _top(lines: Sequence[Line]) -> float:
    """The end of the scale above the largest limit drawn, such that a quarter of it is round."""
    largest = max(point[5] or point[3] for line in lines for point in line.points)
    return next(top for top in TOPS if largest <= top)


def _rows(result: Result, key: str) -> list[dict[str, Any]]:
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
