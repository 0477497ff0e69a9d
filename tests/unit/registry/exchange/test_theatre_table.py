"""Lists of theatres as their systems write them."""

from datetime import date

import pytest

from registry.exchange.spreadsheet_reader import UnreadableFileError, read_file
from registry.exchange.theatre_table import (
    ListColumns,
    guess,
    has_unclear_days,
    only_sheet,
    read_table,
)

HERE = ("NORTH", "Hospital NORTH")


def sheet(text):
    return only_sheet(read_file(text.encode(), name="list.csv"))


def lines_of(text, columns=None, *, words=()):
    one = sheet(text)
    return read_table(one, columns or guess(one), here=HERE, words=words)


def test_columns_are_known_by_what_theatre_systems_call_them():
    german = "Datum;Saal;Patientennummer;Eingriff;Klinik\n01.03.2024;2;4711;Pumpe;NORTH\n"
    assert guess(sheet(german)) == ListColumns(
        "Datum", "Patientennummer", "Klinik", "Eingriff", "day_first"
    )
    english = "Date of surgery,MRN,Procedure\n2024-03-01,4711,pump\n"
    assert guess(sheet(english)) == ListColumns("Date of surgery", "MRN", "", "Procedure")
    assert not guess(sheet("a,b\n1,2\n")).is_known


def test_every_row_keeps_its_number_and_what_cannot_be_read_is_empty():
    found = lines_of("Datum,MRN\n2024-03-01,4711\n\n,4712\n2024-03,4713\n2024-03-04,\n")
    assert [(one.row, one.performed_on, one.number) for one in found.lines] == [
        (2, date(2024, 3, 1), "4711"), (4, None, "4712"), (5, None, "4713"),
        (6, date(2024, 3, 4), ""),
    ]  # fmt: skip
    assert found.days == [date(2024, 3, 1), date(2024, 3, 4)]


def test_lines_of_other_centres_are_told_apart_by_code_or_name():
    found = lines_of("Datum,MRN,Klinik\n2024-03-01,1,north\n2024-03-01,2,hospital north\n"
                     "2024-03-01,3,Eye clinic\n2024-03-01,4,\n")  # fmt: skip
    assert [one.is_elsewhere for one in found.lines] == [False, False, True, False]


def test_words_leave_other_procedures_out_and_say_how_many():
    text = "Datum,MRN,Eingriff\n2024-03-01,1,PUMPE Wechsel\n2024-03-01,2,Katarakt\n"
    found = lines_of(text, words=["pumpe", "baclofen"])
    assert ([one.number for one in found.lines], found.left_out) == (["1"], 1)


def test_a_day_that_can_be_read_in_two_ways_is_asked_about():
    unclear = sheet("Date,MRN\n01/02/2024,1\n")
    assert has_unclear_days(unclear, guess(unclear))
    told = sheet("Date,MRN\n01/02/2024,1\n25/02/2024,2\n")
    assert not has_unclear_days(told, guess(told))
    assert lines_of("Date,MRN\n01/02/2024,1\n25/02/2024,2\n").days[0] == date(2024, 2, 1)


def test_of_several_sheets_none_is_chosen():
    one = sheet("Date,MRN\n2024-03-01,1\n")
    with pytest.raises(UnreadableFileError):
        only_sheet([one, one])
