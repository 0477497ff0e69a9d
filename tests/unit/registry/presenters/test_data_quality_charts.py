"""Charts of data quality draw what the result has, and nothing of nobody."""

from registry.audit.facts import Cohort
from registry.audit.protocols.data_quality import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts
from registry.presenters.chart_parts import Medium
from tests.factories.cohorts import AS_OF
from tests.factories.quality_cohorts import counted_by_hand, listed_by_hand


def charts(cohort, medium):
    result = run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1.0")
    return {chart.key: chart for chart in audit_charts.charts(result.to_json(), medium)}


def test_every_part_has_its_number_and_opens_its_cases():
    drawn = charts(counted_by_hand(), Medium(href=lambda key: f"/cases/{key}", width=600))
    parts = drawn["completeness"].spec["datasets"]["parts"]
    origin = {one["part"]: one for one in parts if one["label"].startswith("Origin")}
    assert {part: one["n"] for part, one in origin.items()} == {
        "answered": 2, "unknown": 1, "unanswered": 1,
    }  # fmt: skip
    assert origin["unknown"]["cases"] == "/cases/completeness.origin.unknown"
    assert (origin["unknown"]["first"], origin["unknown"]["last"]) == (0.5, 0.75)
    marks = drawn["completeness"].spec["datasets"]["marks"]
    assert {"label": "Origin of spasticity (n=4)", "at": 1.0, "of": "WEST (n=1)"} in marks
    queries = drawn["queries"].spec["datasets"]["parts"]
    assert sum(one["n"] for one in queries) == 8


def test_lists_and_registry_are_drawn_both_ways():
    drawn = charts(listed_by_hand(), Medium(href=lambda key: f"/cases/{key}", width=600))
    parts = {one["part"]: one for one in drawn["ascertainment"].spec["datasets"]["parts"]}
    assert {part: one["n"] for part, one in parts.items()} == {
        "listed, not logged": 4, "in both": 5, "logged, not listed": 1,
    }  # fmt: skip
    assert parts["logged, not listed"]["cases"] == "/cases/ascertainment.EAST.only_logged"
    assert parts["in both"]["label"] == "EAST (n=10)"


def test_of_nobody_nothing_is_drawn():
    assert charts(Cohort(patients=()), Medium(width=600)) == {}
    for chart in charts(counted_by_hand(), Medium(width=600)).values():
        svg = audit_charts.svg(chart.spec)
        assert "undefined" not in svg
        assert "NaN" not in svg
