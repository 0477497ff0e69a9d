"""The file that will be stored, on its way to the disk."""

import hashlib
import io
from pathlib import Path

import pytest

from imaging.dicom import prepared_file
from imaging.dicom.prepared_file import WRITTEN_AT_ONCE, PreparedFile

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


@pytest.mark.parametrize("length", [0, WRITTEN_AT_ONCE])
def test_what_does_not_fit_leaves_nothing(tmp_path, length):
    output = tmp_path / "out"
    output.symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space"):
        write(output, memoryview(bytes(length)))
    assert not output.is_symlink()


def write(output: Path, pixels: memoryview) -> None:
    with PreparedFile(output, HEADER) as file:
        file.write(pixels)
        file.finish(len(pixels))


def test_much_is_written_before_all_has_come(tmp_path):
    """So that the disk has begun with it."""
    parts = [bytes([number]) * (WRITTEN_AT_ONCE // 2) for number in range(5)]
    output = tmp_path / "out"
    with PreparedFile(output, HEADER) as file:
        for part in parts[:4]:
            file.write(memoryview(part))
        assert output.read_bytes().startswith(HEADER + b"".join(parts[:3]))
        file.write(memoryview(parts[4]))
        sha256 = file.finish(len(parts) * len(parts[0]))
    assert output.read_bytes() == HEADER + b"".join(parts)
    assert sha256 == hashlib.sha256(output.read_bytes()).hexdigest()


def test_a_disk_that_takes_a_part_at_a_time_gets_the_rest(tmp_path, monkeypatch):
    """A write may take fewer bytes than it was given, without complaint."""
    monkeypatch.setattr(prepared_file.io, "FileIO", Reluctant)
    output = tmp_path / "out"
    with PreparedFile(output, HEADER) as file:
        file.write(memoryview(b"abcde"))
        file.finish(5)
    assert output.read_bytes() == HEADER + b"abcde"


class Reluctant(io.FileIO):
    def write(self, content):
        return super().write(memoryview(content)[:2])
