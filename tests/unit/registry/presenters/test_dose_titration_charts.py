"""The dose and pain over time are drawn as the tables have them."""

from registry.audit.facts import Cohort
from registry.audit.protocols.dose_titration import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts
from registry.presenters.chart_parts import Medium
from tests.factories.cohorts import AS_OF
from tests.factories.founding_cohorts import titration_cohort

MEDIUM = Medium(href=lambda key: f"/cases/{key}", width=600)


def charts_of(cohort):
    result = run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1.0")
    return {chart.key: chart for chart in audit_charts.charts(result.to_json(), MEDIUM)}


def test_every_month_is_drawn_with_its_patients():
    drawn = charts_of(titration_cohort())
    dose = drawn["dose_over_time"].spec["datasets"]["months"]
    assert [(one["month"], one["value"], one["words"]) for one in dose][-1] == (24, 102.5, "n=6")
    assert dose[0]["cases"] == "/cases/dose_over_time.month_0.patients"
    pain = drawn["pain_course"].spec["datasets"]["months"]
    assert [one["value"] for one in pain] == [8, 4, 4, 4]
    for chart in drawn.values():
        assert "NaN" not in audit_charts.svg(chart.spec)
        assert "undefined" not in audit_charts.svg(chart.spec)


def test_what_nobody_has_is_not_drawn():
    assert charts_of(Cohort(patients=())) == {}
