"""The allow-list."""

from collections.abc import Iterator, Mapping

import pytest

from imaging.dicom.confidentiality_profile import action
from imaging.dicom.kept_attributes import (
    CODED_TERMS,
    DATES_AND_TIMES,
    KEPT_ATTRIBUTES,
    KEPT_BY_KEYWORD,
    REASONS,
    KeptAttribute,
)

PROSE_VRS = {"LT", "ST", "UT", "UC", "UR", "OB", "OW", "UN", "PN"}


def _all(kept: Mapping[int, KeptAttribute]) -> Iterator[KeptAttribute]:
    for attribute in kept.values():
        yield attribute
        yield from _all(attribute.items)


EVERY = list({(kept.keyword, kept.reason): kept for kept in _all(KEPT_ATTRIBUTES)}.values())


@pytest.mark.parametrize("kept", EVERY, ids=lambda kept: kept.keyword)
def test_every_kept_attribute_has_a_reason(kept):
    assert kept.reason in REASONS


@pytest.mark.parametrize("kept", EVERY, ids=lambda kept: kept.keyword)
def test_no_attribute_that_can_hold_prose_keeps_its_value(kept):
    if kept.vrs & PROSE_VRS:
        assert kept.reason == "empty"
    if kept.vrs & {"LO", "SH", "CS", "AE"} and kept.reason != "empty":
        assert kept.terms is not None or kept.pattern is not None


@pytest.mark.parametrize("kept", EVERY, ids=lambda kept: kept.keyword)
def test_what_the_table_removes_stays_only_by_the_date_option(kept):
    if kept.reason != "empty" and action(kept.tag) not in (None, "U", "X/Z/U*"):
        assert kept.tag in DATES_AND_TIMES


def test_the_date_option_covers_dates_and_times_only():
    for kept in _all(KEPT_ATTRIBUTES):
        if kept.tag in DATES_AND_TIMES:
            assert kept.vrs <= {"DA", "TM", "DT"} or kept.keyword == "TimezoneOffsetFromUTC"
    assert 0x00100030 not in DATES_AND_TIMES  # birth date


def test_no_single_precision_number_is_kept():
    """Four letters may be an ordinary number there; see `imaging.dicom.value_rules`."""
    assert not any("FL" in kept.vrs for kept in EVERY)


def test_patient_characteristics_are_not_kept():
    kept = {attribute.keyword for attribute in _all(KEPT_ATTRIBUTES) if attribute.reason != "empty"}
    assert not kept & {"PatientSex", "PatientAge", "PatientSize", "PatientWeight"}


def test_coded_terms_are_short_ascii_and_contain_the_intrathecal_route():
    assert CODED_TERMS[("SCT", "72607000")] == "Intrathecal route"
    for (scheme, code), meaning in CODED_TERMS.items():
        assert f"{scheme}{code}{meaning}".isascii()
        assert len(scheme) <= 16
        assert len(code) <= 16
        assert len(meaning) <= 64


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        *(("ConvolutionKernel", text) for text in ("B30f", "Br40d", "Hr38h", "Qr64", "STD+", "YA")),
        *(("ConvolutionKernel", text) for text in ("FC18", "FC18-H", "2", "B_SOFT_B", "standard")),
        *(("ImageType", text) for text in ("AXIAL", "CT_SOM5 SPI", "CT_SOM7 SPI DUAL", "ADD")),
        *(("ImageType", text) for text in ["70 KEV", "LOCALIZER"]),
        *(("FilterType", text) for text in ["BODY FILTER", "0", "WEDGE_3", "LARGE"]),
        *(("ScanOptions", text) for text in ["HELICAL MODE", "HELIX", "SCOUT MODE"]),
        *(("Manufacturer", text) for text in ["Philips", "GE MEDICAL SYSTEMS"]),
        ("TimezoneOffsetFromUTC", "+0100"),
    ],
)
def test_what_scanners_write_stays(keyword, text):
    assert KEPT_BY_KEYWORD[keyword].allows(text)


NAMES = (
    "MUELLER",
    "Li",
    "WU",
    "NG",
    "ANNA",
    "John",
    "SMITH_JOHN",
    "MÜLLER",
    "ABC-123",
    "4711-0815",
)


@pytest.mark.parametrize(
    "kept", [kept for kept in EVERY if kept.terms or kept.pattern], ids=lambda kept: kept.keyword
)
@pytest.mark.parametrize("name", [*NAMES, "DR JEKYLL", "1953-07-17", "17071953", "19530717"])
def test_a_name_or_number_in_the_wrong_element_goes_though_nothing_says_it_is_one(kept, name):
    """Closed lists, not shapes: nobody has to recognise the name."""
    assert not kept.allows(name)


def test_no_pattern_lets_five_letters_in_a_row_through_but_those_it_spells_out():
    patterns = {kept.pattern for kept in EVERY if kept.pattern is not None}
    assert len(patterns) == 4
    for pattern in patterns:
        for length in range(3, 17):
            assert not pattern.fullmatch("Q" * length)
            assert not pattern.fullmatch("q" * length)
            assert not pattern.fullmatch("1" + "Q" * length)
            assert not pattern.fullmatch("Q" * length + "1")
