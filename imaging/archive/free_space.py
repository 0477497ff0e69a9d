"""Stop taking in before the disk is full, so that reading and the database keep working."""

import os
from pathlib import Path

from imaging.archive.errors import FULL, storage_fault, storage_faults_named

FLOOR_BYTES = 2 * 1024**3
FLOOR_SHARE = 0.05
"""Where nothing else is configured, intake stops at the smaller of the two."""


def require_free_space(folder: Path, *, floor_bytes: int | None, for_bytes: int = 0) -> None:
    """Refuse when fewer than `floor_bytes` would be left.

    Parameters
    ----------
    floor_bytes
        None: 2 GiB, or 5 % of a small disk.

    Raises
    ------
    StorageFullError
    """
    with storage_faults_named():
        space = os.statvfs(folder)
    if floor_bytes is None:
        floor_bytes = min(FLOOR_BYTES, int(FLOOR_SHARE * space.f_blocks * space.f_frsize))
    if space.f_bavail * space.f_frsize - for_bytes < floor_bytes:
        raise storage_fault(min(FULL))
