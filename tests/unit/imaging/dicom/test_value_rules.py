"""Which bytes may be the value of a kept attribute."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from imaging.dicom.identifiers import Identifiers
from imaging.dicom.kept_attributes import KEPT_BY_KEYWORD
from imaging.dicom.value_rules import (
    VALUE_OF_VR,
    binary_stays,
    number_or_date_stays,
    too_many,
)

NOBODY = Identifiers()
LETTERS = f"{string.ascii_letters}{string.digits} ^"


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"-123.5404569\\+18.5\\1e-3 "),
        ("DS", b"           0.000"),
        ("IS", b"+12\\-3"),
        ("DA", b"20240305"),
        ("TM", b"101500.123456"),
        ("DT", b"20240305101500.5+0100"),
    ],
)
def test_a_value_that_follows_its_vr_stays(vr, value):
    assert number_or_date_stays(vr, value, NOBODY)


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DS", b"NaN"),
        ("DS", b"Inf"),
        ("DS", b"1,5"),
        ("DS", b"120 kV"),
        ("DS", b"1" * 33),
        ("IS", b"1.0"),
        ("IS", b"abc"),
        ("DA", b"2024-03-05"),
        ("DA", b"20240305-20240306"),
        ("TM", b"10:15"),
        ("DT", b"20240305 Smith"),
    ],
)
def test_a_value_that_does_not_is_dropped(vr, value):
    assert not number_or_date_stays(vr, value, NOBODY)


@given(st.sampled_from(sorted(VALUE_OF_VR)), st.from_regex("[A-DF-Za-df-z]{2,}", fullmatch=True))
def test_no_word_of_letters_passes_for_a_number_or_date(vr, word):
    assert not number_or_date_stays(vr, word.encode(), NOBODY)


@given(
    st.text(
        alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ^",
        min_size=8,
        max_size=8,
    )
)
def test_eight_letters_do_not_pass_for_a_double(word):
    tag = BaseTag(KEPT_BY_KEYWORD["CTDIvol"].tag)
    element = RawDataElement(tag, "FD", 8, word.encode(), 0, False, True)
    assert not binary_stays(KEPT_BY_KEYWORD["CTDIvol"], element)
    assert not binary_stays(KEPT_BY_KEYWORD["CTDIvol"], element._replace(is_little_endian=False))


def test_the_multiplicity_of_an_attribute_is_its_limit():
    assert not too_many(KEPT_BY_KEYWORD["PixelSpacing"], b"0.5\\0.5")
    assert too_many(KEPT_BY_KEYWORD["PixelSpacing"], b"0.5\\0.5\\0.5")
    assert not too_many(KEPT_BY_KEYWORD["ImageType"], b"A\\B\\C\\D\\E")
