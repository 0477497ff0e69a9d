"""The charts of complications: shares and rates beside the published ones, grade and care."""

from collections.abc import Mapping
from typing import Any

import altair as alt

from registry.audit.complication_tables import GRADES_AND_CARE, RATES
from registry.audit.protocols.complications import PER_PATIENT
from registry.audit.published_rates import PUBLISHED_RATES, PUBLISHED_RATES_TABLE

from .audit_words import Result, interval, percent, ratio
from .chart_parts import Chart, Medium, Spec, address
from .forest_chart import OWN, PUBLISHED, compared_rows, forest
from .heat_map import heat_map

OWN_ONLY = (
    "infection_90_days",
    "deep_infection_90_days",
    "infection_60_days",
    "complication_90_days",
)


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Per operation, per patient, per year, and how bad."""
    compared = compared_rows(result)
    operation = [_estimate(result, key) for key in OWN_ONLY] + [
        row for row in compared if row["measure"] == "infection_per_operation"
    ]
    patients = [row for row in compared if row["measure"] in PER_PATIENT]
    circle = "Circle: this audit. Square: published. Bars are exact 95 % intervals"
    unadjusted = "Unadjusted: populations, length of follow-up and definitions differ."
    drawn = [
        Chart(
            "per_operation",
            "Per operation",
            f"{circle} (Clopper-Pearson). Only operations whose window was over at the cut-off "
            f"are in a denominator. {unadjusted}",
            forest(operation, medium),
            "comparators",
            wide=True,
        ),
        Chart(
            "per_patient",
            "Per patient",
            f"Patients with at least one such event in the period, of all patients. {circle} "
            f"(Clopper-Pearson). {unadjusted}",
            forest(patients, medium),
            "comparators",
            wide=True,
        ),
        Chart(
            "per_year",
            "Per 100 patient-years of therapy",
            f"{circle} (Garwood); a square without a bar is a rate printed without events. "
            f"{unadjusted}",
            _rates(result, medium),
            RATES.key,
            wide=True,
        ),
    ]
    table = _rows(result, GRADES_AND_CARE.key)
    if table[-1]["total"]:
        drawn.append(
            Chart(
                "grades",
                "Grade and the hospital care it took",
                "Events by Clavien-Dindo-Sink grade and the highest level of hospital care. The "
                "shade is the share of the row.",
                _grades(table, medium),
                GRADES_AND_CARE.key,
                wide=True,
            )
        )
    return drawn


def _estimate(result: Result, key: str) -> dict[str, Any]:
    """An estimate without published figure, as a row of the forest."""
    one = next(one for one in result["estimates"] if one["key"] == key)
    row = {
        "measure": key,
        "kind": OWN,
        "study": "This audit",
        "label": one["label"].replace(" days", " d"),
        "fraction": f"{one['numerator']}/{one['denominator']}",
        "value": one["value"],
        "lower": one["lower"],
        "upper": one["upper"],
    }
    return row | {"words": _share(one)}


def _share(one: Mapping[str, Any]) -> str:
    limits = interval(one["lower"], one["upper"])
    return f"{percent(one['value'])} ({limits})" if limits else percent(one["value"])


def _rates(result: Result, medium: Medium) -> Spec:
    rows: list[dict[str, Any]] = []
    published = dict(zip(PUBLISHED_RATES, _rows(result, PUBLISHED_RATES_TABLE.key), strict=True))
    for own in _rows(result, RATES.key):
        if own["key"] == "early_infection":
            continue
        rows.append(
            _rate(
                own, kind=OWN, study="This audit", fraction=f"{own['events']} events",
                measure=f"{RATES.key}.{own['key']}.events",
            )
        )  # fmt: skip
        rows += [
            _rate(row, kind=PUBLISHED, study=row["label"], fraction=row["printed"], measure="")
            for figure, row in published.items()
            if figure.measure == own["key"]
        ]
    largest = max((row.get("upper") or row["value"] or 0 for row in rows), default=0)
    axis = {
        "scale": alt.Scale(domain=[0, max(largest, 1)]),
        "axis": alt.Axis(
            title="events per 100 patient-years", domain=False, ticks=False, tickCount=6
        ),
    }
    return forest(rows, medium, x=axis)


def _rate(
    row: dict[str, Any], *, kind: str, study: str, fraction: str, measure: str
) -> dict[str, Any]:
    value, lower, upper = row["rate"], row["rate_lower"], row["rate_upper"]
    words = "not defined" if value is None else ratio(value)
    if lower is not None:
        words = f"{words} ({ratio(lower)} to {ratio(upper)})"
    return {
        "measure": measure,
        "kind": kind,
        "study": study,
        "label": row["label"],
        "fraction": fraction,
        "value": value,
        "lower": value if lower is None else lower,
        "upper": value if upper is None else upper,
        "words": words,
    }


def _grades(table: list[dict[str, Any]], medium: Medium) -> Spec:
    care = [column for column in GRADES_AND_CARE.columns if column.key.startswith("care_")]
    names = {row["key"]: f"{row['label']} (n={row['total']})" for row in table[:-1]}
    cells = [
        {
            "row": names[row["key"]],
            "column": column.label,
            "n": row[column.key],
            "cases": address(medium, f"{GRADES_AND_CARE.key}.{row['key']}.{column.key}"),
        }
        for row in table[:-1]
        for column in care
    ]
    return heat_map(
        cells,
        rows=list(names.values()),
        columns=[column.label for column in care],
        row_title="Grade",
        column_title="Hospital care",
        medium=medium,
    )


def _rows(result: Result, key: str) -> list[dict[str, Any]]:
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
