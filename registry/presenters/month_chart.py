"""A number over the months since implantation: its median, its middle half, and how many."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from .chart_parts import ON_PAGE, Medium, Spec, framed, link, without_none

HEIGHT = 220
COLOUR = "#34449a"


def months(rows: Sequence[Mapping[str, Any]], *, title: str, medium: Medium) -> Spec:
    """Rows with `month`, `value`, `words` and, where there are any, `low`, `high` and `cases`."""
    points = without_none(row for row in rows if row["value"] is not None)
    x: dict[str, Any] = {
        "axis": alt.Axis(
            title="months since implantation", values=[row["month"] for row in points], grid=False
        ),
        "scale": alt.Scale(nice=False, padding=24),
    }
    y: dict[str, Any] = {
        "axis": alt.Axis(title=title, tickCount=5),
        "scale": alt.Scale(zero=True, padding=18),
    }
    base = alt.Chart(alt.NamedData("months"))
    here: dict[str, Any] = {"x": alt.X("month:Q", **x), "y": alt.Y("value:Q", **y)}
    bars = (
        base.transform_filter("isValid(datum.low)")
        .mark_rule(strokeWidth=6, opacity=0.25, color=COLOUR)
        .encode(x=alt.X("month:Q", **x), y=alt.Y("low:Q", **y), y2="high:Q")
    )
    line = base.mark_line(strokeWidth=1.4, color=COLOUR).encode(**here)
    marks = base.mark_point(size=70, filled=True, opacity=1, color=COLOUR).encode(
        **here,
        **link(medium),
        tooltip=[alt.Tooltip("month:Q", title="Month"), alt.Tooltip("words:N", title="Patients")],
    )
    words = base.mark_text(dy=-13, fontSize=11).encode(**here, text="words:N")
    spec: Spec = alt.layer(bars, line, marks, words).to_dict(validate=False)
    return spec | ON_PAGE | framed({"months": points}, HEIGHT, medium)
