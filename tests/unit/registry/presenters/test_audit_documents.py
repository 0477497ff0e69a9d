"""One number on page, in CSV, in charts and on paper."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings

from registry.audit.facts import Cohort
from registry.audit.protocols import PROTOCOLS
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_charts, audit_csv, audit_pdf, audit_tables, typesetting
from registry.presenters.audit_words import percent
from registry.presenters.chart_parts import Medium, whole_ticks
from registry.presenters.forest_chart import OWN
from tests.factories.cohorts import AS_OF, abousamra_cohort, cohorts, studied_patient

PROTOCOL = PROTOCOLS["abousamra-2016"]
MADE_AT = datetime(2025, 1, 2, 8, 30, tzinfo=UTC)


def result_of(cohort):
    filters = Filters(centres=("EAST", "WEST"))
    return run(
        PROTOCOL.key, cohort, filters=filters, as_of=AS_OF, code_version="0.1.0+test"
    ).to_json()


def csv_rows(result, section):
    text = audit_csv.write(result, PROTOCOL)
    return [row for row in csv.DictReader(io.StringIO(text)) if row["section"] == section]


@pytest.fixture(scope="module")
def published():
    return result_of(abousamra_cohort())


@pytest.fixture(scope="module")
def paper(published):
    return audit_pdf.document(published, PROTOCOL, title="Annual audit", made_at=MADE_AT)


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_csv_holds_every_estimate_in_full_precision(cohort):
    result = result_of(cohort)
    rows = {row["key"]: row for row in csv_rows(result, "estimate")}
    assert list(rows) == [estimate["key"] for estimate in result["estimates"]]
    for estimate in result["estimates"]:
        row = rows[estimate["key"]]
        assert int(row["numerator"]) == estimate["numerator"]
        assert int(row["denominator"]) == estimate["denominator"]
        for name in ("value", "lower", "upper"):
            read = float(row[name]) if row[name] else None
            assert read == estimate[name]


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_csv_flow_equals_the_flow(cohort):
    result = result_of(cohort)
    rows = csv_rows(result, "flow")
    assert [(row["key"], int(row["numerator"])) for row in rows] == [
        (box["key"], box["n"]) for box in result["flow"]
    ]


def test_csv_says_what_it_is_about(published):
    report = {row["key"]: row["label"] for row in csv_rows(published, "report")}
    assert report["centres"] == "EAST, WEST"
    assert report["data_as_of"] == AS_OF.isoformat()
    assert report["code_version"] == "0.1.0+test"
    assert report["facts_sha256"] == published["facts_sha256"]
    assert "295 of the 295" in report["synthetic"]
    assert report["pairing_rule"] == published["pairing"]["text"]


def test_csv_text_is_escaped_and_numbers_are_not(published):
    result = json.loads(json.dumps(published))
    result["caveats"] = ["=HYPERLINK(A1)"]
    rows = {row["key"]: row for row in csv_rows(result, "report")}
    assert rows["caveat_1"]["label"] == "'=HYPERLINK(A1)"


def test_csv_lists_every_published_figure(published):
    table = next(t for t in published["tables"] if t["key"] == "comparators")
    own = sum(row[2] == "This audit" for row in table["rows"])
    assert len(csv_rows(published, "published")) == len(table["rows"]) - own


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_table_of_estimates_says_the_numbers_of_the_result(cohort):
    result = result_of(cohort)
    table = audit_tables.estimates_table(result)
    for row, estimate in zip(table.rows, result["estimates"], strict=True):
        label, n, total, value, _, _ = (cell.text for cell in row.cells)
        assert (label, n, total) == (
            estimate["label"],
            str(estimate["numerator"]),
            str(estimate["denominator"]),
        )
        assert value == percent(estimate["value"])


def test_counts_of_published_rows_open_nothing(published):
    tables = audit_tables.tables(published, PROTOCOL, lambda key: f"#{key}")
    comparators = next(table for table in tables if table.key == "comparators")
    for row in comparators.rows:
        opens = [cell.href for cell in row.cells if cell.href]
        assert len(opens) == (2 if row.cells[1].text == "This audit" else 0)


def test_a_table_of_a_newer_protocol_is_shown_under_its_keys(published):
    result = json.loads(json.dumps(published))
    result["tables"][0]["columns"] = ["key", "label", *"abcde"]
    table = audit_tables.tables(result, PROTOCOL)[0]
    assert [column.label for column in table.columns] == ["label", *"abcde"]


def test_the_forest_chart_draws_own_and_published_numbers_as_counted(published):
    chart = audit_charts.charts(published, Medium())[0]
    rows = chart.spec["datasets"]["rows"]
    own = {row["measure"]: row for row in rows if row["kind"] == OWN}
    for estimate in published["estimates"]:
        if estimate["key"] in own:
            row = own[estimate["key"]]
            assert row["fraction"] == f"{estimate['numerator']}/{estimate['denominator']}"
            assert (row["value"], row["lower"], row["upper"]) == (
                estimate["value"],
                estimate["lower"],
                estimate["upper"],
            )
    assert [row["label"] for row in rows if row["measure"] == "not_aspirable"] == [
        "Not aspirable, of all studied",
        "Abousamra 2016",
        "Delhaas (adults)",
    ]


def test_findings_are_drawn_in_their_colours(published):
    chart = next(
        chart for chart in audit_charts.charts(published, Medium()) if chart.key == "findings"
    )
    colours = {bar["label"]: bar["colour"] for bar in chart.spec["datasets"]["bars"]}
    assert colours == {
        "Normal crescent": "#009E73",
        "Inadequate pooling": "#E69F00",
        "Leak": "#0072B2",
        "Occlusion": "#D55E00",
    }


@pytest.mark.parametrize("largest", [0, 1, 2, 3, 6, 7, 12, 13, 61, 295, 10_000])
def test_an_axis_of_people_is_marked_at_whole_numbers(largest):
    ticks = whole_ticks(largest)
    assert ticks[0] == 0
    assert len(ticks) <= 7
    assert all(type(tick) is int for tick in ticks)
    assert ticks[-1] <= largest
    assert len(ticks) > 1 or largest == 0


def test_the_axis_of_the_findings_shows_no_halves():
    """Two patients at most: Vega alone would print 0, 1, 1, 2, 2."""
    cohort = Cohort(tuple(studied_patient(f"p{n}", finding="leak") for n in range(2)))
    charts = audit_charts.charts(result_of(cohort), Medium(width=600))
    drawing = audit_charts.svg(next(chart for chart in charts if chart.key == "findings").spec)
    assert re.findall(r">(\d+)</text>", drawing) == ["0", "1", "2"]


def test_every_row_of_the_findings_has_its_denominator():
    cohort = Cohort((studied_patient("read", finding="leak"), studied_patient("unread")))
    charts = audit_charts.charts(result_of(cohort), Medium())
    spec = next(chart for chart in charts if chart.key == "findings").spec
    words = {row["label"]: row["words"] for row in spec["datasets"]["names"]}
    assert words["Completed, not read"] == "1/2"
    assert all("/2" in text for text in words.values())


def test_undefined_proportions_are_not_drawn_as_zero():
    rows = audit_charts.charts(result_of(Cohort(patients=())), Medium())[0].spec
    own = [row for row in rows["datasets"]["rows"] if row["kind"] == OWN]
    assert own
    assert all("value" not in row for row in own)


def test_own_marks_open_their_cases_and_published_ones_do_not(published):
    medium = Medium(href=lambda key: f"/cases/{key}")
    for row in audit_charts.charts(published, medium)[0].spec["datasets"]["rows"]:
        expected = f"/cases/{row['measure']}" if row["kind"] == OWN else None
        assert row.get("cases") == expected


def test_paper_says_the_numbers_of_the_result(paper, published):
    estimates = next(table for table in paper["tables"] if table["key"] == "estimates")
    for row, estimate in zip(estimates["rows"], published["estimates"], strict=True):
        words = [cell["text"] for cell in row["cells"]]
        assert words[1:4] == [
            str(estimate["numerator"]),
            str(estimate["denominator"]),
            percent(estimate["value"]),
        ]
    flow = next(table for table in paper["tables"] if table["key"] == "flow")
    assert [row["cells"][1]["text"] for row in flow["rows"]] == [
        str(box["n"]) for box in published["flow"]
    ]


def test_paper_carries_filters_rules_caveats_version_and_hash(paper, published):
    assert paper["filters"][0] == ["Centres", "EAST, WEST"]
    assert paper["code_version"] == "0.1.0+test"
    assert paper["facts_sha256"] == published["facts_sha256"]
    assert paper["caveats"] == published["caveats"]
    assert published["pairing"]["text"] in paper["rules"]
    assert "295 of the 295" in paper["synthetic"]
    assert all("Clopper-Pearson" in one["method"] for one in paper["headline"])


def test_paper_is_archival_and_accessible_pdf(paper):
    """PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1), as its own metadata declare."""
    pdf = audit_pdf.typeset(paper)
    assert pdf.startswith(b"%PDF-1.7")
    for declared in (
        b"<pdfaid:part>2</pdfaid:part>",
        b"<pdfaid:conformance>A</pdfaid:conformance>",
        b"<pdfuaid:part>1</pdfuaid:part>",
        b"Annual audit",
        b"Crescent",
    ):
        assert declared in pdf


def test_paper_of_an_empty_cohort_can_be_set():
    result = result_of(Cohort(patients=()))
    document = audit_pdf.document(result, PROTOCOL, title="Empty", made_at=MADE_AT)
    assert audit_pdf.typeset(document).startswith(b"%PDF")
    assert {one["value"] for one in document["headline"]} == {"not defined"}


def test_no_patient_id_is_on_paper(paper):
    assert "studied-0" not in json.dumps(paper)


def test_typesetting_treats_words_as_words(published):
    """A title is no markup: nothing in it is run."""
    document = audit_pdf.document(
        published, PROTOCOL, title='#panic("run") $x$ *y*', made_at=MADE_AT
    )
    assert audit_pdf.typeset(document).startswith(b"%PDF")


@pytest.mark.parametrize("words", ["日本語の監査", "Audit \U0001fa7b", "\ue000", "\x80"])
def test_letters_the_typeface_lacks_do_not_cost_the_document(published, words):
    """A frozen report cannot be renamed, so its paper must come out whatever it is called."""
    stamp = {"Report": words, "Frozen by": words}
    document = audit_pdf.document(published, PROTOCOL, title=words, made_at=MADE_AT, stamp=stamp)
    assert audit_pdf.typeset(document).startswith(b"%PDF")


def test_accents_and_other_european_letters_stand_as_written(published):
    words = "Überprüfung für Łódź, Αθήνα и София"
    document = audit_pdf.document(published, PROTOCOL, title=words, made_at=MADE_AT)
    assert typesetting.BEYOND_THE_TYPEFACE.search(words) is None
    assert audit_pdf.typeset(document).startswith(b"%PDF")


def test_charts_without_links_carry_no_address(published):
    """A chart in a document must not point anywhere, least of all to a site of others."""
    for chart in audit_charts.charts(published, Medium(width=600)):
        drawing = audit_charts.svg(chart.spec)
        assert "<a " not in drawing
        assert "https:" not in drawing


def test_only_numbers_with_cases_are_links(published):
    medium = Medium(width=600, href=lambda key: f"https://registry.example/{key}")
    for chart in audit_charts.charts(published, medium):
        assert "undefined" not in audit_charts.svg(chart.spec)


def test_a_table_without_a_row_says_so_on_page_and_paper():
    protocol = PROTOCOLS["centre-comparison"]
    nobody = Cohort(patients=())
    empty = run(protocol.key, nobody, filters=Filters(), as_of=AS_OF, code_version="1").to_json()
    table = next(table for table in audit_tables.tables(empty, protocol) if not table.rows)
    described = audit_pdf.document(empty, protocol, title="Nobody", made_at=MADE_AT)
    on_paper = next(one for one in described["tables"] if one["key"] == table.key)
    assert on_paper["when_empty"] == table.when_empty == "Nothing to count."
    assert audit_pdf.typeset(described).startswith(b"%PDF")
