"""The REDCap dictionary holds by REDCap's own checks, and every column of an export is in it."""

import csv
import io
import re

import pytest

from registry.exchange.redcap_dictionary import HEADER, LONGEST_NAME, RECORD, dictionary, fields
from registry.exchange.spreadsheets import csv_lines
from registry.exchange.tables import TABLES

CHECKED_AS = {"date_ymd", "datetime_seconds_ymd", "time", "integer", "number"}


@pytest.fixture(scope="module")
def lines():
    text = "".join(csv_lines(dictionary())).removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_names_are_those_that_redcap_takes(lines):
    """Its upload refuses doubled underscores, doubled names and words it keeps for itself."""
    names = [line[HEADER[0]] for line in lines]
    forms = list(dict.fromkeys(line["Form Name"] for line in lines))
    assert (len(HEADER), names[0], len(names)) == (18, RECORD, len(set(names)))
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)] == []
    assert [name for name in names if len(name) > LONGEST_NAME] == []
    kept = {f"{form}_{end}" for form in forms for end in ("complete", "timestamp", "return_code")}
    assert kept.isdisjoint(names)
    assert [line["Form Name"] for line in lines] == sorted(
        (line["Form Name"] for line in lines), key=forms.index
    ), "a form is described in one go"


def test_every_column_of_an_export_is_a_field(lines):
    described = {(field.form, field.column.key) for field in fields()}
    for table in TABLES:
        for key, columns in [(table.key, table.columns), *((r.key, r.columns) for r in table.rows)]:
            wanted = {column.key for column in (*table.id_columns[1:], *columns)}
            assert wanted <= {column for form, column in described if form == key}


def test_each_field_has_a_type_a_label_and_what_its_type_needs(lines):
    types = {"text", "notes", "dropdown", "checkbox", "yesno"}
    for line in lines:
        choices = line["Choices, Calculations, OR Slider Labels"]
        validation = line["Text Validation Type OR Show Slider Number"]
        assert line["Field Type"] in types
        assert line["Field Label"].strip()
        assert bool(choices) == (line["Field Type"] in {"dropdown", "checkbox"})
        assert not validation or (line["Field Type"] == "text" and validation in CHECKED_AS)
        assert validation or not (line["Text Validation Min"] or line["Text Validation Max"])
        codes = [choice.partition(", ")[0] for choice in choices.split(" | ") if choice]
        assert len(codes) == len(set(codes))
        assert all(re.fullmatch(r"[a-z0-9_]+", code) for code in codes), line


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("patient_sex", ("dropdown", "", "female, Female")),
        ("patient_weight_kg", ("text", "number", "")),
        ("case_opened_on", ("text", "date_ymd", "")),
        ("study_case_id", ("text", "", "")),
        ("finding_is_primary", ("yesno", "", "")),
        ("case_remarks", ("notes", "", "")),
    ],
)
def test_a_column_becomes_the_field_of_its_kind(lines, name, words):
    line = next(line for line in lines if line[HEADER[0]] == name)
    kind, validation, choices = words
    assert line["Field Type"] == kind
    assert line["Text Validation Type OR Show Slider Number"] == validation
    assert choices in line["Choices, Calculations, OR Slider Labels"]
