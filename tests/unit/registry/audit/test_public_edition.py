"""Public editions of every protocol, attacked by a reader who reckons."""

import json
import random
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from registry.audit.facts import Cohort
from registry.audit.possible_patients import possible_patients
from registry.audit.protocol import Form
from registry.audit.protocols import PROTOCOLS
from registry.audit.public_edition import MASKED, WORDS, public_edition, rounded
from registry.audit.result import AuditResult
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.cohort_of_each import COHORTS
from tests.factories.public_reader import published_in_json, recovered, who_is_counted

AS_OF = date(2026, 1, 1)
PEOPLE = 150

PLACES = {
    "protocol", "unit", "filters", "as_of", "code_version", "facts_sha256", "synthetic", "pairing",
    "rules", "caveats", "flow", "estimates", "tables", "curves",
}  # fmt: skip
ESTIMATE = {
    "key", "label", "numerator", "denominator", "value", "lower", "upper", "confidence", "method",
    "unit", "window", "published",
}  # fmt: skip


@cache
def everybody(seed):
    return possible_patients(Cohort(()), seed=seed)


@cache
def audited(key, seed=11):
    """A random cohort of synthetic patients, its result and its public edition."""
    people = random.Random(f"{key} {seed}").sample(everybody(seed).patients, PEOPLE)
    cohort = Cohort(tuple(people), everybody(seed).theatre_lists)
    result = run(key, cohort, filters=Filters(), as_of=AS_OF, code_version="tests")
    return result, public_edition(result, cohort)


def others(key):
    """Other synthetic people, from whom the reader learns who is counted where."""
    result = run(key, everybody(23), filters=Filters(), as_of=date(2030, 1, 1), code_version="t")
    return who_is_counted(result)


def as_read(edition):
    return published_in_json(json.loads(json.dumps(edition.content)))


@pytest.mark.parametrize("key", PROTOCOLS)
def test_no_small_number_is_recovered_from_what_is_published(key):
    result, edition = audited(key)
    published = as_read(edition)
    assert any(n is not None for n in published.values())
    assert edition.masking.small
    assert recovered(who_is_counted(result), published, others(key)) == []


def test_the_reader_catches_an_edition_whose_complementary_numbers_stand():
    """The planted fault: small numbers are masked, those that give them away are not."""
    result, edition = audited("abousamra-2016")
    truth = who_is_counted(result)
    careless = {
        key: len(truth[key]) if n is None and key in truth and len(truth[key]) >= 5 else n
        for key, n in as_read(edition).items()
    }
    assert recovered(truth, careless, others("abousamra-2016"))


@pytest.mark.parametrize("key", PROTOCOLS)
def test_every_number_of_a_table_is_a_count_of_named_people_a_figure_or_the_protocols_own(key):
    """A protocol that prints what the edition cannot place fails here, not in public."""
    result, edition = audited(key)
    counted = who_is_counted(result)
    protocol = PROTOCOLS[key]
    of_nobody = protocol.count(Cohort(()), Filters(), AS_OF)
    nobody = {table.key: {row[0]: row for row in table.rows} for table in of_nobody.tables}
    for table in edition.content["tables"]:
        columns = {one.key: one for one in protocol.table(table["key"]).columns}
        for row in table["rows"]:
            constant = nobody[table["key"]].get(row[0], ())
            for name, cell in zip(table["columns"][1:], row[1:], strict=True):
                place = ("tables", table["key"], str(row[0]), name)
                if cell is None or cell == MASKED or cell in constant or place in counted:
                    continue
                figure = columns[name].form or name in ("value", "lower", "upper")
                words = isinstance(cell, str) and name in WORDS
                assert words or (figure and isinstance(cell, float)), place


@pytest.mark.parametrize("key", PROTOCOLS)
def test_a_result_has_no_place_the_edition_does_not_know(key):
    """What is new in a result has to be placed before it can be published, or be left out."""
    result, edition = audited(key)
    assert result.to_json().keys() == PLACES
    assert all(one.keys() == ESTIMATE for one in result.to_json()["estimates"])
    assert edition.content.keys() == PLACES - {"facts_sha256"} | {"edition"}
    text = json.dumps(edition.content)
    assert result.facts_sha256 not in text
    ids = {one for people in who_is_counted(result).values() for one in people}
    assert not [one for one in ids if f'"{one}"' in text]


def test_a_figure_falls_with_a_count_of_its_row():
    _, edition = audited("abousamra-2016")
    masked = [one for one in edition.content["estimates"] if "masked" in one]
    assert masked
    for one in masked:
        assert {"value", "lower", "upper"} <= set(one["masked"])
        assert one["value"] is one["lower"] is one["upper"] is None


def test_freedom_from_an_event_at_a_year_is_left_out():
    """100 % at five years says that nobody had one until then."""
    result, edition = audited("device-survival")
    columns = {one.key: one.columns for one in result.tables}
    assert "free_5" in columns["free_of_revision"]
    assert not [
        column
        for table in edition.content["tables"]
        for column in table["columns"]
        if column.startswith(("free_", "incidence_"))
    ]


def test_nothing_that_goes_patient_by_patient_is_published_or_changes_what_is():
    result, edition = audited("device-survival")
    rows = next(table.rows for table in result.tables if table.key == "lanes")
    text = json.dumps(edition.content)
    assert rows
    assert not [row for row in rows if f'"{row[0]}"' in text or f'"{row[1]}"' in text]
    assert not {"lanes", "lanes_drawn"} & {table["key"] for table in edition.content["tables"]}
    assert "Pump systems, patient by patient" in edition.content["edition"]["left_out"]
    assert not [key for key in edition.masking.masked | edition.masking.small if "lanes" in key]


def test_boxes_and_notices_that_come_and_go_with_somebody_always_stand():
    """That a box or a rule is missing would say that nobody is in it."""
    result, edition = audited("abousamra-2016")
    shown = {box["key"] for box in edition.content["flow"]}
    assert {box.key for box in result.flow.boxes} - shown == {"not_ct_studied"}
    invented: AuditResult = replace(result, synthetic=3)
    assert "3" not in (public_edition(invented, Cohort(())).content["synthetic"] or "3")


def test_nobody_counted_masks_everything():
    result = run("abousamra-2016", Cohort(()), filters=Filters(), as_of=AS_OF, code_version="t")
    content = public_edition(result, Cohort(())).content
    assert all(box["n"] is None for box in content["flow"])


def test_figures_are_rounded_as_on_paper():
    assert rounded(0.3125, Form.PERCENT) == 0.313
    assert rounded(1.005, Form.RATIO) == 1.01
    assert rounded(None, Form.RATIO) is None


def test_a_table_that_is_printed_of_some_facts_only_is_published_too():
    """When the log of a centre began is said where it was asked; a report on nobody has no row."""
    cohort = COHORTS["device-survival"]()
    result = run("device-survival", cohort, filters=Filters(), as_of=AS_OF, code_version="1")
    assert "centre_logs" in {one.key for one in result.tables}
    edition = public_edition(result, cohort).content
    said = {one["key"] for one in edition["tables"]} | set(edition["edition"]["left_out"])
    assert said & {"centre_logs", "From when the log of each centre is complete"}
