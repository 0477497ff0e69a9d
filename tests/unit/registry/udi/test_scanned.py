"""The UDI test set: three agencies, with and without production identifiers, right and wrong."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.udi import gs1, hibcc
from registry.udi.identifier import (
    Agency,
    Identifier,
    MalformedUdiError,
    NoDeviceIdentifierError,
    NotAUdiError,
    UdiError,
    WrongCheckDigitError,
)
from registry.udi.scanned import read

FDA_SAMPLE = "(01)51022222233336(11)141231(17)150707(10)A213B1(21)1234"
"""UDI formats by FDA-accredited issuing agency, version 1.3."""
READ = Identifier(
    agency=Agency.GS1,
    text=FDA_SAMPLE,
    device_identifier="51022222233336",
    lot_number="A213B1",
    serial_number="1234",
    manufactured_on=date(2014, 12, 31),
    expires_on=date(2015, 7, 7),
)
SCANNED = "0151022222233336111412311715070710A213B1{}211234"


def test_the_sample_of_the_fda_as_it_is_printed():
    assert read(FDA_SAMPLE) == READ
    assert read("(01) 51022222233336 (11) 141231 (17) 150707 (10) A213B1 (21) 1234") == READ


SEPARATORS = (
    "\x1d", "\u241d", "<GS>", "{GS}", "[gs]", "^]", "\\x1d", "\\u001d", "<FNC1>", "\\F", "&#29;",
    "\\029",
)  # fmt: skip


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_group_separator_in_whatever_way_it_is_sent(separator):
    assert read(SCANNED.format(separator)) == READ


@pytest.mark.parametrize("before", ["", "]d2", "]C1", "\x1d", "]d2\x1d", "  ", "\u241d"])
@pytest.mark.parametrize("after", ["", "\r\n", "\t", " "])
def test_what_scanners_put_around_it(before, after):
    assert read(before + SCANNED.format("\x1d") + after) == READ


def test_without_production_identifiers_the_device_is_all_there_is():
    for text in ("(01)51022222233336", "0151022222233336", "]C10151022222233336"):
        found = read(text)
        assert found.device_identifier == "51022222233336"
        assert (found.lot_number, found.serial_number) == ("", "")
        assert (found.manufactured_on, found.expires_on) == (None, None)


def test_a_month_without_a_day_ends_for_an_expiry_and_has_no_day_for_a_manufacture():
    found = read("(01)51022222233336(11)200200(17)240200")
    assert (found.manufactured_on, found.expires_on) == (None, date(2024, 2, 29))


@pytest.mark.parametrize("digit", "012345789")
def test_any_other_check_digit_is_refused(digit):
    with pytest.raises(WrongCheckDigitError, match="check digit does not fit"):
        read(f"(01)5102222223333{digit}(21)1234")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", NotAUdiError),
        ("NGV123456H", NotAUdiError),
        ("http://example.org/01/5102", NotAUdiError),
        ("x" * 201, NotAUdiError),
        ("(10)A213B1(21)1234", NoDeviceIdentifierError),
        ("10A213B1", NoDeviceIdentifierError),
        ("(01)5102222223333", MalformedUdiError),
        ("(01)51022222233336ZZ", MalformedUdiError),
        ("(01)51022222233336(11)141331", MalformedUdiError),
        ("(01)51022222233336(11)140230", MalformedUdiError),
        ("(01)51022222233336(10)" + "A" * 21, MalformedUdiError),
        ("(01)51022222233336(99", MalformedUdiError),
        ("(01)51022222233336(21)1(21)2", MalformedUdiError),
        ("(01)5102222223333X", MalformedUdiError),
    ],
)
def test_what_is_no_gs1_is_refused_with_the_reason(text, error):
    with pytest.raises(error) as refused:
        read(text)
    assert str(refused.value.words)
    assert "NGV" not in str(refused.value)


def test_the_same_part_twice_with_one_value_is_one_part():
    assert read("(01)51022222233336(21)1(21)1").serial_number == "1"


def hibc(text: str) -> str:
    return text + hibcc.check_character(text)


def test_hibcc_alone():
    """The example of the standard: labeler A123, product BJC5D6E7, unit 1, check G."""
    found = read("+A123BJC5D6E71G")
    assert found.agency is Agency.HIBCC
    assert found.device_identifier == "A123BJC5D6E71"
    assert found.lot_number == ""
    assert read("*+a123bjc5d6e71g*") == found


def test_hibcc_with_expiry_and_lot():
    """A published example: year 20, day 15, lot 10X3, check 3."""
    found = read("+A99912345/$$52001510X33")
    assert found.device_identifier == "A99912345"
    assert (found.lot_number, found.expires_on) == ("10X3", date(2020, 1, 15))


@pytest.mark.parametrize(
    ("part", "facts"),
    [
        ("$LOT1", {"lot_number": "LOT1"}),
        ("$+SER1", {"serial_number": "SER1"}),
        ("$$0928LOT1", {"lot_number": "LOT1", "expires_on": date(2028, 9, 30)}),
        ("$$2092728LOT1", {"lot_number": "LOT1", "expires_on": date(2028, 9, 27)}),
        ("$$3280927LOT1", {"lot_number": "LOT1", "expires_on": date(2028, 9, 27)}),
        ("$$428092716LOT1", {"lot_number": "LOT1", "expires_on": date(2028, 9, 27)}),
        ("$$528271LOT1", {"lot_number": "LOT1", "expires_on": date(2028, 9, 27)}),
        ("$$62827116LOT1", {"lot_number": "LOT1", "expires_on": date(2028, 9, 27)}),
        ("$$7LOT1", {"lot_number": "LOT1"}),
        ("$$824 3280927LOT1".replace(" ", ""), {"lot_number": "LOT1",
                                                "expires_on": date(2028, 9, 27)}),
        ("$$+3280927SER1", {"serial_number": "SER1", "expires_on": date(2028, 9, 27)}),
        ("$$+7SER1", {"serial_number": "SER1"}),
        ("28271LOT1", {"lot_number": "LOT1", "expires_on": date(2028, 9, 27)}),
        ("SSER1/16D20230927/14D20280927", {"serial_number": "SER1",
         "manufactured_on": date(2023, 9, 27), "expires_on": date(2028, 9, 27)}),
        ("$$7LOT1/SSER1/Q5", {"lot_number": "LOT1", "serial_number": "SER1"}),
    ],
)  # fmt: skip
def test_hibcc_with_each_form_of_its_second_part(part, facts):
    text = hibc(f"+A123BJC5D6E71/{part}")
    assert read(text) == Identifier(
        agency=Agency.HIBCC, text=text, device_identifier="A123BJC5D6E71", **facts
    )


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("+A123BJC5D6E71H", WrongCheckDigitError),
        ("+A123BJC5D6E7G", WrongCheckDigitError),
        ("+", WrongCheckDigitError),
        ("+A123BJC5D6E71Ü", MalformedUdiError),
        (hibc("+A123BJC5D6E7X"), MalformedUdiError),
        (hibc("+$$7LOT1G"), NoDeviceIdentifierError),
        (hibc("+A123BJC5D6E71/$$31"), MalformedUdiError),
        (hibc("+A123BJC5D6E71/$$3281327LOT1"), MalformedUdiError),
        (hibc("+A123BJC5D6E71/$$528399LOT1"), MalformedUdiError),
        (hibc("+A123BJC5D6E71/$$1328LOT1"), MalformedUdiError),
        (hibc("+A123BJC5D6E71/16D20231327"), MalformedUdiError),
        (hibc("+A123BJC5D6E71/?".replace("?", "XX")), MalformedUdiError),
        (hibc("+A123BJC5D6E71/$A/$B"), MalformedUdiError),
    ],
)
def test_what_is_no_hibcc_is_refused_with_the_reason(text, error):
    with pytest.raises(error):
        read(text)


def test_a_check_character_that_is_a_blank_may_have_fallen_off():
    serial = next(
        one for one in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-$+%" * 2
        if hibcc.check_character(f"+A123BJC5D6E71/$+{one}") == " "
    )  # fmt: skip
    assert read(f"+A123BJC5D6E71/$+{serial}").serial_number == serial


ISBT = "=/A9999XYZ100T0944=,000025=A99971312345600=>014032=}013032&,1000000000000XYZ123"


def test_iccbba_with_all_its_parts():
    """The structures and lengths of the FDA's table [own]."""
    assert read(ISBT) == Identifier(
        agency=Agency.ICCBBA,
        text=ISBT,
        device_identifier="A9999XYZ100T0944",
        lot_number="000000000000XYZ123",
        serial_number="000025",
        manufactured_on=date(2013, 2, 1),
        expires_on=date(2014, 2, 1),
    )


