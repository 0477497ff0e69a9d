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
from imaging.ingest.refusal_statuses import (
    OUT_OF_RESOURCES,
    SOP_CLASS_NOT_SUPPORTED,
    refusal_status,
)
from imaging.models import IngestedFile

__all__ = [
    "HANDLER_FAILED",
    "MISTYPED_ARGUMENT",
    "OUT_OF_RESOURCES",
    "SOP_CLASS_NOT_SUPPORTED",
    "SUCCESS",
    "UNRECOGNISED_OPERATION",
    "Status",
    "of_failure",
    "of_taken_in",
]

SUCCESS = 0x0000
UNRECOGNISED_OPERATION = 0x0211
MISTYPED_ARGUMENT = 0x0212
HANDLER_FAILED = 0xC211

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
    refusal = refusal_status(result=row.result, reason_code=row.reason_code)
    return Status(refusal.c_store, row.reason_code)


def of_failure(error: BaseException) -> Status:
    """For an object that was not stored although nothing is wrong with it."""
    if isinstance(error, SEND_AGAIN):
        return Status(OUT_OF_RESOURCES, "not stored, send again later")
    return Status(HANDLER_FAILED, "not stored, internal error")
