"""What a sender is told for each of our reason codes."""

import pytest

from imaging.dicomweb.failure_reasons import _BY_REASON_CODE, failure_reason
from imaging.ingest.reasons import ALL_REASONS

OF_THE_STANDARD = {0x0110, 0x0122, 0xA700, 0xA900, 0xC000, 0xC122}


@pytest.mark.parametrize("reason_code", ALL_REASONS)
def test_every_reason_has_a_failure_reason_of_the_standard(reason_code):
    """PS3.18 table I.2-2."""
    result = ALL_REASONS[reason_code].disposition
    assert failure_reason(result=result, reason_code=reason_code) in OF_THE_STANDARD


def test_the_table_names_existing_reasons_only():
    assert set(_BY_REASON_CODE) <= set(ALL_REASONS)


@pytest.mark.parametrize(
    ("result", "reason_code", "reason"),
    [
        ("rejected", "sop_class_not_ct", 0x0122),
        ("rejected", "transfer_syntax_refused", 0xC122),
        ("rejected", "uid_mismatch", 0xA900),
        ("rejected", "truncated_element", 0xC000),
        ("conflict", "pixel_conflict", 0x0110),
        ("quarantined", "burned_in_annotation", 0x0110),
    ],
)
def test_the_nearest_reason_is_given(result, reason_code, reason):
    assert failure_reason(result=result, reason_code=reason_code) == reason
