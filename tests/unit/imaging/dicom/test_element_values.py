"""Lenient reading of values: malformed is absent."""

import math
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from imaging.dicom import element_values


def _dataset(tag: int, vr: str, value: bytes, *, little: bool = True) -> Dataset:
    base = BaseTag(tag)
    return Dataset({base: RawDataElement(base, vr, len(value), value, 0, False, little)})


@pytest.mark.parametrize("text", ["NaN", "Inf", "-inf", "1e400", "1,5", "", "abc", "1_0", "0x1"])
def test_a_malformed_decimal_string_is_absent(text):
    assert element_values.number(_dataset(0x00281053, "DS", text.encode()), 0x00281053) is None


@pytest.mark.parametrize("text", ["abcdef", "1.5", "99999999999", "", "1e3"])
def test_a_malformed_integer_string_is_absent(text):
    assert element_values.integer(_dataset(0x00200013, "IS", text.encode()), 0x00200013) is None


def test_one_malformed_component_makes_the_whole_vector_absent():
    assert element_values.numbers(_dataset(0x00200032, "DS", b"1\\x\\3"), 0x00200032) is None
    assert element_values.numbers(_dataset(0x00200032, "DS", b"1\\2\\3 "), 0x00200032) == (1, 2, 3)


def test_binary_numbers_follow_the_byte_order_of_their_element():
    assert element_values.integer(_dataset(0x00280010, "US", b"\x02\x00"), 0x00280010) == 2
    big = _dataset(0x00280010, "US", b"\x02\x00", little=False)
    assert element_values.integer(big, 0x00280010) == 512
    nan = _dataset(0x00189306, "FD", b"\x00\x00\x00\x00\x00\x00\xf8\x7f")
    assert element_values.number(nan, 0x00189306) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20240229", date(2024, 2, 29)),
        ("20230229", None),
        ("00000000", None),
        ("99991231", date(9999, 12, 31)),
        ("2024-02-29", None),
        (None, None),
    ],
)
def test_a_date_is_a_day_of_the_calendar_or_absent(text, expected):
    assert element_values.date_of(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", time(10)),
        ("101530", time(10, 15, 30)),
        ("101530.5", time(10, 15, 30, 500000)),
        ("246060", None),
        ("1:2", None),
    ],
)
def test_a_time_is_a_time_of_the_day_or_absent(text, expected):
    assert element_values.time_of(text) == expected


@given(st.binary(max_size=40), st.sampled_from(["DS", "IS", "US", "FD", "UI", "CS", "FL", "UN"]))
def test_no_bytes_make_reading_fail_or_yield_nan(value, vr):
    dataset = _dataset(0x00281053, vr, value)
    found = element_values.number(dataset, 0x00281053)
    assert found is None or math.isfinite(found)
    element_values.integer(dataset, 0x00281053)
    element_values.texts(dataset, 0x00281053)
