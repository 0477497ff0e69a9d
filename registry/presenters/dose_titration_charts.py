"""The charts of dose titration: the dose over time, and pain in CRPS."""

from typing import Any

from registry.audit.titration_tables import DOSE_OVER_TIME, PAIN_COURSE

from .audit_words import Result
from .chart_parts import Chart, Medium, Spec, address
from .month_chart import months


def charts(result: Result, medium: Medium) -> list[Chart]:
    """No chart of what nobody has."""
    drawn = [
        Chart(
            DOSE_OVER_TIME.key,
            "Daily dose since implantation",
            "Median and middle half of the dose in force, with n at each month. Not the same "
            "patients at every month.",
            _months(
                result, DOSE_OVER_TIME.key, "median_ug", "daily dose, µg", medium,
                limits=("quarter_lower", "quarter_upper"),
            ),
            DOSE_OVER_TIME.key,
            wide=True,
        ),
        Chart(
            PAIN_COURSE.key,
            "Pain in CRPS since implantation",
            "Median of the mean severity of the Brief Pain Inventory (0 to 10, less is better), "
            "with n at each month; month 0 is the last before implantation.",
            _months(result, PAIN_COURSE.key, "median_pain", "pain, 0 to 10", medium),
            PAIN_COURSE.key,
            wide=True,
        ),
    ]  # fmt: skip
    return [chart for chart in drawn if chart.spec["datasets"]["months"]]


def _months(
    result: Result,
    key: str,
    value: str,
    title: str,
    medium: Medium,
    *,
    limits: tuple[str, str] | None = None,
) -> Spec:
    table = next(table for table in result["tables"] if table["key"] == key)
    rows: list[dict[str, Any]] = []
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        low, high = (row[limit] for limit in limits) if limits else (None, None)
        rows.append(
            {
                "month": int(row["label"]),
                "value": row[value],
                "low": low,
                "high": high,
                "words": f"n={row['patients']}",
                "cases": address(medium, f"{key}.{row['key']}.patients"),
            }
        )
    return months(rows, title=title, medium=medium)
