"""The chart of Ford 1996: each step beside the printed one."""

from .audit_words import Result
from .chart_parts import Chart, Medium
from .forest_chart import compared_rows, forest


def charts(result: Result, medium: Medium) -> list[Chart]:
    """From the test dose to the outcome, own and printed."""
    tested = result["flow"][0]["n"]
    return [
        Chart(
            "steps",
            "From the test dose to the outcome, beside the paper",
            f"Circle: this audit, n={tested} patients given a test dose. Square: Ford 1996. Bars "
            "are exact 95 % intervals (Clopper-Pearson). Unadjusted: patients and questions asked "
            "of them differ.",
            forest(compared_rows(result), medium),
            "comparators",
            wide=True,
        )
    ]
