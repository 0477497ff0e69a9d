"""Funnels and courses draw, write and list the same numbers."""

import csv
import io

from registry.audit.protocols.centre_comparison import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts, audit_csv, audit_tables
from registry.presenters.chart_parts import Medium
from tests.factories.centre_cohorts import four_centres
from tests.factories.cohorts import AS_OF

MEDIUM = Medium(href=lambda key: f"/cases/{key}", width=600)


def result_of(*centres):
    return run(
        PROTOCOL.key,
        four_centres(),
        filters=Filters(centres=centres or None),
        as_of=AS_OF,
        code_version="1.0",
    ).to_json()


def test_charts_csv_and_tables_show_one_number():
    result = result_of()
    charts = {chart.key: chart for chart in audit_charts.charts(result, MEDIUM)}
    assert list(charts) == [
        f"{kind}_{share}"
        for share in ("inconclusive", "not_verified", "no_cause", "not_resolved")
        for kind in ("funnel", "course")
    ]
    for chart in charts.values():
        assert "unadjusted" in chart.title
        drawn = audit_charts.svg(chart.spec)
        assert "NaN" not in drawn
        assert "undefined" not in drawn
    east, west = charts["funnel_inconclusive"].spec["datasets"]["centres"]
    assert (east["name"], east["value"]) == ("EAST 3/15", 0.2)
    assert west["cases"] == "/cases/funnel_inconclusive.WEST.denominator"
    assert "2 centres, 37 studies. 2 more with too few" in charts["funnel_inconclusive"].caption
    steps = charts["course_inconclusive"].spec["datasets"]["steps"]
    assert sum(step["name"] == "WEST" for step in steps) == 1 + 22
    text = audit_csv.write(result, PROTOCOL)
    written = {row["key"]: row for row in csv.DictReader(io.StringIO(text))}
    assert written["funnel_inconclusive.EAST.numerator"]["numerator"] == "3"
    assert "funnel_inconclusive.NORTH.numerator" not in written
    course = "course_inconclusive_WEST."
    scores = [
        float(row["value"])
        for key, row in written.items()
        if key.startswith(course) and key.endswith(".score")
    ]
    assert max(scores) == max(
        point[1]
        for curve in result["curves"]
        if curve["key"] == "course_inconclusive_WEST"
        for point in curve["points"]
    )
    tables = {table.key: table for table in audit_tables.tables(result, PROTOCOL)}
    words = [cell.text for cell in tables["funnel_inconclusive"].rows[0].cells]
    assert words[:4] == ["EAST", "3", "15", "20.0 % (4.3 to 48.1 %)"]


def test_a_single_centre_has_no_funnel():
    keys = [chart.key for chart in audit_charts.charts(result_of("EAST"), MEDIUM)]
    assert keys == [f"course_{share}" for share in PROTOCOL.headline]
