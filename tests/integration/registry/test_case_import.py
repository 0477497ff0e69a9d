"""Retrospective cases from somebody else's table: mapped, rehearsed, taken in, taken back."""

import io
import zipfile
from dataclasses import replace

import pytest
from django.apps import apps
from openpyxl import Workbook, load_workbook

from registry import actions, queries
from registry.actions.errors import ImportGoneError, ImportRefusedError, NotUndoableError
from registry.audit.instruments import Instrument, items_of
from registry.exchange import case_import, export, mapping, redcap_records
from registry.exchange.cells import normal
from registry.exchange.importing import CHANGED, NEW, UNCHANGED
from registry.exchange.mapping import ColumnMapping, FileMapping
from registry.exchange.redcap_reader import from_redcap
from registry.exchange.spreadsheet_reader import from_json, read_file, to_json
from registry.exchange.spreadsheets import (
    BYTE_ORDER_MARK,
    csv_lines,
    write_csv_archive,
    write_xlsx,
)
from registry.models import (
    Component,
    ContrastStudy,
    HistoryEvent,
    Patient,
    Read,
    RevisionCase,
    RevisionSurgery,
)
from tests.factories import foreign_tables
from tests.factories import registry_records as make
from tests.unit.registry.exchange.test_export import STAMP

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def person(centre):
    return make.user(at_centre=centre)


def mapped(sheets):
    """What a person says of the foreign table, on top of what is guessed."""
    columns = dict(mapping.guess(sheets).columns)
    diagnoses = {normal(said): code for said, code in foreign_tables.DIAGNOSES.items()}
    reasons = {normal(said): code for said, code in foreign_tables.REASONS.items()}
    columns |= {
        "Dx": ColumnMapping("patient.diagnosis", codes=diagnoses),
        "Pump type": ColumnMapping("pump.model", codes={"synchromed ii": "medtronic_8637_40"}),
        "Implant date": replace(columns["Implant date"], order="day_first"),
        "Onset": replace(columns["Onset"], order="day_first"),
        "CT date": replace(columns["CT date"], order="day_first"),
        "OP date": replace(columns["OP date"], order="day_first"),
        "Reason": ColumnMapping("case.trigger", codes=reasons),
        "Aspirated": ColumnMapping("study.aspiration"),
        "OP done": ColumnMapping("surgery.procedures"),
        "Found at pump": ColumnMapping("surgery_finding.code"),
        "Notes": ColumnMapping("case.remarks"),
        "MAS": ColumnMapping(),
        "Ignored sum": ColumnMapping(),
    }
    constants = {
        "study.modality": "cap_ct_myelography",
        "surgery.planned": "unplanned",
        "surgery.imaging_known": "known",
        "surgery_finding.component": "pump",
        "surgery_finding.status": "confirmed",
    }
    return FileMapping(columns, constants)


def sent(content, columns_of, *, centre, person, name="theirs.xlsx"):
    sheets = from_redcap(read_file(content, name=name))
    columns = columns_of(sheets)
    return actions.case_imports.send(
        centre=centre, by=person, at=make.NOW, file_name=name, content=to_json(sheets),
        mapping=columns.to_json(), rows=sum(len(sheet.rows) for sheet in sheets),
    )  # fmt: skip


def taken_in(one, *, person):
    return case_import.take_in(case_import=one, by=person, at=make.NOW)


def everything():
    """Every row of the registry but the history and the imports themselves."""
    return {
        model.__name__: sorted(map(str, model._default_manager.values_list()))
        for model in apps.get_app_config("registry").get_models()
        if model.__name__ not in {"HistoryEvent", "HistoryChain", "CaseImport", "ImportedRecord"}
    }


