"""What REDCap wrote in codes is read in words; what it keeps for itself is left out."""

import pytest

from registry.exchange.mapping import guess
from registry.exchange.redcap_reader import from_redcap
from registry.exchange.spreadsheet_reader import UnreadableFileError, read_file

DICTIONARY = (
    "field_name,form_name,field_type,field_label,select_choices_or_calculations\n"
    'record_id,one,text,Record,\nsex_,one,radio,Gender,"1, Male|2, Female\\n3, Other, or none"\n'
    'sum,one,calc,Sum,"[a], 2"\nmas,one,dropdown,Grade,"1, 1|15, 1+"\n'
    'sig,one,checkbox,"Signs; all","A-1, Fever, high|b.2, Pain"\n'
)
RECORDS = (
    "record_id,redcap_event_name,redcap_data_access_group,sex_,sum,mas,sig___a_1,sig___b_2,"
    "one_complete,one_timestamp,own_complete\n"
    "001,base,north,3,7,15,1,1,2,2020-01-01,maybe\n002,base,north,9,,,0,1,0,,\n"
)


def read(*texts):
    return from_redcap([s for text in texts for s in read_file(text.encode(), name="x.csv")])


def test_codes_become_words_and_checkboxes_one_column():
    (sheet,) = read(RECORDS, DICTIONARY)
    assert sheet.header == ("record_id", "sex_", "sum", "mas", "sig", "own_complete")
    assert [[cell.text for cell in row] for row in sheet.rows] == [
        ["001", "Other, or none", "7", "1+", "Fever high; Pain", "maybe"],
        ["002", "9", "", "", "Pain", ""],
    ], "a code that no choice has stays as it is"
    assert guess([sheet]).columns["sex_"].target == "patient.sex", "guessed by what it asks"


def test_without_its_dictionary_the_records_keep_their_codes():
    text = "record_id,redcap_repeat_instrument,redcap_repeat_instance,sig___a_1\n1,sig,1,1\n"
    (sheet,) = read(text)
    assert (sheet.header, sheet.rows[0][1].text) == (("record_id", "sig"), "a_1")


def test_other_tables_stay_as_they_are():
    (sheet,) = read("Pat-ID,redcap_note,x___y\n1,2,3\n")
    assert sheet.header == ("Pat-ID", "redcap_note", "x___y")


def test_a_dictionary_alone_is_refused():
    with pytest.raises(UnreadableFileError, match="together with the records"):
        read(DICTIONARY)


def test_our_own_records_are_known_by_their_names_and_keep_their_codes():
    header = "record_id,redcap_repeat_instrument,redcap_repeat_instance,case_id,study_case_id"
    text = f"{header},case_presenting_signs___tone_increase\nX-1,case,1,A,,1\nX-1,study,1,,A,\n"
    (sheet,) = read(text)
    columns = guess([sheet]).columns
    assert [columns[name].target for name in sheet.header] == [
        "patient.registry_number", "case.id", "case.id", "case.presenting_signs",
    ]  # fmt: skip
    assert sheet.rows[0][3].text == "tone_increase"
