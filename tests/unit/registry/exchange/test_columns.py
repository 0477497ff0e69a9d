"""Columns say of a field what its model, its constraints and the vocabulary say."""

from decimal import Decimal

import pytest

from registry.exchange.codebook import described
from registry.exchange.columns import unit_of
from registry.exchange.tables import TABLES
from registry.models import Patient
from registry.models.record import Record
from registry.vocabulary import GmfcsLevel

COLUMNS = {column.key: column for _, column in described()}


def test_a_column_takes_its_list_by_name_not_by_words():
    """GMFCS and MACS have the same levels in the same words."""
    assert COLUMNS["patient.gmfcs"].closed_list is GmfcsLevel


def test_the_plausible_range_is_the_one_of_the_constraint():
    weight = COLUMNS["patient.weight_kg"]
    assert (weight.smallest, weight.largest, weight.unit) == (Decimal(1), Decimal(300), "kg")
    volume = COLUMNS["component.ml_per_cm"]
    assert (volume.smallest, volume.largest) == (Decimal("0.0015"), Decimal("0.004"))


def test_what_the_database_asks_for_is_mandatory():
    assert COLUMNS["patient.sex"].required
    assert not COLUMNS["patient.birth_year"].required
    assert not COLUMNS["component.implanted_on_precision"].required, "it has a default"


def test_every_code_has_its_list():
    lost = [
        column.key
        for column in COLUMNS.values()
        if column.kind in ("code", "codes") and column.closed_list is None
    ]
    assert lost == []


def test_no_two_columns_share_a_name():
    keys = [column.key for _, column in described()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    ("name", "unit"),
    [("dose_ug_per_day", "µg/day"), ("ml_per_cm", "ml/cm"), ("weight_kg", "kg"), ("origin", "")],
)
def test_a_name_ends_with_its_unit(name, unit):
    assert unit_of(name) == unit


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_no_answer_of_a_record_is_left_behind(table):
    """Every field is a column, an id, or named as left out."""
    inside = {"id", "created_at", "created_by", "edition", "public_id", "synthetic_fields"}
    columns = {column.name for column in table.columns} | {table.id_column.name}
    fields = {field.name for field in table.model._meta.concrete_fields}
    json = {field.name for field in table.model._meta.concrete_fields if "JSON" in str(type(field))}
    assert fields - columns - inside - table.without - {table.link} - json == set()


@pytest.mark.parametrize(
    "rows", [rows for table in TABLES for rows in table.rows], ids=lambda rows: rows.key
)
def test_no_answer_of_a_row_is_left_behind(rows):
    fields = {field.name for field in rows.model._meta.concrete_fields}
    assert fields - {column.name for column in rows.columns} == {"id", rows.link} | rows.without


def test_patients_are_known_by_their_number():
    assert issubclass(Patient, Record)
    assert TABLES[0].id_column.key == "patient.registry_number"
