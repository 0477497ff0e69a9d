"""The archive as files: nothing is named by a sender, nothing is lost, nothing is overwritten."""

import hashlib
import os
import stat
import uuid
from pathlib import Path

import pytest

from imaging.archive.archive import SpooledBlob, SpooledOriginal
from imaging.archive.errors import (
    BlobDamagedError,
    BlobMissingError,
    StorageFaultError,
    StorageFullError,
)
from imaging.archive.local_files import LocalFiles

CONTENT = b"not a real image, but bytes all the same"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def archive(tmp_path: Path) -> LocalFiles:
    root = tmp_path / "archive-root"
    root.mkdir()
    return LocalFiles(root)


def spooled(archive: LocalFiles, content: bytes = CONTENT) -> SpooledBlob:
    path = archive.spool_path()
    path.write_bytes(content)
    return SpooledBlob(path, hashlib.sha256(content).hexdigest(), len(content))


def test_a_stored_file_lies_under_its_hash_and_leaves_the_spool(archive: LocalFiles):
    blob = spooled(archive)
    archive.put([blob])
    assert archive.path(SHA256) == archive.root / "archive" / SHA256[:2] / f"{SHA256}.dcm"
    assert archive.path(SHA256).read_bytes() == CONTENT
    assert not blob.path.exists()
    assert list(archive.stored_files()) == [SHA256]


def test_a_file_that_version_0_1_stored_is_found_where_it_lies(archive: LocalFiles):
    archive.put([spooled(archive)])
    earlier = archive.root / "archive" / SHA256[:2] / SHA256[2:4] / f"{SHA256}.dcm"
    earlier.parent.mkdir()
    archive.path(SHA256).rename(earlier)
    assert archive.path(SHA256) == earlier
    assert archive.verify(SHA256)
    assert list(archive.stored_files()) == [SHA256]
    assert not list(archive.foreign_files())


def test_folders_are_open_to_the_owner_only(archive: LocalFiles):
    archive.put([spooled(archive)])
    for folder in [*archive.path(SHA256).parents][:2]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_storing_the_same_bytes_again_changes_nothing(archive: LocalFiles):
    archive.put([spooled(archive)])
    archive.put([spooled(archive)])
    assert list(archive.stored_files()) == [SHA256]
    assert archive.verify(SHA256)


def test_an_original_is_kept_under_a_key_of_our_own(archive: LocalFiles):
    key = uuid.uuid4()
    path = archive.spool_path()
    path.write_bytes(CONTENT)
    archive.put([], originals=[SpooledOriginal(path, key)])
    assert list(archive.quarantine_keys()) == [key]
    assert (archive.root / "quarantine" / str(key)).read_bytes() == CONTENT


def test_a_changed_byte_is_noticed(archive: LocalFiles):
    archive.put([spooled(archive)])
    archive.path(SHA256).write_bytes(CONTENT[:-1] + b"?")
    assert not archive.verify(SHA256)


def test_a_missing_file_is_named(archive: LocalFiles):
    with pytest.raises(BlobMissingError, match=SHA256):
        archive.verify(SHA256)
    with pytest.raises(BlobMissingError, match=SHA256):
        archive.read(SHA256, offset=0, length=1)
    assert not archive.exists(SHA256)


def test_reading_beyond_the_end_is_damage_not_a_short_answer(archive: LocalFiles):
    archive.put([spooled(archive)])
    assert archive.read(SHA256, offset=4, length=4) == CONTENT[4:8]
    with pytest.raises(BlobDamagedError):
        archive.read(SHA256, offset=4, length=len(CONTENT))


@pytest.mark.parametrize("name", ["../../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 65])
def test_only_a_hash_becomes_a_path(archive: LocalFiles, name: str):
    with pytest.raises(ValueError, match="SHA-256"):
        archive.path(name)


def test_an_incomplete_spool_file_is_a_fault_of_the_storage(archive: LocalFiles):
    blob = spooled(archive)
    os.truncate(blob.path, 3)
    with pytest.raises(StorageFaultError):
        archive.put([blob])
    assert not archive.exists(SHA256)


def test_after_a_fault_nothing_is_stored_until_the_process_is_restarted(archive: LocalFiles):
    lost = spooled(archive)
    lost.path.unlink()
    with pytest.raises(StorageFaultError):
        archive.put([lost])
    with pytest.raises(StorageFaultError):
        archive.put([spooled(archive)])
    LocalFiles(archive.root).put([spooled(archive)])


def test_a_nearly_full_disk_takes_nothing_more_in_until_there_is_room(archive: LocalFiles):
    nearly_full = LocalFiles(archive.root, free_space_floor_bytes=2**62)
    with pytest.raises(StorageFullError, match="full"):
        nearly_full.put([spooled(archive)])
    archive.put([spooled(archive)])
    assert archive.verify(SHA256)


def test_something_in_the_way_is_a_fault_with_its_name(archive: LocalFiles):
    blob = spooled(archive)
    (archive.root / "archive").write_bytes(b"in the way of the folder")
    with pytest.raises(StorageFaultError, match="EEXIST"):
        archive.put([blob])


def test_foreign_files_are_seen_and_not_taken_for_stored_ones(archive: LocalFiles):
    archive.put([spooled(archive)])
    strange = archive.path(SHA256).with_name("holiday.jpg")
    strange.write_bytes(b"x")
    wrong_place = archive.root / "archive" / f"{SHA256}.dcm"
    wrong_place.write_bytes(CONTENT)
    assert list(archive.stored_files()) == [SHA256]
    assert set(archive.foreign_files()) == {
        strange.relative_to(archive.root),
        wrong_place.relative_to(archive.root),
    }


def test_an_orphan_set_aside_is_not_lost(archive: LocalFiles):
    archive.put([spooled(archive)])
    archive.set_aside(SHA256)
    assert not archive.exists(SHA256)
    assert (archive.root / "orphans" / f"{SHA256}.dcm").read_bytes() == CONTENT


def test_an_original_is_found_by_its_key_until_it_is_removed(archive: LocalFiles):
    key = uuid.uuid4()
    archive.put([], originals=[SpooledOriginal(path=spooled(archive).path, key=key)])
    assert archive.original_path(key).read_bytes() == CONTENT
    archive.remove_original(key)
    archive.remove_original(key)
    assert list(archive.quarantine_keys()) == []
    with pytest.raises(BlobMissingError):
        archive.original_path(key)
