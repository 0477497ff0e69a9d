"""Pairs and balance are drawn as the tables have them."""

from registry.audit.facts import Cohort
from registry.audit.protocols.mccormick_2016 import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts
from registry.presenters.chart_parts import Medium
from tests.factories.cohorts import AS_OF
from tests.factories.founding_cohorts import mccormick_cohort


def charts_of(cohort):
    result = run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1.0")
    return {one.key: one for one in audit_charts.charts(result.to_json(), Medium(width=600))}


def test_differences_before_and_after_stand_in_one_chart():
    drawn = charts_of(mccormick_cohort())
    assert "62 patients in 31 pairs" in drawn["matched"].caption
    rows = drawn["balance"].spec["datasets"]["rows"]
    male = [row for row in rows if row["measure"] == "male"]
    assert [(row["kind"], round(row["value"], 3)) for row in male] == [
        ("this audit", 0.0),
        ("published", -0.117),
    ]
    for chart in drawn.values():
        assert "NaN" not in audit_charts.svg(chart.spec)
        assert "undefined" not in audit_charts.svg(chart.spec)


def test_without_a_pair_nothing_is_drawn():
    assert charts_of(Cohort(patients=())) == {}
