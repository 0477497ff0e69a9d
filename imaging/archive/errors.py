"""What can go wrong where the bytes live."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class ArchiveError(Exception):
    """The archive cannot do what it was asked."""


class StorageFaultError(ArchiveError):
    """The storage refused or lost a write; whatever was not confirmed counts as not stored."""


class StorageFullError(StorageFaultError):
    """There is no room left."""


class QuotaExceededError(ArchiveError):
    """The centre, or the person who uploads, has used the space set aside for it."""


class BlobMissingError(ArchiveError):
    """A stored file that the database names is not there."""


class BlobDamagedError(ArchiveError):
    """A stored file is not what was stored: shorter, or with another hash."""


def storage_fault(number: int | None) -> StorageFaultError:
    """The fault for an errno, with a sentence that says what is safe and what to do."""
    if number in FULL:
        return StorageFullError(
            "The storage is full. Files already confirmed are safe; the others were not taken in. "
            "Make room in the data folder, then send them again."
        )
    name = errno.errorcode.get(number or 0, "unknown")
    reason = os.strerror(number) if number else "unknown error"
    return StorageFaultError(
        f"The storage failed ({name}: {reason}). Files already confirmed are safe as far as the "
        "storage kept its word; the others were not taken in. Check the disk, run "
        "`manage.py verify_archive`, then send them again."
    )


@contextmanager
def storage_faults_named() -> Iterator[None]:
    """Turn the OSError of a write into a StorageFaultError."""
    try:
        yield
    except OSError as error:
        raise storage_fault(error.errno) from error
