"""What a sender is told."""

import pytest
from django.db import OperationalError

from imaging.actions import StaleBatchError
from imaging.archive.errors import QuotaExceededError, StorageFullError
from imaging.ingest.arrival import TakenIn
from imaging.ingest.dimse import statuses
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile

Result = IngestedFile.Result


def taken_in(result, reason_code=""):
    row = IngestedFile(result=result, reason_code=reason_code)
    return TakenIn(row=row, claimed=None, prepared=None)


@pytest.mark.parametrize("result", [Result.INDEXED, Result.DUPLICATE])
def test_what_is_stored_is_success(result):
    assert statuses.of_taken_in(taken_in(result)) == statuses.Status(0x0000)


@pytest.mark.parametrize("reason_code", sorted(ALL_REASONS))
def test_no_reason_to_refuse_is_answered_as_success_or_warning(reason_code):
    """PS3.7 annex C: warnings begin with B, or are 0001, 0107 and 0116."""
    for result in (Result.CONFLICT, Result.QUARANTINED, Result.REJECTED):
        status = statuses.of_taken_in(taken_in(result, reason_code))
        assert status.code not in (0x0000, 0x0001, 0x0107, 0x0116)
        assert status.code >> 12 != 0xB
        assert status.comment == reason_code


@pytest.mark.parametrize(
    ("result", "reason_code", "code"),
    [
        (Result.CONFLICT, "pixel_conflict", 0xC100),
        (Result.CONFLICT, "subject_conflict", 0xC100),
        (Result.QUARANTINED, "sop_class_needs_review", 0xC100),
        (Result.REJECTED, "uid_mismatch", 0xA900),
        (Result.REJECTED, "missing_uid", 0xA900),
        (Result.REJECTED, "sop_class_not_ct", 0x0122),
        (Result.REJECTED, "invalid_uid", 0x0117),
        (Result.REJECTED, "parser_crashed", 0xC000),
    ],
)
def test_reasons_with_a_status_of_their_own(result, reason_code, code):
    assert statuses.of_taken_in(taken_in(result, reason_code)).code == code


@pytest.mark.parametrize(
    "error",
    [
        StorageFullError(""),
        QuotaExceededError(""),
        OperationalError(),
        StaleBatchError(),
        ReadingProcessUnavailableError(),
        OSError(),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_will_pass_asks_to_be_sent_again(error):
    assert statuses.of_failure(error).code == 0xA700


def test_what_nobody_thought_of_is_a_failure_without_its_words():
    status = statuses.of_failure(RuntimeError("Canaryname"))
    assert status.code == 0xC211
    assert "Canary" not in status.comment
