"""Cells of other people's tables: read as they were meant, or refused with what to do."""

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from registry.exchange import cells
from registry.exchange.cells import Cell, CellError, Reading, as_day, value_of
from registry.exchange.codebook import described

COLUMNS = {column.key: column for _, column in described()}


def read(key, text, reading=None, kind="text"):
    return value_of(Cell(text, kind), COLUMNS[key], reading or Reading())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2019-05-02", date(2019, 5, 2)),
        ("20190502", date(2019, 5, 2)),
        ("2019/5/2", date(2019, 5, 2)),
        ("2.5.2019", date(2019, 5, 2)),
        ("13/05/2019", date(2019, 5, 13)),
        ("05/13/2019", date(2019, 5, 13)),
        ("5/5/2019", date(2019, 5, 5)),
        ("2 May 2019", date(2019, 5, 2)),
        ("May 2, 2019", date(2019, 5, 2)),
        ("2. März 2019", date(2019, 3, 2)),
        ("2019-05-02T00:00:00", date(2019, 5, 2)),
        ("2019-05-02 14:05", date(2019, 5, 2)),
    ],
)
def test_a_day_is_read_however_it_is_written(text, day):
    assert read("case.opened_on", text) == day


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("03/05/2019", "two ways"),
        ("2.5.19", "century"),
        ("30.02.2019", "no such day"),
        ("last spring", "no day"),
        ("32 May 2019", "no day|no such day"),
    ],
)
def test_a_day_that_is_not_certain_is_refused(text, sentence):
    with pytest.raises(CellError, match=sentence):
        read("case.opened_on", text)


def test_the_column_says_which_comes_first():
    assert read("case.opened_on", "03/05/2019", Reading(order="day_first")) == date(2019, 5, 3)
    assert read("case.opened_on", "03/05/2019", Reading(order="month_first")) == date(2019, 3, 5)


def test_one_day_of_a_column_tells_how_the_others_are_written():
    assert cells.orders_of([Cell("03/05/2019"), Cell("25/05/2019")]) == "day_first"
    assert cells.orders_of([Cell("03/05/2019"), Cell("05/25/2019")]) == "month_first"
    assert cells.orders_of([Cell("03/05/2019"), Cell("2019-01-01")]) == "unclear"


def test_a_day_whose_format_was_lost_is_a_number_of_excel():
    assert as_day(Cell("43587", "number"))[0] == date(2019, 5, 2)


def test_months_and_years_say_how_much_is_known():
    assert as_day(Cell("05/2019")) == (date(2019, 5, 1), "month")
    assert as_day(Cell("2019", "number")) == (date(2019, 1, 1), "year")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_survives_the_way_it_is_exported(day):
    assert read("case.opened_on", day.isoformat()) == day
    assert read("case.opened_on", f"{day:%d.%m.%Y}") == day


@pytest.mark.parametrize(
    ("key", "text", "number"),
    [
        ("patient.weight_kg", "12,5", "12.5"),
        ("patient.weight_kg", "12.5 kg", "12.5"),
        ("patient.weight_kg", "12500 g", "12.5"),
        ("component.length_cm", "0.85 m", "85"),
        ("component.length_cm", "850mm", "85"),
        ("study.delay_min", "2 h", "120"),
        ("patient.birth_year", "2009.0", "2009"),
        ("component.ml_per_cm", "0,0022", "0.0022"),
    ],
)
def test_a_number_is_read_with_comma_and_unit(key, text, number):
    assert read(key, text) == Decimal(number)


@pytest.mark.parametrize(
    ("key", "text", "sentence"),
    [
        ("component.length_cm", "850", "unit mistaken"),
        ("component.length_cm", "85 kg", "no unit for cm"),
        ("study.delay_min", "2.5", "no whole number"),
        ("patient.birth_year", "2009?", "more than a number"),
        ("patient.weight_kg", "heavy", "no number"),
        ("patient.weight_kg", "1+", "no unit"),
    ],
)
def test_a_number_that_is_none_or_not_plausible_is_refused(key, text, sentence):
    with pytest.raises(CellError, match=sentence):
        read(key, text)


