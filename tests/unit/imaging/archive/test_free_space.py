"""Reading has to go on when there is no room for more images."""

import shutil
from pathlib import Path

import pytest

from imaging.archive.errors import StorageFullError
from imaging.archive.free_space import FLOOR_BYTES, require_free_space


def test_what_fits_above_the_floor_is_taken(tmp_path: Path):
    require_free_space(tmp_path, floor_bytes=1, for_bytes=1)


def test_what_would_reach_below_the_floor_is_refused(tmp_path: Path):
    free = shutil.disk_usage(tmp_path).free
    with pytest.raises(StorageFullError):
        require_free_space(tmp_path, floor_bytes=0, for_bytes=2 * free)
    with pytest.raises(StorageFullError):
        require_free_space(tmp_path, floor_bytes=2 * free)


def test_the_floor_is_two_gibibytes_or_a_share_of_a_small_disk(tmp_path: Path):
    """Where nothing is configured; this disk has more than that free or the suite could not run."""
    usage = shutil.disk_usage(tmp_path)
    floor = min(FLOOR_BYTES, int(0.05 * usage.total))
    assert usage.free > floor
    require_free_space(tmp_path, floor_bytes=None)
    with pytest.raises(StorageFullError):
        require_free_space(tmp_path, floor_bytes=None, for_bytes=usage.free - floor // 2)
