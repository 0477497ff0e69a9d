"""Charts of complications draw what the tables have, and nothing of nobody."""

import pytest

from registry.audit.facts import Cohort
from registry.audit.protocols.complications import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts
from registry.presenters.chart_parts import Medium
from tests.factories.cohorts import AS_OF
from tests.factories.complication_cohorts import counted_by_hand

MEDIUM = Medium(href=lambda key: f"/cases/{key}", width=600)


def charts(cohort, medium=MEDIUM):
    result = run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1.0")
    return {chart.key: chart for chart in audit_charts.charts(result.to_json(), medium)}


@pytest.fixture(scope="module")
def drawn():
    return charts(counted_by_hand())


def test_own_figures_stand_beside_published_ones_and_open_their_cases(drawn):
    operation = drawn["per_operation"].spec["datasets"]["rows"]
    assert [(row["fraction"], row.get("cases")) for row in operation][-2:] == [
        ("4/4", "/cases/infection_per_operation"), ("50/720", None),
    ]  # fmt: skip
    rates = drawn["per_year"].spec["datasets"]["rows"]
    own, published, printed_only = rates[0], rates[1], rates[4]
    assert (own["fraction"], own["cases"]) == ("4 events", "/cases/rates.infection.events")
    assert published["lower"] < published["value"] < published["upper"]
    assert printed_only["lower"] == printed_only["value"] == 0.95
    cells = drawn["grades"].spec["datasets"]["cells"]
    assert {cell["cases"].split(".", 1)[1]: cell["n"] for cell in cells if cell["n"]} == {
        "grade_ii.care_icu": 1, "grade_iii.care_ward": 1, "not_graded.care_not_known": 3,
    }  # fmt: skip


def test_of_nobody_nothing_is_drawn_that_is_not_defined():
    nobody = charts(Cohort(patients=()), Medium(width=600))
    assert list(nobody) == ["per_operation", "per_patient", "per_year"]
    for chart in nobody.values():
        svg = audit_charts.svg(chart.spec)
        assert "undefined" not in svg
        assert "NaN" not in svg
