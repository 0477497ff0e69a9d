"""What a checklist names stands on the paper under that name; page, paper and CSV say the same."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from registry.audit.protocols import PROTOCOLS
from registry.audit.reporting.printed import Place
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters import audit_checklist, audit_pdf
from tests.factories.accuracy_cohorts import delhaas_like
from tests.factories.founding_cohorts import mccormick_cohort

COHORTS = {"ct-accuracy": delhaas_like, "mccormick-2016": mccormick_cohort}


@pytest.fixture(scope="module", params=COHORTS)
def case(request):
    key = request.param
    ran = run(
        key, COHORTS[key](), filters=Filters(), as_of=date(2025, 12, 31), code_version="1"
    )  # fmt: skip
    return ran.to_json(), PROTOCOLS[key]


@pytest.fixture
def paper(case):
    result, protocol = case
    made_at = datetime(2026, 1, 2, tzinfo=UTC)
    return audit_pdf.document(
        result, protocol, title="A", made_at=made_at, with_checklists=True
    )  # fmt: skip


def test_every_part_that_is_named_stands_on_the_paper(case, paper):
    """The other headings are those of the template, in which nothing of the result changes."""
    headings = {f"Table: {one['title']}" for one in paper["tables"]} | set(Place)
    rules = {f"{Place.RULES}: {rule.split(':')[0]}" for rule in paper["rules"]}
    template = audit_pdf.TEMPLATE.read_text(encoding="utf-8")
    for place in (Place.CAVEATS, Place.RULES, Place.PROVENANCE):
        assert f"= {place}\n" in template
    assert Place.ESTIMATES in {one["title"] for one in paper["tables"]}
    named = {
        part.words
        for one in audit_checklist.filled(*case)
        for _, answer in one.answers
        for part in answer.parts
    }
    assert len(named) > 8
    assert named - headings - rules == set()


def test_page_paper_and_csv_say_the_same(case, paper):
    result, protocol = case
    on_page = [
        (one.checklist.name, line.number, line.state, "; ".join(w.words for w in line.where))
        for one in audit_checklist.page(result, protocol, report=lambda anchor: f"#{anchor}")
        for section in one.sections
        for line in section.lines
    ]
    in_csv = [
        (row["checklist"], row["item"], row["state"], row["where"])
        for row in csv.DictReader(io.StringIO(audit_checklist.csv_text(result, protocol)))
    ]
    on_paper = [
        (one["title"].partition(":")[0], line["number"], line["state"][2:], line["where"])
        for one in paper["checklists"]
        for section in one["sections"]
        for line in section["lines"]
    ]
    assert on_page == in_csv == on_paper


def test_several_places_of_a_kind_are_named_once(case):
    text = audit_checklist.csv_text(*case)
    assert "Who is counted, and how: reference-1; pairing-1" in text or "matching-1" in text
    assert "Table: Table" not in text


def test_the_paper_of_a_checklist_can_be_set(paper):
    assert audit_pdf.typeset(paper).startswith(b"%PDF-")
    assert audit_pdf.typeset({**paper, "checklists": []}).startswith(b"%PDF-")