@pytest.mark.one_database
def test_five_hundred_cases_in_their_own_words_are_taken_in(centre, person):
    """Formulas, leading zeros, commas, five ways to write a day, unknown, two rows a patient.

    A cell that is not understood keeps all of them out; what is exported and comes back changes
    nothing.
    """
    cases = 500
    broken = foreign_tables.workbook(cases, broken=True)
    with pytest.raises(ImportRefusedError):
        taken_in(sent(broken, mapped, centre=centre, person=person), person=person)
    assert Patient.objects.count() == 0
    one = sent(foreign_tables.workbook(cases), mapped, centre=centre, person=person)
    taken_in(one, person=person)
    assert RevisionCase.objects.count() == ContrastStudy.objects.count() == cases
    assert Patient.objects.count() == cases - cases // 10
    assert Component.objects.filter(serial_number="00000001", kind="pump").count() == 1
    assert set(
        Component.objects.filter(kind="spinal_segment").values_list("length_cm", flat=True)
    ) == {85, 84.5}
    stopped = len(range(4, cases, 9))
    assert ContrastStudy.objects.filter(outcome="stopped_not_aspirable").count() == stopped
    read = Read.objects.filter(source="report_abstracted", reader=person)
    assert read.count() == cases - stopped
    assert RevisionSurgery.objects.count() == len(range(0, cases, 3))
    first = RevisionCase.objects.order_by("pk")[0]
    assert first.remarks == "1+ both legs"
    assert RevisionCase.objects.filter(remarks="=SUM(A1:A9)").exists()
    found = queries.patients.by_number(
        viewer=person, permission="registry.log_case", number="000001"
    )
    assert len(found) == 1, "the hospital's number kept its zeros"
    before = everything()
    content = write_xlsx(exported(person)).getvalue()
    taken_in(sent(content, mapping.guess, centre=centre, person=person), person=person)
    assert everything() == before


def test_the_same_table_again_changes_nothing(centre, person):
    content = foreign_tables.workbook(10)
    taken_in(sent(content, mapped, centre=centre, person=person), person=person)
    before = everything()
    again = sent(content, mapped, centre=centre, person=person)
    outcome = case_import.rehearse(case_import=again, by=person, at=make.NOW)
    assert {line.status for line in outcome.lines} == {UNCHANGED}
    taken_in(again, person=person)
    assert everything() == before


def test_a_cell_that_is_refused_is_named_and_nothing_is_written(centre, person):
    content = foreign_tables.workbook(12, broken=True)
    one = sent(content, mapped, centre=centre, person=person)
    before = everything()
    outcome = case_import.rehearse(case_import=one, by=person, at=make.NOW)
    places = {(problem.place.row, problem.place.header) for problem in outcome.problems}
    assert {(5, "Catheter length"), (6, "Onset")} <= places
    with pytest.raises(ImportRefusedError):
        taken_in(one, person=person)
    assert everything() == before


def test_a_row_that_only_the_registry_can_refuse_keeps_the_whole_file_out(centre, person):
    content = foreign_tables.workbook(7, future=True)
    one = sent(content, mapped, centre=centre, person=person)
    before = everything()
    with pytest.raises(ImportRefusedError):
        taken_in(one, person=person)
    assert everything() == before
    outcome = case_import.rehearse(case_import=one, by=person, at=make.NOW)
    assert {(problem.place.row, problem.place.header) for problem in outcome.problems} == {
        (9, "OP date")
    }
    assert everything() == before, "a rehearsal leaves nothing"


def test_an_import_is_taken_in_once(centre, person):
    one = sent(foreign_tables.workbook(5), mapped, centre=centre, person=person)
    taken_in(one, person=person)
    with pytest.raises(ImportGoneError):
        taken_in(one, person=person)
    assert RevisionCase.objects.count() == 5


def as_redcap(sheets):
    text = "".join(csv_lines(redcap_records.records(sheets))).removeprefix(BYTE_ORDER_MARK)
    return io.BytesIO(text.encode())


WRITTEN = {"cases.zip": write_csv_archive, "redcap.csv": as_redcap}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_was_exported_and_comes_back_changes_nothing(centre, person, name):
    taken_in(sent(foreign_tables.workbook(10), mapped, centre=centre, person=person), person=person)
    before = everything()
    content = WRITTEN[name](exported(person)).getvalue()
    one = sent(content, mapping.guess, centre=centre, person=person, name=name)
    outcome = case_import.rehearse(case_import=one, by=person, at=make.NOW)
    assert outcome.problems == []
    assert {line.status for line in outcome.lines} == {UNCHANGED}
    taken_in(one, person=person)
    assert everything() == before


def exported(person):
    patients = queries.patients.visible(viewer=person)
    return list(export.sheets(viewer=person, patients=patients, stamp=STAMP))


def as_values(sheets, numbers):
    """Tables without ids; registry numbers by their place in the list of patients."""
    return {
        sheet.name: [
            [str(numbers.get(value, value)) for key, value in zip(sheet.header, row, strict=True)
             if not key.endswith(".id") and key != "read.signed_at"]
            for row in sheet.rows
        ]
        for sheet in sheets
        if sheet.name not in ("about", "codebook")
    }  # fmt: skip


