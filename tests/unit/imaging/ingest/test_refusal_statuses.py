"""One cause is told the same way on both networks, in words of the standard."""

import pytest

from imaging.ingest.reasons import ALL_REASONS
from imaging.ingest.refusal_statuses import BY_REASON_CODE, refusal_status

OF_C_STORE = {0x0117, 0x0122, 0xA900}
"""PS3.7 9.1.1.1.9 and PS3.4 table B.2-1, of those that tell of the object; beside Cxxx."""

OF_STOW = {0x0122, 0xA900}
"""PS3.18 table I.2-2; beside Cxxx."""


def is_cannot_understand(status):
    return status >> 12 == 0xC


@pytest.mark.parametrize("result", ["conflict", "quarantined", "rejected"])
@pytest.mark.parametrize("reason_code", ALL_REASONS)
def test_every_reason_is_told_by_statuses_of_the_standard(reason_code, result):
    status = refusal_status(result=result, reason_code=reason_code)
    assert status.c_store in OF_C_STORE or is_cannot_understand(status.c_store)
    assert status.stow in OF_STOW or is_cannot_understand(status.stow)


@pytest.mark.parametrize("reason_code", ALL_REASONS)
def test_both_say_the_same_wherever_both_have_a_word_for_it(reason_code):
    for result in ("conflict", "quarantined", "rejected"):
        status = refusal_status(result=result, reason_code=reason_code)
        assert status.c_store == status.stow or status.c_store not in OF_STOW


def test_the_table_names_existing_reasons_only():
    assert set(BY_REASON_CODE) <= set(ALL_REASONS)


@pytest.mark.parametrize(
    ("result", "reason_code", "c_store", "stow"),
    [
        ("rejected", "sop_class_not_ct", 0x0122, 0x0122),
        ("rejected", "transfer_syntax_refused", 0xC122, 0xC122),
        ("rejected", "uid_mismatch", 0xA900, 0xA900),
        ("rejected", "missing_uid", 0xA900, 0xA900),
        ("rejected", "invalid_uid", 0x0117, 0xC000),
        ("rejected", "truncated_element", 0xC000, 0xC000),
        ("rejected", "file_too_large", 0xC000, 0xC000),
        ("conflict", "pixel_conflict", 0xC100, 0xC100),
        ("quarantined", "uid_mismatch", 0xC100, 0xC100),
        ("quarantined", "sop_class_needs_review", 0xC100, 0xC100),
        ("quarantined", "burned_in_annotation", 0xC100, 0xC100),
    ],
)
def test_the_nearest_status_is_given(result, reason_code, c_store, stow):
    status = refusal_status(result=result, reason_code=reason_code)
    assert (status.c_store, status.stow) == (c_store, stow)
