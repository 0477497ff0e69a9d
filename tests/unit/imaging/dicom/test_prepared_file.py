"""The file that will be stored, on its way to the disk."""

import hashlib

import pytest

from imaging.dicom import prepared_file
from imaging.dicom.prepared_file import PreparedFile

HEADER = b"header"


def test_header_pixels_and_padding_are_written_and_hashed(tmp_path):
    output = tmp_path / "out"
    with PreparedFile(output, HEADER) as file:
        file.write(memoryview(b"abc"))
        file.write(memoryview(b"de"))
        sha256 = file.finish(6)
    assert output.read_bytes() == HEADER + b"abcde\0"
    assert sha256 == hashlib.sha256(output.read_bytes()).hexdigest()


def test_what_is_not_finished_is_removed(tmp_path):
    output = tmp_path / "out"
    with PreparedFile(output, HEADER) as file:
        file.write(memoryview(b"abc"))
    assert not output.exists()


def test_a_header_that_does_not_fit_leaves_nothing(tmp_path):
    output = tmp_path / "out"
    output.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"):
        PreparedFile(output, HEADER)
    assert not output.is_symlink()


def test_a_disk_that_takes_a_part_at_a_time_gets_the_rest(tmp_path, monkeypatch):
    """A write may take fewer bytes than it was given, without complaint."""

    class Reluctant(prepared_file.io.FileIO):
        def write(self, content):
            return super().write(memoryview(content)[:2])

    monkeypatch.setattr(
        prepared_file.Path, "open", lambda path, *_, **__: Reluctant(path, "wb"), raising=True
    )
    output = tmp_path / "out"
    with PreparedFile(output, HEADER) as file:
        file.write(memoryview(b"abcde"))
        file.finish(5)
    monkeypatch.undo()
    assert output.read_bytes() == HEADER + b"abcde"
