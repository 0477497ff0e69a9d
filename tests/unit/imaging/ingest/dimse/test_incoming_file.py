"""What comes over the network is a Part 10 file, in memory or in the spool."""

import errno
import os
import subprocess
import sys

import pydicom
import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from imaging.ingest.dimse.incoming_file import (
    FILES_IN_MEMORY,
    MOST_IN_MEMORY_BYTES,
    IncomingFile,
    file_meta,
)
from tests.factories.dicom_files import ct_instance

META = file_meta(
    sop_class_uid=CTImageStorage,
    sop_instance_uid="1.2.3.4",
    transfer_syntax_uid=ExplicitVRLittleEndian,
)


@pytest.fixture
def no_room(tmp_path):
    """Others keep all of the memory there is for what comes in."""
    others = [IncomingFile(tmp_path / f"other-{n}", meta=META) for n in range(FILES_IN_MEMORY)]
    yield
    for other in others:
        other.discard()


@pytest.mark.parametrize("uid", ["1.2.3", "1.2.33", "1." + "2" * 62])
def test_the_meta_information_reads_as_meant(tmp_path, uid):
    source = ct_instance(tmp_path / "source.dcm", SOPInstanceUID=uid)
    dataset_at = source.read_bytes().index(b"\x08\x00\x05\x00CS")
    file = IncomingFile(
        tmp_path / "file",
        meta=file_meta(
            sop_class_uid=CTImageStorage,
            sop_instance_uid=uid,
            transfer_syntax_uid=ExplicitVRLittleEndian,
        ),
    )
    file.write(memoryview(source.read_bytes()[dataset_at:]))
    file.close()
    assert file.fault is None
    read = pydicom.dcmread(file.path)
    assert read.file_meta.MediaStorageSOPInstanceUID == uid
    assert read.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert read == pydicom.dcmread(source)
    file.discard()


def test_what_is_of_ordinary_size_never_touches_the_disk(tmp_path):
    """It is not de-identified; another process of ours reads it all the same."""
    file = IncomingFile(tmp_path / "file", meta=META)
    file.write(memoryview(bytes(1000)))
    file.close()
    assert file.is_in_memory
    read = subprocess.run(
        [sys.executable, "-c", f"print(len(open({str(file.path)!r}, 'rb').read()))"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(read.stdout) == len(META) + 1000
    assert not (tmp_path / "file").exists()
    file.discard()
    assert not file.path.exists()


def test_what_becomes_too_large_moves_to_the_spool(tmp_path):
    file = IncomingFile(tmp_path / "file", meta=META)
    half = bytes(range(256)) * (MOST_IN_MEMORY_BYTES // 512)
    for piece in (half, half, b"end"):
        file.write(memoryview(piece))
    file.close()
    assert (file.is_in_memory, file.path) == (False, tmp_path / "file")
    assert file.path.read_bytes() == META + half + half + b"end"
    file.discard()
    assert not (tmp_path / "file").exists()


def test_what_finds_no_room_in_memory_goes_to_the_spool(tmp_path, no_room):
    file = IncomingFile(tmp_path / "file", meta=META)
    file.close()
    assert not file.is_in_memory
    assert file.path.read_bytes() == META


def test_what_has_left_makes_room(tmp_path):
    for number in range(2 * FILES_IN_MEMORY):
        file = IncomingFile(tmp_path / f"{number}", meta=META)
        assert file.is_in_memory
        file.discard()
        file.discard()


def test_only_its_owner_may_read_it(tmp_path, no_room):
    IncomingFile(tmp_path / "file", meta=META).close()
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(tmp_path, no_room):
    (tmp_path / "file").write_text("there before")
    file = IncomingFile(tmp_path / "file", meta=META)
    assert file.fault == errno.EEXIST
    assert (tmp_path / "file").read_text() == "there before"


def test_a_full_disk_is_remembered_and_the_rest_passed_over(tmp_path, no_room):
    """/dev/full takes no byte."""
    file = IncomingFile(tmp_path / "file", meta=META)
    full = os.open("/dev/full", os.O_WRONLY)
    os.dup2(full, file._descriptor)
    os.close(full)
    file.write(memoryview(b"x" * 10))
    assert file.fault == errno.ENOSPC
    file.write(memoryview(b"y" * 10))
    file.close()
    assert file.size_bytes == 20


def test_discarding_leaves_nothing_and_may_be_repeated(tmp_path, no_room):
    file = IncomingFile(tmp_path / "file", meta=META)
    file.discard()
    file.discard()
    assert not (tmp_path / "file").exists()
