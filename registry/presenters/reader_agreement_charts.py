"""The charts of agreement: every coefficient with its interval, and the matrices."""

from typing import Any

from registry.audit.agreement_tables import BETWEEN, MATRIX_BETWEEN, MATRIX_WITHIN, WITHIN
from registry.audit.codes import FINDING_LABELS
from registry.audit.protocol import Form

from .audit_words import Result, limits_words, number
from .chart_parts import Chart, Medium, Spec, address, coefficient_axis
from .forest_chart import OWN, forest
from .heat_map import heat_map


def charts(result: Result, medium: Medium) -> list[Chart]:
    """Coefficients and matrix between readers, then within; no chart of what nobody did."""
    drawn = [
        Chart(
            "between",
            "Agreement between readers, beyond chance",
            "Circles: this audit; bars are 95 % intervals. 1 is perfect, 0 no better than chance. "
            "Nothing published stands beside them: none is known to us.",
            _coefficients(result, BETWEEN.key, medium),
            BETWEEN.key,
            wide=True,
        ),
        Chart(
            "matrix_between",
            "Two readers of one study",
            "Studies by the finding of the read signed first and of the read signed second. The "
            "diagonal is agreement; the shade is the share of the row.",
            _matrix(result, MATRIX_BETWEEN.key, "Signed first", "Signed second", medium),
            MATRIX_BETWEEN.key,
            wide=True,
        ),
        Chart(
            "within",
            "Agreement of readers with themselves, beyond chance",
            "Each reader's first look against the same reader's masked second look. Bars are 95 % "
            "intervals.",
            _coefficients(result, WITHIN.key, medium),
            WITHIN.key,
            wide=True,
        ),
        Chart(
            "matrix_within",
            "One reader, twice",
            "Pairs of looks by the finding of the first and of the second. The diagonal is "
            "agreement.",
            _matrix(result, MATRIX_WITHIN.key, "First look", "Second look", medium),
            MATRIX_WITHIN.key,
            wide=True,
        ),
    ]
    seen = {
        name: any(row["subjects"] for row in _rows(result, name))
        for name in (BETWEEN.key, WITHIN.key)
    }
    return [chart for chart in drawn if seen[chart.key.removeprefix("matrix_")]]


def _coefficients(result: Result, key: str, medium: Medium) -> Spec:
    rows: list[dict[str, Any]] = []
    for row in _rows(result, key):
        words = number(row["coefficient"], Form.COEFFICIENT) or f"– ({row['reason']})"
        limits = limits_words(row["coefficient_lower"], row["coefficient_upper"], Form.COEFFICIENT)
        rows.append(
            {
                "measure": row["key"],
                "kind": OWN,
                "study": "This audit",
                "label": row["label"],
                "fraction": f"n={row['subjects']}",
                "value": row["coefficient"],
                "lower": row["coefficient_lower"],
                "upper": row["coefficient_upper"],
                "words": f"{words} ({limits})" if limits else words,
            }
        )
    # No single study stands behind a coefficient, so its mark opens none.
    unlinked = Medium(None, medium.glyph_address, medium.width, medium.font)
    return forest(rows, unlinked, x=coefficient_axis())


def _matrix(result: Result, key: str, row_title: str, column_title: str, medium: Medium) -> Spec:
    rows = _rows(result, key)
    names = {row["key"]: f"{row['label']} (n={row['total']})" for row in rows}
    cells = [
        {
            "row": names[row["key"]],
            "column": label,
            "n": row[finding],
            "cases": address(medium, f"{key}.{row['key']}.{finding}"),
        }
        for row in rows
        for finding, label in FINDING_LABELS.items()
    ]
    return heat_map(
        cells,
        rows=list(names.values()),
        columns=list(FINDING_LABELS.values()),
        row_title=row_title,
        column_title=column_title,
        medium=medium,
    )


def _rows(result: Result, key: str) -> list[dict[str, Any]]:
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
