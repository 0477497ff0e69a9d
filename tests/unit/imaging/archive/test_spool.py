"""The spool belongs to living processes; what dead ones left is cleared."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from imaging.archive.spool import LOCK_NAME, Spool

OTHER_PROCESS = """
import sys
from pathlib import Path
from imaging.archive.spool import Spool
path = Spool(Path(sys.argv[1])).new_path()
path.write_bytes(b"half a file")
print(path, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def spool_root(tmp_path: Path) -> Path:
    root = tmp_path / "spool-root"
    root.mkdir()
    return root


def other_process(root: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def cleared(spool: Spool) -> int:
    with spool.abandoned() as abandoned:
        return abandoned.clear()


def test_paths_are_new_and_below_the_root(spool_root: Path):
    spool = Spool(spool_root)
    paths = {spool.new_path() for _ in range(100)}
    assert len(paths) == 100
    assert all(path.is_relative_to(spool_root) and not path.exists() for path in paths)
    spool.close()
    assert list(spool_root.iterdir()) == []


def test_the_folder_of_a_living_process_stays_and_that_of_a_killed_one_goes(spool_root: Path):
    process = other_process(spool_root)
    assert process.stdout is not None
    assert process.stdin is not None
    path = Path(process.stdout.readline().strip())
    spool = Spool(spool_root)
    assert cleared(spool) == 0
    assert path.exists()
    process.kill()
    process.wait()
    assert cleared(spool) == 1
    assert not path.exists()
    assert cleared(spool) == 0
    process.stdin.close()
    process.stdout.close()


def test_a_process_that_ends_in_order_leaves_nothing(spool_root: Path):
    process = other_process(spool_root)
    process.communicate("")
    assert process.returncode == 0
    assert list(spool_root.iterdir()) == []


def test_a_folder_that_was_cleared_while_it_was_being_made_is_made_again(spool_root: Path):
    """The moment between making a folder and locking it belongs to nobody."""
    folder = spool_root / "half-made"
    folder.mkdir()
    assert cleared(Spool(spool_root)) == 0
    assert not folder.exists()


def test_a_lock_held_elsewhere_is_respected(spool_root: Path):
    folder = spool_root / "held"
    folder.mkdir()
    (folder / "bytes").write_bytes(b"x")
    lock = os.open(folder / LOCK_NAME, os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    assert cleared(Spool(spool_root)) == 0
    os.close(lock)
    assert cleared(Spool(spool_root)) == 1


def test_while_one_process_mends_what_a_dead_one_left_no_other_clears_it(spool_root: Path):
    folder = spool_root / "abandoned"
    folder.mkdir()
    with Spool(spool_root).abandoned() as abandoned:
        assert abandoned
        with Spool(spool_root).abandoned() as left_to_others:
            assert not left_to_others
    with Spool(spool_root).abandoned() as abandoned:
        assert abandoned
        abandoned.clear()
    assert not folder.exists()
