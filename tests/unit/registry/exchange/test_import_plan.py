"""Rows of a file are put together to records; what contradicts itself is named by cell."""

from datetime import date

from registry.exchange.cells import Cell
from registry.exchange.import_plan import plan
from registry.exchange.mapping import ColumnMapping, FileMapping, guess
from registry.exchange.spreadsheet_reader import RawSheet


def sheet(header, *rows):
    return RawSheet("table", tuple(header), [tuple(Cell(value) for value in row) for row in rows])


def planned(header, *rows, constants=None):
    one = sheet(header, *rows)
    mapping = FileMapping(guess([one]).columns, constants or {})
    return plan([one], mapping)


STORY = ("MRN", "Gender", "Pump serial", "Onset", "CT date", "CT finding", "OP date")


def test_a_row_becomes_the_records_it_speaks_of():
    made = planned(STORY, ("007", "f", "N1", "2019-01-02", "2019-01-05", "Leak", "2019-02-01"))
    assert [draft.table.key for draft in made.drafts] == [
        "patient", "case", "study", "surgery", "read", "component",
    ]  # fmt: skip
    patient, case, study, *_, pump = made.drafts
    assert patient.values == {"local_number": "007", "sex": "female"}
    assert (study.parent, case.parent, pump.parent) == (case, patient, patient)
    assert pump.values == {"serial_number": "N1", "kind": "pump"}
    assert made.problems == []


def test_two_rows_of_one_patient_are_one_patient_with_two_cases():
    made = planned(
        STORY,
        ("007", "f", "N1", "2019-01-02", "", "", ""),
        ("007", "", "N1", "2021-01-02", "", "", ""),
    )
    assert [len(made.of(key)) for key in ("patient", "case", "component")] == [1, 2, 1]


def test_rows_that_contradict_each_other_name_the_cell():
    made = planned(
        STORY,
        ("007", "f", "", "2019-01-02", "", "", ""),
        ("007", "m", "", "2021-01-02", "", "", ""),
    )
    (problem,) = made.problems
    assert (problem.place.row, problem.place.header) == (3, "Gender")
    assert "row 2" in problem.sentence


def test_a_cell_that_is_not_understood_is_named_and_the_rest_is_read():
    made = planned(STORY, ("007", "f", "", "soon", "", "", ""))
    (problem,) = made.problems
    assert (problem.place.row, problem.place.header) == (2, "Onset")


def test_crosses_of_several_columns_are_one_answer():
    columns = {
        "MRN": ColumnMapping("patient.local_number"),
        "Onset": ColumnMapping("case.opened_on"),
        "tone": ColumnMapping("case.presenting_signs=tone_increase"),
        "spasms": ColumnMapping("case.presenting_signs=spasms"),
    }
    one = sheet(columns, ("1", "2019-01-02", "x", ""))
    case = plan([one], FileMapping(columns)).of("case")[0]
    assert case.values["presenting_signs"] == ["tone_increase"]


def test_an_answer_for_every_row_fills_what_no_column_gives():
    made = planned(
        ("MRN", "Onset"),
        ("1", "2019-01-02"),
        constants={"case.trigger": "suspected_malfunction", "surgery.planned": "planned"},
    )
    (case,) = made.of("case")
    assert case.values == {"opened_on": date(2019, 1, 2), "trigger": "suspected_malfunction"}


def test_an_empty_row_is_no_record():
    assert planned(STORY, ("",) * 7).drafts == []
