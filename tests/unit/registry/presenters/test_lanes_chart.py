"""The swimmer plot has every lane and mark of its table, on page and paper."""

from datetime import UTC, datetime
from xml.etree import ElementTree

from registry.audit.comparison import compare
from registry.audit.facts import Cohort
from registry.audit.protocols.device_survival import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_page, audit_pdf, lanes_chart
from registry.presenters.chart_parts import Medium
from tests.factories.component_cohorts import many_components
from tests.factories.lane_cohorts import LAST, day, lane_cohort

SVG = "{http://www.w3.org/2000/svg}"
MEDIUM = Medium(href=lambda key: f"/cases/{key}")


def result_of(cohort, **filters):
    return run(
        PROTOCOL.key, cohort, filters=Filters(**filters), as_of=LAST, code_version="1"
    ).to_json()


RESULT = result_of(lane_cohort())


def drawn(result=RESULT, medium=MEDIUM):
    (chart,) = lanes_chart.lanes(result, medium)
    return chart, ElementTree.fromstring(chart.drawing)


def classed(svg, tag, name):
    return svg.findall(f".//{SVG}{tag}[@class='{name}']")


def test_every_lane_bar_and_mark_of_the_table_is_drawn():
    chart, svg = drawn()
    rows = next(table["rows"] for table in RESULT["tables"] if table["key"] == chart.table)
    parts = [row for row in rows if ":patient:" not in row[0]]
    lanes = classed(svg, "a", "lane text-decoration-none")
    assert len(lanes) == len(rows) - len(parts) == 7
    assert len(classed(svg, "rect", "bar")) == sum(row[2] is not None for row in parts)
    marks = [one.get("data-cause") for one in classed(svg, "g", "mark")]
    assert sorted(marks) == sorted(row[0].split(":")[4] for row in parts if row[0].count(":") == 4)
    assert [len(classed(svg, "g", name)) for name in ("undated", "entry")] == [1, 0]
    titles = [one.findtext(f"{SVG}title") for one in lanes]
    assert titles[0] == (
        "Patient 1: days 0 to 3650, watched to the end, 3 revisions. Open the cases."
    )
    assert lanes[0].get("href") == "/cases/lanes.1:0:patient:watched.components"
    words = chart.drawing
    assert "Patient 4, connector: day 800, explanted: device failure" in words
    assert "Patient 4, pump (day known to the year): days 0 to 3650, in place" in words
    assert "style=" not in words


def test_delayed_entry_is_a_lane_that_begins_there():
    _, svg = drawn(result_of(lane_cohort(), performed_from=day(1000)))
    lefts = {one.get("d").split("H")[0] for one in classed(svg, "path", "line")}
    assert len(classed(svg, "g", "entry")) == 7
    assert all(float(left[1:].split()[0]) > 200 for left in lefts)


def test_the_caption_says_n_and_who_is_not_drawn():
    assert "n = 7 patients, 4 with a revision. All are drawn" in drawn()[0].caption
    many = drawn(result_of(many_components()))[0]
    assert "n = 120 patients, " in many.caption
    assert "Drawn are 30 of them" in many.caption
    assert many.drawing.count('class="lane') == 30


def test_page_and_paper_have_the_drawing_and_its_table():
    page = audit_page.page(RESULT, PROTOCOL, href=lambda key: f"/cases/{key}")
    (on_page,) = [one for one in page.charts if one.chart.key == "lanes"]
    assert on_page.svg == on_page.chart.drawing
    (table,) = [one for one in page.tables if f"table-{one.key}" == on_page.table_id]
    assert [cell.text for cell in table.rows[1].cells] == [
        "Patient 1, pump", "0", "400", "Replaced: planned for its battery", "–", "1",
    ]  # fmt: skip
    paper = audit_pdf.document(
        RESULT, PROTOCOL, title="Audit", made_at=datetime(2025, 1, 2, tzinfo=UTC)
    )
    assert sum('class="lane"' in chart["svg"] for chart in paper["charts"]) == 1
    assert "/cases/" not in "".join(chart["svg"] for chart in paper["charts"])


def test_a_report_frozen_before_is_drawn_without_lanes_and_not_damaged():
    tables = [one for one in RESULT["tables"] if not one["key"].startswith("lanes")]
    frozen = {**RESULT, "tables": tables}
    assert lanes_chart.lanes(frozen, MEDIUM) == []
    found = compare(frozen, RESULT)
    assert [one.path for one in found] == ["tables[lanes]", "tables[lanes_drawn]"]
    assert all(one.is_wording for one in found)
    assert lanes_chart.lanes(result_of(Cohort(())), MEDIUM) == []
