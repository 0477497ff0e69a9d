"""Charts of the times draw what the result has, and nothing of nobody."""

from registry.audit.facts import Cohort
from registry.audit.protocols.time_to_treatment import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts
from registry.presenters.chart_parts import Medium
from tests.factories.case_cohorts import counted_by_hand, going
from tests.factories.cohorts import AS_OF


def charts(cohort, medium):
    result = run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1.0")
    return {chart.key: chart for chart in audit_charts.charts(result.to_json(), medium)}


def test_every_case_that_got_there_is_a_dot_with_n_on_the_chart():
    medium = Medium(href=lambda key: f"/cases/{key}", width=600)
    drawn = charts(counted_by_hand(), medium)
    points = drawn["times"].spec["datasets"]["points"]
    assert sum(point["cases_n"] for point in points) == 6 + 4 + 3 + 4
    first = drawn["times"].spec["datasets"]["boxes"][0]
    assert (first["row"], first["median"]) == ("Suspicion to CT (n=6)", 5)
    assert first["cases"] == "/cases/times.suspicion_to_ct.reached"
    lines = drawn["by_day"].spec["datasets"]["points"]
    assert {point["line"] for point in lines} >= {"Suspicion to CT (n=9)"}


def test_of_nobody_nothing_is_drawn():
    assert charts(Cohort(patients=()), Medium(width=600)) == {}
    for chart in charts(Cohort(patients=(going("a", ct=0),)), Medium(width=600)).values():
        svg = audit_charts.svg(chart.spec)
        assert "undefined" not in svg
        assert "NaN" not in svg
