"""Where contrast leaked, with the interval of each site."""

from typing import Any

import altair as alt

from registry.audit.leak_sites import LEAK_SITES, SITE_NOT_RECORDED

from .audit_words import FINDINGS, Result, interval, percent
from .chart_parts import (
    GAP,
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

SITE_HEIGHT = 22
SITES_OF_THE_ABSTRACT = (
    "pump_pocket_around_pump",
    "lumbar_canal_below_entry",
    "lumbar_outside_canal",
)


def site_rows(result: Result) -> list[dict[str, Any]]:
    """Sites with a leak, and the three of the abstract where there is any leak at all."""
    table = next(table for table in result["tables"] if table["key"] == LEAK_SITES.key)
    rows = [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
    if not any(row["leaks"] for row in rows):
        return []
    return [
        {
            "key": row["key"],
            "row": row["label"],
            "value": row["value"],
            "lower": row["lower"],
            "upper": row["upper"],
            "fraction": f"{row['patients']}/{row['leaks']}",
            "words": f"{row['patients']}/{row['leaks']}{GAP}{percent(row['value'])} "
            f"({interval(row['lower'], row['upper'])})"
            if row["value"] is not None
            else f"{row['patients']}/{row['leaks']}",
        }
        for row in rows
        if row["patients"] or row["key"] in SITES_OF_THE_ABSTRACT
    ]


def leak_sites(sites: list[dict[str, Any]], medium: Medium) -> Spec:
    for site in sites:
        column = f"leak_sites.{site['key']}.patients"
        number = column if site["key"] == SITE_NOT_RECORDED else f"leak_site_{site['key']}"
        site["cases"] = address(medium, number)
    order = [site["row"] for site in sites]
    numbers = {site["row"]: site["words"] for site in sites}
    base = alt.Chart(alt.NamedData("rows"))
    y = place("row:N", order, words_at_left())
    colour = alt.value(FINDINGS["leak"].colour)
    tooltip = [alt.Tooltip("row:N", title="Site"), alt.Tooltip("words:N", title="Patients")]
    whisker = base.mark_rule(strokeWidth=1.8).encode(
        y=y, x=alt.X("lower:Q", **percent_axis()), x2="upper:Q", color=colour, tooltip=tooltip
    )
    point = base.mark_point(size=70, filled=True, opacity=1).encode(
        y=place("row:N", order, None),
        x=alt.X("value:Q", **percent_axis()),
        color=colour,
        tooltip=tooltip,
        **link(medium),
    )
    second = base.mark_point(opacity=0).encode(y=place("row:N", order, words_at_right(numbers)))
    return layered(
        whisker, point, second,
        datasets={"rows": without_none(sites)}, height=SITE_HEIGHT * len(sites), medium=medium,
    )  # fmt: skip
