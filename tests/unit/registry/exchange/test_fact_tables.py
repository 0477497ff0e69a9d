"""Facts as tables: one row for each record, and no record without one."""

import csv
import io
import json

from hypothesis import given, settings

from registry.audit.stored_facts import canonical_json
from registry.exchange import fact_tables
from tests.factories.cohorts import abousamra_cohort, cohorts
from tests.factories.quality_cohorts import listed_by_hand


def facts_of(cohort):
    return json.loads(canonical_json(cohort))


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@settings(max_examples=40, deadline=None)
@given(cohorts())
def test_every_record_has_its_row_below_its_patient(cohort):
    facts = facts_of(cohort)
    tables = {name: rows_of(text) for name, text in fact_tables.tables(facts).items()}
    assert len(tables["patients"]) == len(facts["patients"])
    studies = [(p["patient_id"], s["study_id"]) for p in facts["patients"] for s in p["studies"]]
    found = [(row["patient_id"], row["study_id"]) for row in tables.get("studies", ())]
    assert found == studies
    reads = [
        (p["patient_id"], s["study_id"], read["read_id"])
        for p in facts["patients"] for s in p["studies"] for read in s["reads"]
    ]  # fmt: skip
    rows = tables.get("studies_reads", ())
    assert [(row["patient_id"], row["study_id"], row["read_id"]) for row in rows] == reads


def test_the_ids_come_first_and_the_unknown_is_empty():
    tables = fact_tables.tables(facts_of(abousamra_cohort()))
    header, first = tables["patients"].splitlines()[:2]
    assert header.startswith("patient_id,centre,died_on,")
    assert first.split(",")[2] == ""


def test_what_a_spreadsheet_would_run_is_disarmed():
    facts = {"patients": [{"patient_id": "p", "centre": "=1+1", "notes": ["=2", "b"]}]}
    (row,) = rows_of(fact_tables.tables(facts)["patients"])
    assert row == {"patient_id": "p", "centre": "'=1+1", "notes": '["=2", "b"]'}


def test_nobody_is_a_table_without_rows():
    assert rows_of(fact_tables.tables({"patients": []})["patients"]) == []


def test_theatre_lists_stand_beside_the_patients():
    tables = fact_tables.tables(facts_of(listed_by_hand()))
    (one,) = rows_of(tables["theatre_lists"])
    lines = rows_of(tables["theatre_lists_lines"])
    assert (one["list_id"], one["centre"]) == ("list", "EAST")
    assert [line["list_id"] for line in lines] == ["list"] * 14
    assert [line["row"] for line in lines][:2] == ["2", "3"]
