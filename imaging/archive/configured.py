"""The archive this installation uses."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from imaging.archive.archive import Archive
from imaging.archive.local_files import LocalFiles


def configured_archive() -> Archive:
    """The archive in CRESCENT_DATA; one object per process and folder."""
    return _local_files(settings.CRESCENT_DATA)


@lru_cache(maxsize=4)
def _local_files(root: Path) -> LocalFiles:
    return LocalFiles(root)