def test_iccbba_alone():
    assert read("=/A9999XYZ100T0944").serial_number == ""


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("=,000025", NoDeviceIdentifierError),
        ("=/A9999XYZ100T094", MalformedUdiError),
        ("=/A9999XYZ100T0944=>014399", MalformedUdiError),
        ("=/A9999XYZ100T0944=>014000", MalformedUdiError),
        ("=/A9999XYZ100T0944junk", MalformedUdiError),
        ("=/A9999XYZ100T0944=,000025=,000026", MalformedUdiError),
    ],
)
def test_what_is_no_iccbba_is_refused_with_the_reason(text, error):
    with pytest.raises(error):
        read(text)


def gtin(digits: str) -> str:
    return next(digits + last for last in "0123456789" if gs1.has_right_check_digit(digits + last))


codes = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=1, max_size=20)


@given(
    st.text("0123456789", min_size=13, max_size=13),
    codes,
    codes,
    st.dates(date(2000, 1, 1), date(2049, 12, 31)),
)
def test_what_is_written_as_gs1_is_read_as_it_was(digits, lot, serial, made):
    device = gtin(digits)
    text = f"01{device}11{made:%y%m%d}10{lot}\x1d21{serial}"
    found = read(text)
    assert (found.device_identifier, found.lot_number, found.serial_number) == (device, lot, serial)
    assert found.manufactured_on == made
    assert read(found.text) == found


@given(st.text("0123456789", min_size=13, max_size=13), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_of_a_device_never_passes(digits, place, more):
    device = gtin(digits)
    wrong = device[:place] + str((int(device[place]) + more) % 10) + device[place + 1 :]
    with pytest.raises(WrongCheckDigitError):
        read(f"(01){wrong}")


@given(st.text(max_size=60))
def test_nothing_that_is_sent_ends_in_anything_but_a_refusal_or_a_udi(text):
    for start in ("", "+", "=/", "01", "(01)", "]d2"):
        with suppress(UdiError):
            assert read(start + text).device_identifier
