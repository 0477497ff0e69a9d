"""Which bytes may be the value of a kept attribute."""

import string
import time

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
        ("IS", b"2500000"),
        ("IS", b"000000012 "),
        ("DS", b"0000120.000"),
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
        ("DS", b"19530717"),
        ("DS", b"0172\\19530717.5"),
        ("IS", b"0049172123456"),
        ("IS", b"19530717"),
        ("IS", b"1.0"),
        ("IS", b"abc"),
        ("DA", b"2024-03-05"),
        ("DA", b"20240305-20240306"),
        ("TM", b"10:15"),
        ("DT", b"20240305 Smith"),
        ("DA", b"99887766"),
        ("DA", b"20241305"),
        ("TM", b"998877"),
        ("TM", b"246000"),
        ("DT", b"20240305251500"),
        ("DS", b"M\xfcller"),
    ],
)
def test_a_value_that_does_not_is_dropped(vr, value):
    assert not number_or_date_stays(vr, value, NOBODY)


@pytest.mark.parametrize("vr", sorted(VALUE_OF_VR))
@pytest.mark.parametrize(
    "value",
    [
        b" " * 60_000 + b"x",
        b"1" * 60_000 + b"x",
        b"10" + b" " * 60_000 + b"x",
        (b" " * 30 + b"\\") * 2_000 + b"x",
        (b"1" * 14 + b" " * 14 + b"\\") * 2_000 + b"x",
    ],
    ids=["blanks", "digits", "digits and blanks", "blank components", "padded components"],
)
def test_no_value_keeps_a_pattern_busy(vr, value):
    """Blanks around each of many numbers once took the power of their number in steps."""
    start = time.process_time()
    assert not number_or_date_stays(vr, value, NOBODY)
    assert time.process_time() - start < 0.2


@pytest.mark.parametrize(
    ("vr", "value"),
    [
        ("DA", b"19530717"),
        ("DT", b"1953071710"),
        ("IS", b"8153344"),
        ("DS", b"120\\8153344.0"),
        ("DS", b"-8153344e0"),
        ("TM", b"101544.5"),
    ],
)
def test_a_number_or_date_that_names_somebody_is_dropped(vr, value):
    somebody = Identifiers(numbers={"8153344", "101544"}, birth_date="19530717")
    assert number_or_date_stays(vr, value, NOBODY)
    assert not number_or_date_stays(vr, value, somebody)


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
