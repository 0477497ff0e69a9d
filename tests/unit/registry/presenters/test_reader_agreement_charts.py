"""Coefficients and matrices are drawn and written as the tables have them."""

import csv
import io

import pytest

from registry.audit.facts import Cohort
from registry.audit.protocols.reader_agreement import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts, audit_csv, audit_tables
from registry.presenters.chart_parts import Medium
from tests.factories.cohorts import AS_OF
from tests.factories.double_reads import read_twice

PAIRS = (("leak", "leak"), ("leak", "occlusion"), ("normal_crescent", "normal_crescent"))
MEDIUM = Medium(href=lambda key: f"/cases/{key}", width=600)


def result_of(*patients):
    return run(
        PROTOCOL.key,
        Cohort(patients=patients),
        filters=Filters(),
        as_of=AS_OF,
        code_version="1.0",
    ).to_json()


@pytest.fixture(scope="module")
def result():
    return result_of(*(read_twice(f"s{n}", *pair, again="leak") for n, pair in enumerate(PAIRS)))


def test_charts_csv_and_tables_show_one_number(result):
    charts = {chart.key: chart for chart in audit_charts.charts(result, MEDIUM)}
    table = next(table for table in result["tables"] if table["key"] == "between")
    row = dict(zip(table["columns"], table["rows"][0], strict=True))
    drawn = charts["between"].spec["datasets"]["rows"][0]
    assert (drawn["value"], drawn["lower"], drawn["upper"]) == (
        row["coefficient"], row["coefficient_lower"], row["coefficient_upper"],
    )  # fmt: skip
    assert "cases" not in drawn
    text = audit_csv.write(result, PROTOCOL)
    written = {line["key"]: line for line in csv.DictReader(io.StringIO(text))}
    assert float(written["between.cohen_finding.coefficient"]["value"]) == row["coefficient"]
    shown = next(one for one in audit_tables.tables(result, PROTOCOL) if one.key == "between")
    assert shown.rows[0].cells[6].text == f"{row['coefficient']:.2f}" == "0.50"
    cells = charts["matrix_between"].spec["datasets"]["cells"]
    assert {cell["cases"]: cell["n"] for cell in cells if cell["n"]} == {
        "/cases/matrix_between.leak.leak": 1,
        "/cases/matrix_between.leak.occlusion": 1,
        "/cases/matrix_between.normal_crescent.normal_crescent": 1,
    }


def test_what_nobody_did_has_no_chart():
    assert audit_charts.charts(result_of(), MEDIUM) == []
    once = result_of(read_twice("a", "leak", "leak"), read_twice("b", "leak", "leak"))
    charts = audit_charts.charts(once, Medium(width=600))
    assert [chart.key for chart in charts] == ["between", "matrix_between"]
    for chart in charts:
        assert "undefined" not in audit_charts.svg(chart.spec)
        assert "NaN" not in audit_charts.svg(chart.spec)
