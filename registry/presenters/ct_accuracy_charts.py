"""The charts of accuracy: beside the published figures, four ways, corrected, and concordance."""

from typing import Any

from registry.audit.accuracy_tables import ACCURACY, CORRECTED, THREE_BY_TWO
from registry.audit.concordance import AT_OPERATION, CONCORDANCE

from . import ways_chart
from .audit_words import Result, interval, percent
from .chart_parts import Chart, Medium, address
from .forest_chart import OWN, PUBLISHED, compared_rows, forest
from .heat_map import heat_map

SHOWN = ("sensitivity", "specificity")
HANDLINGS = ("", "_as_positive", "_as_negative", "_own_result")


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Figures beside the published, the four ways, the correction, the heat map, the ways."""
    verified = verified_words(result)
    return [
        Chart(
            "accuracy",
            "Accuracy beside the published figures",
            "Filled circle: this audit. Open shapes: published. Bars are exact 95 % intervals "
            f"(Clopper-Pearson). Unadjusted: references and populations differ. {verified}",
            forest(compared_rows(result), medium),
            "comparators",
            wide=True,
        ),
        Chart(
            "four_ways",
            "Four ways with non-diagnostic studies, and corrected for who was verified",
            "Filled: as counted, with exact 95 % intervals (Clopper-Pearson). Open: corrected by "
            "Begg-Greenes with its 95 % interval, then what is possible without any assumption. "
            f"{verified}",
            forest(_ways(result), medium),
            ACCURACY.key,
            wide=True,
        ),
        Chart(
            "concordance",
            "What the CT showed, and what the surgeon found",
            "Verified studies; the shade is the share of the row. An operation with several kinds "
            f"of defect counts in each. {verified}",
            _concordance(result, medium),
            CONCORDANCE.key,
            wide=True,
        ),
        *ways_chart.ways(result, medium, verified=verified),
    ]


def verified_words(result: Result) -> str:
    """The verified fraction by result of the test; it stands on every figure."""
    parts = [
        f"{row['label'].lower()} {row['all'] - row['unverified']}/{row['all']}"
        for row in _rows(result, THREE_BY_TWO.key)
    ]
    return f"Verified by an operation: {', '.join(parts)}."


def _ways(result: Result) -> list[dict[str, Any]]:
    figures = {row["key"]: row for row in _rows(result, ACCURACY.key)}
    corrected = {row["key"]: row for row in _rows(result, CORRECTED.key)}
    rows = []
    for measure in SHOWN:
        for handling in HANDLINGS:
            row = figures[measure + handling]
            rows.append(
                _forest_row(
                    row["key"],
                    OWN,
                    row["label"],
                    f"{row['numerator']}/{row['denominator']}",
                    (row["value"], row["exact_lower"], row["exact_upper"]),
                )
            )
        row = corrected[f"corrected_{measure}"]
        of = f"{row['verified']}/{row['tested']} verified"
        rows += [
            _forest_row(
                f"{row['key']}",
                PUBLISHED,
                "corrected (Begg-Greenes)",
                of,
                (row["corrected"], row["corrected_lower"], row["corrected_upper"]),
            ),
            _forest_row(
                f"{row['key']}",
                PUBLISHED,
                "possible without assumption",
                of,
                (None, row["bound_lower"], row["bound_upper"]),
            ),
        ]
    return rows


def _forest_row(
    measure: str,
    kind: str,
    label: str,
    fraction: str,
    figure: tuple[float | None, float | None, float | None],
) -> dict[str, Any]:
    value, lower, upper = figure
    limits = interval(lower, upper)
    words = percent(value) if value is not None or not limits else ""
    return {
        "measure": measure,
        "kind": kind,
        "study": "This audit" if kind == OWN else label,
        "label": label,
        "fraction": fraction,
        "value": value,
        "lower": lower,
        "upper": upper,
        "words": f"{words} ({limits})".strip() if limits else words,
    }


def _concordance(result: Result, medium: Medium) -> dict[str, Any]:
    rows = _rows(result, CONCORDANCE.key)
    names = {row["key"]: f"{row['label']} (n={row['verified']})" for row in rows}
    cells = [
        {
            "row": names[row["key"]],
            "column": label,
            "n": row[kind],
            "cases": address(medium, f"{CONCORDANCE.key}.{row['key']}.{kind}"),
        }
        for row in rows
        for kind, label in AT_OPERATION.items()
    ]
    return heat_map(
        cells,
        rows=list(names.values()),
        columns=list(AT_OPERATION.values()),
        row_title="Contrast CT",
        column_title="Operation",
        medium=medium,
    )


def _rows(result: Result, key: str) -> list[dict[str, Any]]:
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
