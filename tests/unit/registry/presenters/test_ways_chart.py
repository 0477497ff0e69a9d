"""The ways are drawn from their table, on page and paper."""

from datetime import UTC, datetime

from registry.audit.facts import Cohort
from registry.audit.protocols.ct_accuracy import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_page, audit_pdf, ways_chart
from registry.presenters.chart_parts import Medium
from tests.factories.accuracy_cohorts import delhaas_like
from tests.factories.cohorts import AS_OF

MEDIUM = Medium(href=lambda key: f"/cases/{key}")


def result_of(cohort):
    return run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1").to_json()


def test_every_step_of_the_table_is_a_band_with_its_link():
    result = result_of(delhaas_like())
    (chart,) = ways_chart.ways(result, MEDIUM, verified="")
    rows = next(table["rows"] for table in result["tables"] if table["key"] == chart.table)
    assert chart.drawing.count('class="band"') == len(rows)
    assert "All 50 studies" in chart.caption
    assert "/cases/ways.ct:leak&gt;next:operated.studies" in chart.drawing


def test_the_drawing_stands_in_page_document_and_paper():
    result = result_of(delhaas_like())
    page = audit_page.page(result, PROTOCOL, href=lambda key: f"/cases/{key}")
    (on_page,) = [one for one in page.charts if one.chart.key == "ways"]
    assert on_page.svg == on_page.chart.drawing
    alone = audit_page.standalone(result, PROTOCOL)
    assert any('class="band"' in one.svg for one in alone.charts)
    made_at = datetime(2025, 1, 2, tzinfo=UTC)
    paper = audit_pdf.document(result, PROTOCOL, title="Audit", made_at=made_at)
    assert sum('class="band"' in chart["svg"] for chart in paper["charts"]) == 1


def test_of_nobody_and_of_older_results_nothing_is_drawn():
    empty = result_of(Cohort(()))
    assert ways_chart.ways(empty, MEDIUM, verified="") == []
    older = empty | {"tables": [one for one in empty["tables"] if one["key"] != "ways"]}
    assert ways_chart.ways(older, MEDIUM, verified="") == []
