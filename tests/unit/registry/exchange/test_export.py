"""An export holds what was logged, as text that stays text, with a codebook of itself."""

import csv
import io
import zipfile

import pytest
from openpyxl import load_workbook

from registry import queries
from registry.exchange import export
from registry.exchange.export import Stamp
from registry.exchange.spreadsheets import write_csv_archive, write_xlsx
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

STAMP = Stamp(make.NOW, "somebody", "tests", (("centres", "NORTH"),))
FORMULA = '=HYPERLINK("x";"y")'


@pytest.fixture
def person():
    return make.user(at_centre=make.centre())


@pytest.fixture
def episode(person):
    centre = person.memberships.first().centre
    patient = make.patient(by=person, at_centre=centre, weight_kg="12.5")
    make.component(of=patient, by=person, serial_number="00123", lot_number="+1+")
    case = make.case(of=patient, by=person, remarks=FORMULA)
    make.read(of=make.contrast_study(of=case, by=person), by=person)
    make.surgery(of=case, by=person)
    return case


def exported(person):
    patients = queries.patients.visible(viewer=person)
    return list(export.sheets(viewer=person, patients=patients, stamp=STAMP))


def as_dicts(sheet):
    return [dict(zip(sheet.header, row, strict=True)) for row in sheet.rows]


def test_an_episode_is_exported_table_by_table(person, episode):
    tables = {sheet.name: as_dicts(sheet) for sheet in exported(person)}
    assert tables["case"][0]["case.presenting_signs"] == "tone_increase"
    assert tables["finding"][0]["finding.sites"] == "pump_pocket_around_pump"
    assert tables["finding"][0]["patient.registry_number"] == episode.patient.registry_number
    assert tables["surgery"][0]["surgery.procedures"] == "connector_repair_or_replacement"
    assert [row["surgery_finding.status"] for row in tables["surgery_finding"]] == [
        "confirmed",
        "not_explored",
    ]
    assert tables["component"][0]["component.serial_number"] == "00123"
    assert ("centres", "NORTH") in [tuple(row.values()) for row in tables["about"]]


def test_a_workbook_holds_no_formula_and_keeps_leading_zeros(person, episode):
    book = load_workbook(write_xlsx(exported(person)))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    row = dict(zip(*list(book["component"].values), strict=True))
    assert row["component.serial_number"] == "00123"
    assert row["component.lot_number"] == "'+1+"
    assert row["component.reservoir_ml"] == 40
    assert list(book["case"].values)[1][3:] != ()


def test_the_csv_files_hold_the_same(person, episode):
    with zipfile.ZipFile(write_csv_archive(exported(person))) as archive:
        text = archive.read("case.csv").decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text))
    assert row["case.remarks"] == f"'{FORMULA}"
    assert row["case.opened_on"] == "2024-03-01"


def test_every_column_of_the_export_is_in_its_codebook(person):
    *tables, book = exported(person)
    columns = {column for sheet in tables[1:] for column in sheet.header}
    assert columns == {row["column"] for row in as_dicts(book)}


def test_the_codebook_defines_every_code(person):
    *_, book = exported(person)
    normal = [row for row in as_dicts(book) if row["code"] == "normal_crescent"]
    assert normal[0]["definition"]
    assert normal[0]["source"].startswith("Abousamra 2016")


def test_a_read_that_would_unblind_is_left_out(person, episode):
    centre = person.memberships.first().centre
    other = make.user(at_centre=centre, roles=[Role.READER, Role.SURGEON])
    tables = {sheet.name: as_dicts(sheet) for sheet in exported(other)}
    assert (tables["read"], tables["finding"]) == ([], [])
    assert len(tables["study"]) == 1


def test_nothing_of_another_centre_is_exported(person, episode):
    stranger = make.user(at_centre=make.centre("SOUTH"))
    tables = {sheet.name: as_dicts(sheet) for sheet in exported(stranger)}
    assert [tables[name] for name in ("patient", "case", "read", "component")] == [[], [], [], []]