def test_an_export_taken_in_elsewhere_exports_the_same(centre, person):
    """Registry numbers and ids are given anew; every answer is the same."""
    taken_in(sent(foreign_tables.workbook(10), mapped, centre=centre, person=person), person=person)
    south = make.centre("SOUTH")
    other = make.user(at_centre=south)
    content = write_xlsx(without_ids(exported(person))).getvalue()
    taken_in(sent(content, mapping.guess, centre=south, person=other), person=other)
    here = list(Patient.objects.filter(centre=centre).order_by("pk"))
    there = list(Patient.objects.filter(centre=south).order_by("pk"))
    first, second = (
        {patient.registry_number: place for place, patient in enumerate(patients)}
        for patients in (here, there)
    )
    assert as_values(exported(other), second) == as_values(exported(person), first)


def test_redcap_records_taken_in_elsewhere_export_the_same(centre, person):
    """Every answer of every form survives the way through REDCap's flat table."""
    taken_in(sent(foreign_tables.workbook(9), mapped, centre=centre, person=person), person=person)
    south = make.centre("SOUTH")
    other = make.user(at_centre=south)
    content = as_redcap(without_ids(exported(person))).getvalue()
    one = sent(content, mapping.guess, centre=south, person=other, name="redcap.csv")
    taken_in(one, person=other)
    here = list(Patient.objects.filter(centre=centre).order_by("pk"))
    there = list(Patient.objects.filter(centre=south).order_by("pk"))
    first, second = (
        {patient.registry_number: place for place, patient in enumerate(patients)}
        for patients in (here, there)
    )
    assert as_values(exported(other), second) == as_values(exported(person), first)


REDCAP_HEADINGS = ",".join(
    f'"{heading}"'
    for heading in (
        *("Variable / Field Name", "Form Name", "Field Type", "Field Label"),
        "Choices, Calculations, OR Slider Labels",
    )
)
REDCAP_DICTIONARY = f"""\
{REDCAP_HEADINGS}
record_id,baseline,text,"Record ID",
gender,baseline,radio,"Sex <b>at birth</b>","1, Male | 2, Female"
dx1,baseline,dropdown,"Diagnosis","1, Spastic CP | 2, Other, not listed"
susp,revision,text,"Suspicion",
why,revision,dropdown,"Reason","1, Defect? | 2, Routine"
sx,revision,checkbox,"Symptoms","1, More tone | -2, Itching, all over | 3, Fever"
"""
REDCAP_RECORDS = """\
record_id,redcap_repeat_instrument,redcap_repeat_instance,gender,dx1,baseline_complete,susp,why,sx___1,sx____2,sx___3,revision_complete
007,,,2,1,2,,,,,,
007,revision,1,,,,2019-03-04,1,1,1,0,2
007,revision,2,,,,2021-05-06,1,0,0,0,0
008,,,1,1,2,,,,,,
"""


def test_records_of_another_redcap_project_are_asked_about_in_its_own_words(centre, person):
    """The dictionary tells what codes mean; two instances of a form are two cases."""
    asked = {}

    def columns_of(sheets):
        guessed = mapping.guess(sheets)
        chosen = dict(guessed.columns) | {
            "dx1": replace(guessed.columns["dx1"], codes={"spastic cp": "cp_spastic"}),
            "why": ColumnMapping("case.trigger", codes={"defect?": "suspected_malfunction"}),
            "sx": ColumnMapping("case.presenting_signs"),
        }
        asked.update(mapping.not_understood(sheets, FileMapping(chosen)))
        codes = {"more tone": "tone_increase", "itching all over": "pruritus_no_rash"}
        chosen["sx"] = ColumnMapping("case.presenting_signs", codes=codes)
        return FileMapping(chosen)

    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("dictionary.csv", REDCAP_DICTIONARY)
        archive.writestr("records.csv", REDCAP_RECORDS)
    one = sent(content.getvalue(), columns_of, centre=centre, person=person, name="redcap.zip")
    (sheet,) = from_json(str(one.content))
    assert sheet.header == ("record_id", "gender", "dx1", "susp", "why", "sx")
    assert sheet.title(1) == "Sex at birth"
    assert asked["sx"] == ["Itching all over", "More tone"]
    taken_in(one, person=person)
    first, second = RevisionCase.objects.order_by("opened_on")
    assert {sign.code for sign in first.presenting_signs.all()} == {
        "tone_increase",
        "pruritus_no_rash",
    }
    assert second.presenting_signs.count() == 0
    assert first.patient == second.patient
    patients = Patient.objects.order_by("pk").values_list("sex", "diagnosis")
    assert list(patients) == [("female", "cp_spastic"), ("male", "cp_spastic")]


