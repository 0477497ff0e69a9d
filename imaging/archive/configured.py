"""The archive this installation uses."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from imaging.archive.archive import Archive
from imaging.archive.local_files import LocalFiles
from imaging.archive.partial_files import PartialFiles

UPLOADS = "uploads"


def configured_archive() -> Archive:
    """The archive in CRESCENT_DATA; one object per process and folder."""
    return _local_files(settings.CRESCENT_DATA, settings.CRESCENT_FREE_SPACE_FLOOR_BYTES)


def configured_partial_files() -> PartialFiles:
    """Where files lie that are sent in parts: beside the archive, on its file system."""
    return PartialFiles(
        settings.CRESCENT_DATA / UPLOADS,
        free_space_floor_bytes=settings.CRESCENT_FREE_SPACE_FLOOR_BYTES,
    )


@lru_cache(maxsize=4)
def _local_files(root: Path, free_space_floor_bytes: int | None) -> LocalFiles:
    return LocalFiles(root, free_space_floor_bytes=free_space_floor_bytes)
