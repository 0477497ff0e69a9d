"""Files that come in parts: what was answered stays, whatever interrupts the next part."""

import errno
import os
import uuid
from pathlib import Path

import pytest

from imaging.archive import partial_files
from imaging.archive.errors import StorageFaultError, StorageFullError
from imaging.archive.partial_files import FileInUseError, PartialFiles, WrongOffsetError

KEY = uuid.UUID("00000000-0000-7000-8000-000000000001")


@pytest.fixture
def files(tmp_path: Path) -> PartialFiles:
    return PartialFiles(tmp_path / "uploads")


def test_parts_follow_each_other(files: PartialFiles):
    assert files.length(KEY) == 0
    assert files.append(KEY, offset=0, part=b"first ") == 6
    assert files.append(KEY, offset=6, part=b"second") == 12
    assert files.path(KEY).read_bytes() == b"first second"
    assert files.length(KEY) == 12


@pytest.mark.parametrize("offset", [0, 3, 7])
def test_a_part_that_does_not_begin_at_the_end_is_told_where_it_is(
    files: PartialFiles, offset: int
):
    files.append(KEY, offset=0, part=b"first ")
    with pytest.raises(WrongOffsetError) as refusal:
        files.append(KEY, offset=offset, part=b"again")
    assert refusal.value.length == 6
    assert files.path(KEY).read_bytes() == b"first "


def test_two_requests_do_not_write_at_once(files: PartialFiles):
    with files.held(KEY), pytest.raises(FileInUseError):
        files.append(KEY, offset=0, part=b"x")
    assert files.append(KEY, offset=0, part=b"x") == 1


def test_nobody_else_may_read_it(files: PartialFiles):
    files.append(KEY, offset=0, part=b"not de-identified")
    assert files.path(KEY).stat().st_mode & 0o077 == 0
    assert files.root.stat().st_mode & 0o077 == 0


def test_a_full_disk_keeps_what_was_there(files: PartialFiles, monkeypatch: pytest.MonkeyPatch):
    files.append(KEY, offset=0, part=b"first ")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(partial_files.os, "fsync", full)
    with pytest.raises(StorageFullError):
        files.append(KEY, offset=6, part=b"second")
    monkeypatch.undo()
    assert files.path(KEY).read_bytes().startswith(b"first ")


def test_after_a_failed_flush_the_file_begins_anew(
    files: PartialFiles, monkeypatch: pytest.MonkeyPatch
):
    """The kernel reports it once and then shows pages the disk never got."""
    files.append(KEY, offset=0, part=b"first ")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(partial_files.os, "fsync", fail)
    with pytest.raises(StorageFaultError):
        files.append(KEY, offset=6, part=b"second")
    monkeypatch.undo()
    assert files.length(KEY) == 0


def test_a_part_is_flushed_before_it_is_answered(
    files: PartialFiles, monkeypatch: pytest.MonkeyPatch
):
    """The first one with the folder that names it."""
    flushed = []
    real = os.fsync

    def flush(descriptor: int) -> None:
        flushed.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", flush)
    files.append(KEY, offset=0, part=b"first ")
    files.append(KEY, offset=6, part=b"second")
    assert flushed == [files.path(KEY), files.root, files.path(KEY)]


def test_a_file_that_does_not_fit_is_refused_before_it_is_sent(tmp_path: Path):
    files = PartialFiles(tmp_path / "uploads")
    with pytest.raises(StorageFullError):
        files.require_room(2**62)


def test_only_files_of_ours_are_listed(files: PartialFiles):
    assert files.all_keys() == []
    files.append(KEY, offset=0, part=b"x")
    (files.root / "lost+found").write_bytes(b"")
    assert files.all_keys() == [KEY]
    files.remove(KEY)
    files.remove(KEY)
    assert files.all_keys() == []
