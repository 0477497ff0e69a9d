"""What a sender is told about each object, as docs/conformance.md promises.

References
----------
DICOM PS3.4 section B.2.3 (storage), PS3.7 annex C (general statuses).
"""

from dataclasses import dataclass

from django.db import DatabaseError

from imaging.actions import StaleBatchError
from imaging.archive.errors import ArchiveError
from imaging.ingest.arrival import TakenIn
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.models import IngestedFile

SUCCESS = 0x0000
DUPLICATE_SOP_INSTANCE = 0x0111
INVALID_SOP_INSTANCE = 0x0117
SOP_CLASS_NOT_SUPPORTED = 0x0122
UNRECOGNISED_OPERATION = 0x0211
MISTYPED_ARGUMENT = 0x0212
OUT_OF_RESOURCES = 0xA700
DOES_NOT_MATCH_SOP_CLASS = 0xA900
REFUSED = 0xC000
KEPT_IN_QUARANTINE = 0xC100
HANDLER_FAILED = 0xC211

_BY_REASON = {
    "invalid_uid": INVALID_SOP_INSTANCE,
    "missing_uid": DOES_NOT_MATCH_SOP_CLASS,
    "pixel_conflict": DUPLICATE_SOP_INSTANCE,
    "sop_class_not_ct": SOP_CLASS_NOT_SUPPORTED,
    "uid_mismatch": DOES_NOT_MATCH_SOP_CLASS,
}
"""Reason codes that the standard has a status of its own for."""

_BY_RESULT = {
    IngestedFile.Result.INDEXED: SUCCESS,
    IngestedFile.Result.DUPLICATE: SUCCESS,
    IngestedFile.Result.CONFLICT: KEPT_IN_QUARANTINE,
    IngestedFile.Result.QUARANTINED: KEPT_IN_QUARANTINE,
    IngestedFile.Result.REJECTED: REFUSED,
}

SEND_AGAIN = (ArchiveError, DatabaseError, OSError, ReadingProcessUnavailableError, StaleBatchError)
"""Nothing is wrong with the object: the sender should try again later."""


@dataclass(frozen=True)
class Status:
    """Status (0000,0900) and error comment (0000,0902); the comment is never about a patient."""

    code: int
    comment: str = ""


def of_taken_in(taken_in: TakenIn) -> Status:
    """For an object that was decided about."""
    row = taken_in.row
    if row.result in (IngestedFile.Result.INDEXED, IngestedFile.Result.DUPLICATE):
        return Status(SUCCESS)
    code = _BY_REASON.get(row.reason_code, _BY_RESULT[IngestedFile.Result(row.result)])
    return Status(code, row.reason_code)


def of_failure(error: BaseException) -> Status:
    """For an object that was not stored although nothing is wrong with it."""
    if isinstance(error, SEND_AGAIN):
        return Status(OUT_OF_RESOURCES, "not stored, send again later")
    return Status(HANDLER_FAILED, "not stored, internal error")
