"""The allow-list."""

from collections.abc import Iterator, Mapping

import pytest

from imaging.dicom.confidentiality_profile import action
from imaging.dicom.kept_attributes import (
    CODED_TERMS,
    DATES_AND_TIMES,
    KEPT_ATTRIBUTES,
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
