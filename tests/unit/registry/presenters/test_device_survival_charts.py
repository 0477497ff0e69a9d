from registry.audit.component_tables import MINIMUM_AT_RISK
from registry.audit.facts import Cohort
from registry.presenters import audit_charts, device_survival_charts
from registry.presenters.chart_parts import Medium
from tests.unit.registry.audit.protocols.test_device_survival import RESULT, audited

CHARTS = {one.key: one for one in device_survival_charts.charts(RESULT.to_json(), Medium())}


def test_every_chart_has_its_table_and_says_how_few_are_too_few():
    assert {"revision_by_kind", "failure_by_kind", "ends_pump", "rates", "repeated"} <= set(CHARTS)
    assert {"groups_pump_model", "groups_pump_centre", "groups_spinal_segment_material"} <= set(
        CHARTS
    )
    assert {chart.table for chart in CHARTS.values()} <= {one.key for one in RESULT.tables}
    assert f"fewer than {MINIMUM_AT_RISK} " in device_survival_charts.CURVE_ENDS


def test_the_curves_carry_n_and_the_numbers_at_risk_of_the_table():
    data = CHARTS["revision_by_kind"].spec["datasets"]
    assert {point["line"] for point in data["points"]} == {
        "Pump (n=120)",
        "Spinal segment (n=120)",
    }
    at_risk = next(table for table in RESULT.tables if table.key == "at_risk")
    pump = dict(zip(at_risk.columns, at_risk.rows[0], strict=True))
    for number in data["numbers"]:
        if number["line"].startswith("Pump"):
            assert number["n"] == str(pump[f"year_{number['year']}"])


def test_nobody_gives_no_charts_and_the_others_can_be_drawn():
    assert device_survival_charts.charts(audited(Cohort(())).to_json(), Medium()) == []
    svg = audit_charts.svg(CHARTS["ends_pump"].spec | {"width": 600})
    assert "Device failure" in svg
    assert "120" in svg
