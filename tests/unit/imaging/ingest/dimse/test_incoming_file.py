"""What comes over the network lies in the spool as a Part 10 file."""

import errno
import os

import pydicom
import pytest
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from imaging.ingest.dimse.incoming_file import IncomingFile, file_meta
from tests.factories.dicom_files import ct_instance

META = file_meta(
    sop_class_uid=CTImageStorage,
    sop_instance_uid="1.2.3.4",
    transfer_syntax_uid=ExplicitVRLittleEndian,
)


@pytest.mark.parametrize("uid", ["1.2.3", "1.2.33", "1." + "2" * 62])
def test_the_meta_information_reads_as_meant(tmp_path, uid):
    path = tmp_path / "file"
    source = ct_instance(tmp_path / "source.dcm", SOPInstanceUID=uid)
    dataset_at = source.read_bytes().index(b"\x08\x00\x05\x00CS")
    file = IncomingFile(
        path,
        meta=file_meta(
            sop_class_uid=CTImageStorage,
            sop_instance_uid=uid,
            transfer_syntax_uid=ExplicitVRLittleEndian,
        ),
    )
    file.write(memoryview(source.read_bytes()[dataset_at:]))
    file.close()
    assert file.fault is None
    read = pydicom.dcmread(path)
    assert read.file_meta.MediaStorageSOPInstanceUID == uid
    assert read.file_meta.TransferSyntaxUID == ExplicitVRLittleEndian
    assert read == pydicom.dcmread(source)


def test_only_its_owner_may_read_it(tmp_path):
    IncomingFile(tmp_path / "file", meta=META).close()
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "file").write_text("there before")
    file = IncomingFile(tmp_path / "file", meta=META)
    assert file.fault == errno.EEXIST
    assert (tmp_path / "file").read_text() == "there before"


def test_a_full_disk_is_remembered_and_the_rest_passed_over():
    """/dev/full takes no byte."""
    file = IncomingFile.__new__(IncomingFile)
    file.size_bytes, file.fault = 0, None
    file._descriptor = os.open("/dev/full", os.O_WRONLY)
    file.write(memoryview(b"x" * 10))
    assert file.fault == errno.ENOSPC
    file.write(memoryview(b"y" * 10))
    file.close()
    assert file.size_bytes == 20


def test_discarding_leaves_nothing_and_may_be_repeated(tmp_path):
    file = IncomingFile(tmp_path / "file", meta=META)
    file.discard()
    file.discard()
    assert not (tmp_path / "file").exists()