def without_ids(sheets):
    """Ids of another installation: known within the file only."""
    for sheet in sheets:
        ids = {at for at, key in enumerate(sheet.header) if key.endswith(".id")}
        yield type(sheet)(
            sheet.name,
            sheet.header,
            [
                [f"x{value}" if at in ids and value else value for at, value in enumerate(row)]
                for row in sheet.rows
            ],
        )


def test_what_is_empty_in_the_file_stays_as_it_is_recorded(centre, person):
    patient = make.patient(by=person, at_centre=centre, local_number="7", weight_kg=20)
    case = make.case(of=patient, by=person, remarks="kept")
    rows = "Pat-ID,Onset,Weight,Symptoms,Notes\n7,2024-03-01,,spasms_increase,\n"
    codes = type(case.presenting_signs.first())._meta.get_field("code").flatchoices
    sign = next(code for code, _ in codes if code != "tone_increase")
    content = rows.replace("spasms_increase", sign).encode()
    one = sent(content, guess_with_notes, centre=centre, person=person, name="x.csv")
    outcome = case_import.rehearse(case_import=one, by=person, at=make.NOW)
    (changed,) = [line for line in outcome.lines if line.status == CHANGED]
    assert changed.differences[0][1] == "tone_increase"
    taken_in(one, person=person)
    case.refresh_from_db()
    assert case.remarks == "kept"
    assert {child.code for child in case.presenting_signs.all()} == {"tone_increase", sign}
    patient.refresh_from_db()
    assert patient.weight_kg == 20


def guess_with_notes(sheets):
    guessed = mapping.guess(sheets)
    return FileMapping({**guessed.columns, "Notes": ColumnMapping("case.remarks")})


def test_taking_back_leaves_nothing_anybody_sees_and_deletes_nothing(centre, person):
    patient = make.patient(by=person, at_centre=centre, local_number="000001", sex="male")
    make.case(of=patient, by=person)
    before = as_values(exported(person), {})
    one = sent(foreign_tables.workbook(10), mapped, centre=centre, person=person)
    taken_in(one, person=person)
    patient.refresh_from_db()
    assert patient.diagnosis in foreign_tables.DIAGNOSES.values()
    count = RevisionCase.objects.count()
    state = queries.registry_state.of_centres([centre.code])
    case_import.undo(case_import=one, by=person, at=make.NOW)
    assert queries.registry_state.of_centres([centre.code]) != state, "no audit is kept"
    assert as_values(exported(person), {}) == before
    assert RevisionCase.objects.count() >= count
    assert not queries.reads.standing(viewer=person).exists()
    again = sent(foreign_tables.workbook(10), mapped, centre=centre, person=person)
    outcome = case_import.rehearse(case_import=again, by=person, at=make.NOW)
    assert NEW in {line.status for line in outcome.lines}
    assert outcome.problems == []
    with pytest.raises(ImportGoneError):
        case_import.undo(case_import=one, by=person, at=make.NOW)
    assert HistoryEvent.objects.filter(action="case_import.undo").count() == 1


