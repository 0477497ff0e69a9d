"""Accuracy is one number in table, figure, CSV and paper; figures say who was verified."""

import csv
import io
from datetime import UTC, datetime

import pytest

from registry.audit.codes import Finding, StudyOutcome
from registry.audit.facts import Cohort
from registry.audit.protocols.ct_accuracy import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts, audit_csv, audit_pdf, audit_tables
from registry.presenters.audit_words import limits_words, number
from registry.presenters.chart_parts import Medium
from registry.presenters.ct_accuracy_charts import verified_words
from tests.factories.accuracy_cohorts import delhaas_like, found, operated_patient
from tests.factories.backgrounds import with_background
from tests.factories.cohorts import AS_OF, studied_patient

MEDIUM = Medium(href=lambda key: f"/cases/{key}", width=600)


def result_of(cohort):
    return run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1.0").to_json()


@pytest.fixture(scope="module")
def mixed():
    """The cells of Delhaas, with what is neither positive nor negative, and one not operated."""
    odd = "not-aspirable", "", found("kink")
    others = (
        operated_patient(*odd, outcome=StudyOutcome.STOPPED_NOT_ASPIRABLE),
        operated_patient("unclear", Finding.INDETERMINATE, found("kink")),
        studied_patient("unoperated", finding=Finding.NORMAL_CRESCENT),
    )
    return result_of(with_background(Cohort(patients=(*delhaas_like().patients, *others))))


def table_rows(result, key):
    table = next(table for table in result["tables"] if table["key"] == key)
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def test_every_number_of_a_table_is_in_the_csv_in_full_precision(mixed):
    text = audit_csv.write(mixed, PROTOCOL)
    written = {row["key"]: row for row in csv.DictReader(io.StringIO(text))}
    checked = 0
    for description in PROTOCOL.tables[:-2]:
        for row in table_rows(mixed, description.key):
            for column in description.columns:
                value = row[column.key]
                if value is not None and (column.form or column.counts):
                    line = written[f"{description.key}.{row['key']}.{column.key}"]
                    stored = line["numerator"] if column.counts else line["value"]
                    assert float(stored) == value
                    checked += 1
    assert checked > 400


def test_paper_and_page_say_the_numbers_of_the_tables(mixed):
    shown = {table.key: table for table in audit_tables.tables(mixed, PROTOCOL)}
    paper = audit_pdf.document(
        mixed, PROTOCOL, title="Accuracy", made_at=datetime(2025, 1, 2, tzinfo=UTC)
    )
    on_paper = {table["key"]: table for table in paper["tables"]}
    for description in PROTOCOL.tables[:-2]:
        words = [[cell.text for cell in row.cells] for row in shown[description.key].rows]
        assert words == [
            [cell["text"] for cell in row["cells"]] for row in on_paper[description.key]["rows"]
        ]
        labels = [column.label for column in shown[description.key].columns]
        for row, cells in zip(table_rows(mixed, description.key), words, strict=True):
            for column in description.columns:
                if column.form and column.key.endswith("_lower"):
                    upper = row[column.key.replace("_lower", "_upper")]
                    expected = limits_words(row[column.key], upper, column.form) or "–"
                    assert cells[labels.index(column.label)] == expected
                elif column.form and not column.key.endswith("_upper"):
                    expected = number(row[column.key], column.form)
                    assert cells[labels.index(column.label)].startswith(expected or "–")
    assert paper["plain_words"] == PROTOCOL.plain_words
    undefined = shown["ratios"].rows[8].cells
    assert undefined[-2].text == "– (none without a defect)"


def test_charts_draw_the_numbers_of_the_tables_and_open_them(mixed):
    charts = {chart.key: chart for chart in audit_charts.charts(mixed, MEDIUM)}
    assert verified_words(mixed) == (
        "Verified by an operation: positive 19/19, negative 31/32, indeterminate 1/1, "
        "not aspirable 1/1, all tested 52/53."
    )
    assert all(verified_words(mixed) in chart.caption for chart in charts.values())
    ways = {row["key"]: row for row in table_rows(mixed, "accuracy")}
    drawn = charts["four_ways"].spec["datasets"]["rows"]
    for row in drawn:
        if row["measure"] in ways:
            own = ways[row["measure"]]
            assert (row["value"], row["lower"], row["upper"]) == (
                own["value"], own["exact_lower"], own["exact_upper"],
            )  # fmt: skip
            assert row["cases"] == f"/cases/{row['measure']}"
    corrected = table_rows(mixed, "corrected")[0]
    first = next(row for row in drawn if row["label"].startswith("corrected"))
    assert first["value"] == corrected["corrected"]
    cells = charts["concordance"].spec["datasets"]["cells"]
    leak = next(row for row in table_rows(mixed, "concordance") if row["key"] == "leak")
    open_leak = next(cell for cell in cells if cell["cases"] == "/cases/concordance.leak.open")
    assert open_leak["n"] == leak["open"] == 17
    assert open_leak["row"] == "Leak (n=17)"


def test_an_empty_cohort_is_drawn_without_an_undefined_number():
    empty = result_of(Cohort(patients=()))
    for chart in audit_charts.charts(empty, Medium(width=600)):
        assert "undefined" not in audit_charts.svg(chart.spec)
        assert "NaN" not in audit_charts.svg(chart.spec)