def test_the_unit_of_a_column_holds_where_the_cell_names_none():
    assert read("component.length_cm", "850", Reading(unit="mm")) == Decimal(85)


@given(st.decimals(min_value=1, max_value=300, places=1))
def test_point_and_comma_are_the_same_number(number):
    text = f"{number:f}"
    assert read("patient.weight_kg", text) == number
    assert read("patient.weight_kg", text.replace(".", ",")) == number


@given(st.integers(min_value=1000, max_value=99_999_999))
def test_thousands_may_be_parted_in_any_way(number):
    """1.234.567,5 and 1,234,567.5 and 1'234'567.5"""
    swiss = f"{number:,}.5".replace(",", "'")
    english = f"{number:,}.5"
    german = english.translate(str.maketrans(",.", ".,"))
    shape = COLUMNS["component.reservoir_ml"]
    free = type(shape)(**{**vars(shape), "smallest": None, "largest": None, "unit": ""})
    read_as = {cells.as_number(Cell(text), free) for text in (swiss, english, german)}
    assert read_as == {Decimal(number) + Decimal("0.5")}


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("patient.sex", "F", "female"),
        ("patient.sex", "Männlich", "male"),
        ("patient.gmfcs", "V", "level_v"),
        ("patient.gmfcs", "LEVEL_V", "level_v"),
        ("patient.epilepsy", "Ja", "yes"),
        ("patient.epilepsy", "unk", "unknown"),
        ("patient.diagnosis", "cerebral palsy,  spastic", "cp_spastic"),
        ("component.tip_level", "t10", "t10"),
        ("read.certainty", "4", 4),
    ],
)
def test_an_answer_is_known_by_code_label_and_common_words(key, text, code):
    assert read(key, text) == code


def test_what_the_mapping_says_comes_first():
    reading = Reading(codes={"quadri": "cp_spastic", "weg damit": ""})
    assert read("patient.diagnosis", "Quadri", reading) == "cp_spastic"
    assert read("patient.diagnosis", "weg damit", reading) is None


def test_an_answer_of_no_list_is_refused():
    with pytest.raises(CellError, match="no answer"):
        read("patient.diagnosis", "quadri")


def test_several_codes_are_parted():
    words = "tone_increase; Tone_Increase\nspasm_increase"
    codes = COLUMNS["case.presenting_signs"].closed_list.codes()
    two = [code for code in codes if code.startswith("tone")][:1] + list(codes[3:5])
    assert read("case.presenting_signs", "; ".join(two)) == sorted(set(two))
    with pytest.raises(CellError, match="no answer"):
        read("case.presenting_signs", words + "; nonsense")


@pytest.mark.parametrize("text", ["", " ", "-", "n/a", "Not recorded"])
def test_what_is_not_recorded_stays_empty(text):
    assert read("patient.diagnosis", text) is None
    assert read("patient.weight_kg", text) is None


def test_unknown_is_a_code_where_the_list_has_one_and_empty_for_a_number():
    assert read("patient.sex", "unknown") == "unknown"
    assert read("patient.weight_kg", "unknown") is None


def test_text_is_kept_as_it_stands():
    """Leading zeros, a formula and 1+ are words here."""
    for text in ("00123", "1+", "=1+1", "+49 30"):
        assert read("component.serial_number", text) == text
    with pytest.raises(CellError, match="room for 40"):
        read("component.serial_number", "9" * 41)


def test_a_formula_without_a_value_is_refused():
    with pytest.raises(CellError, match="formula"):
        read("patient.weight_kg", "=A1*2", kind="formula")


@given(st.text(max_size=40))
def test_no_text_is_a_fault(text):
    """Refused or read, for every kind of column."""
    for column in COLUMNS.values():
        with contextlib.suppress(CellError):
            value_of(Cell(text), column)


def test_what_is_wrong_with_a_cell_is_said_in_the_language_of_whoever_checks():
    with override("de"), pytest.raises(CellError, match="„zwölf“ ist keine Zahl"):
        read("patient.weight_kg", "zwölf")