def test_what_an_import_added_to_lists_and_rows_is_taken_back(centre, person):
    """The codes and rows that were there before stay; what was added stays in the history."""
    patient = make.patient(by=person, at_centre=centre, local_number="7")
    case = make.case(of=patient, by=person, remarks="kept")
    surgery = make.surgery(of=case, by=person)
    before = as_values(exported(person), {})
    book = {
        "case": "patient.local_number,case.id,case.presenting_signs,workup_step.kind,"
        "workup_step.performed_on,workup_step.result,case.remarks\n"
        f"7,{case.public_id},pruritus_no_rash,interrogation,2024-03-02,normal,more\n",
        "surgery": "patient.local_number,case.id,surgery.id,surgery.techniques,"
        "surgery_finding.component,surgery_finding.site,surgery_finding.status,"
        "surgery_finding.code\n"
        f"7,{case.public_id},{surgery.public_id},,spinal_segment,,confirmed,kink\n",
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in book.items():
            archive.writestr(f"{name}.csv", text)
    one = sent(content.getvalue(), mapping.guess, centre=centre, person=person, name="x.zip")
    outcome = case_import.rehearse(case_import=one, by=person, at=make.NOW)
    assert [problem.sentence for problem in outcome.problems] == []
    taken_in(one, person=person)
    changed = as_values(exported(person), {})
    assert {name for name in before if changed[name] != before[name]} == {
        "case", "workup_step", "surgery_finding",
    }  # fmt: skip
    case_import.undo(case_import=one, by=person, at=make.NOW)
    assert as_values(exported(person), {}) == before
    said = [event.changes for event in HistoryEvent.objects.filter(object_id=case.public_id)]
    assert "pruritus_no_rash" in str(said)


def test_what_somebody_worked_on_since_is_not_taken_back(centre, person):
    one = sent(foreign_tables.workbook(5), mapped, centre=centre, person=person)
    taken_in(one, person=person)
    make.component(of=Patient.objects.first(), by=person, kind="connector", reservoir_ml=None)
    before = everything()
    with pytest.raises(NotUndoableError, match="added a record"):
        case_import.undo(case_import=one, by=person, at=make.NOW)
    assert everything() == before


def test_an_edited_record_is_not_taken_back(centre, person):
    one = sent(foreign_tables.workbook(5), mapped, centre=centre, person=person)
    taken_in(one, person=person)
    case = RevisionCase.objects.first()
    actions.cases.edit(
        case=case, edition=case.edition, by=person, at=make.NOW,
        changes={"remarks": "looked at"}, presenting_signs=[], workup=[],
    )  # fmt: skip
    with pytest.raises(NotUndoableError, match="edited since"):
        case_import.undo(case_import=one, by=person, at=make.NOW)


def test_what_went_to_another_centre_with_its_patient_is_not_taken_back(centre, person):
    """Its audits would lose a record that no event there tells of."""
    south = make.centre("SOUTH")
    accepts = make.user(at_centre=south)
    patient = make.patient(by=person, at_centre=centre, local_number="7")
    book = b"patient.local_number,component.kind,component.implanted_on\n7,connector,2020-01-01\n"
    one = sent(book, mapping.guess, centre=centre, person=person, name="component.csv")
    taken_in(one, person=person)
    transfer = actions.patient_transfers.offer(
        patient=patient, to_centre=south, transferred_on=make.NOW.date(), reason="moved house",
        by=person, at=make.NOW,
    )  # fmt: skip
    actions.patient_transfers.accept(transfer=transfer, by=accepts, at=make.NOW)
    before = everything()
    with pytest.raises(NotUndoableError, match="belongs to another centre by now"):
        case_import.undo(case_import=one, by=person, at=make.NOW)
    assert everything() == before
    assert patient.components.count() == 1


def test_sheets_survive_being_kept():
    sheets = read_file(foreign_tables.workbook(5), name="x.xlsx")
    assert from_json(to_json(sheets)) == sheets
    assert load_workbook(io.BytesIO(foreign_tables.workbook(1))).active.max_row == 3


def test_a_grade_between_two_grades_is_text_and_nothing_is_made_of_a_number(centre, person):
    """`1+` is a grade of the modified Ashworth scale; 1.5, however it is written, is none."""
    book = Workbook()
    book.active.append(
        ["patient.local_number", "patient.sex", "patient.diagnosis", "assessment.performed_on",
         "assessment.instrument", "grade.item", "grade.grade"]
    )  # fmt: skip
    muscles = [item.code for item in items_of(Instrument.MODIFIED_ASHWORTH)]
    for muscle, grade in zip(muscles, ("1+", "1.5", "1,5", 1.5, 2), strict=False):
        book.active.append(["7", "female", "cp_spastic", "2024-03-01", "mas", muscle, grade])
    content = io.BytesIO()
    book.save(content)
    one = sent(content.getvalue(), mapping.guess, centre=centre, person=person)
    outcome = case_import.rehearse(case_import=one, by=person, at=make.NOW)
    refused = {problem.sentence.split(": ", 1)[1] for problem in outcome.problems}
    why = "Not a grade of this item: 0, 1, 1+, 2, 3, 4."
    assert refused == {f"{muscle}: {why}" for muscle in muscles[1:4]}
