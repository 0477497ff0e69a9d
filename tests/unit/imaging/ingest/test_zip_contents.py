"""Zip archives: no number and no name in them is trusted."""

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from imaging.dicom.errors import (
    DicomError,
    ZipBombError,
    ZipEncryptedError,
    ZipNestedError,
    ZipOverlapError,
    ZipUnreadableError,
    ZipUnsupportedEntryError,
)
from imaging.ingest.zip_contents import ZipContents, is_zip
from tests.factories.dicom_files import zip_of

LINK = 0o120777 << 16


def reason_codes(path: Path) -> list[str]:
    contents = ZipContents(path)
    codes = [entry.reason_code for entry in contents.entries()]
    contents.close()
    return codes


def deflated(path: Path, size_bytes: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.dcm", b"\0" * size_bytes)
    return path


def patched(path: Path, old: bytes, new: bytes) -> Path:
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new))
    return path


def overlapping(path: Path, *, entries: int) -> Path:
    """Many directory records that all point at one local entry (Fifield's idea, simplest form)."""
    zip_of(path, [("a", b"\0" * 4096)])
    content = path.read_bytes()
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    record = content[start:end]
    tail = struct.pack(
        "<4sHHHHIIH", b"PK\x05\x06", 0, 0, entries, entries, len(record) * entries, start, 0
    )
    path.write_bytes(content[:start] + record * entries + tail)
    return path


def test_an_entry_is_unpacked_byte_for_byte(tmp_path: Path):
    path = zip_of(tmp_path / "z", [("a/1.dcm", b"first"), ("2.dcm", b"second")])
    contents = ZipContents(path)
    assert [entry.name for entry in contents.entries()] == ["a/1.dcm", "2.dcm"]
    contents.unpack(1, tmp_path / "out")
    contents.close()
    assert (tmp_path / "out").read_bytes() == b"second"


def test_unsafe_names_are_refused_and_the_others_are_not(tmp_path: Path):
    path = zip_of(tmp_path / "z", [("../../evil.dcm", b"x"), ("/etc/x", b"x"), ("ok.dcm", b"x")])
    assert reason_codes(path) == ["zip_unsafe_name", "zip_unsafe_name", ""]


def test_folders_do_not_count_and_companions_are_ignored(tmp_path: Path):
    path = zip_of(tmp_path / "z", [("a/", b""), ("__MACOSX/a", b"x"), ("DICOMDIR", b"x")])
    contents = ZipContents(path)
    assert [entry.ignored for entry in contents.entries()] == [True, True]
    contents.close()


def test_an_archive_behind_another_one_is_refused(tmp_path: Path):
    """Tools disagree on which of the two they show; nobody packs like that by accident."""
    path = zip_of(tmp_path / "z", [("a.dcm", b"first")])
    path.write_bytes(path.read_bytes() * 2)
    with pytest.raises(ZipUnreadableError):
        ZipContents(path)


def test_equal_names_are_two_files(tmp_path: Path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zip_of(tmp_path / "z", [("a.dcm", b"1"), ("a.dcm", b"2")])
    assert reason_codes(path) == ["", ""]


def test_links_are_refused(tmp_path: Path):
    info = zipfile.ZipInfo("link")
    info.external_attr = LINK
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    assert reason_codes(tmp_path / "z") == ["zip_unsupported_entry"]
    contents = ZipContents(tmp_path / "z")
    with pytest.raises(ZipUnsupportedEntryError):
        contents.unpack(0, tmp_path / "out")
    contents.close()


def test_unusual_compression_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "z", "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.dcm", b"x" * 1000)
    assert reason_codes(tmp_path / "z") == ["zip_unsupported_entry"]


def test_encrypted_entries_are_refused(tmp_path: Path):
    path = zip_of(tmp_path / "z", [("a.dcm", b"x" * 100)])
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert reason_codes(path) == [ZipEncryptedError.reason_code]


def test_a_bomb_is_refused_without_unpacking_it(tmp_path: Path):
    path = deflated(tmp_path / "z", 50_000_000)
    tracemalloc.start()
    assert reason_codes(path) == [ZipBombError.reason_code]
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_bomb_that_declares_a_small_size_is_stopped_while_unpacking(tmp_path: Path):
    path = deflated(tmp_path / "z", 5_000_000)
    patched(path, struct.pack("<I", 5_000_000), struct.pack("<I", 1000))
    contents = ZipContents(path)
    with pytest.raises(DicomError):
        contents.unpack(0, tmp_path / "out")
    contents.close()
    assert (tmp_path / "out").stat().st_size <= 1000


def test_overlapping_entries_are_refused_as_a_whole(tmp_path: Path):
    """CVE-2024-0450: Python before 3.11.8 reads such archives without complaint."""
    with pytest.raises(ZipOverlapError):
        ZipContents(overlapping(tmp_path / "z", entries=500))


def test_too_many_entries_are_refused_before_they_are_listed(tmp_path: Path):
    with pytest.raises(ZipBombError):
        ZipContents(overlapping(tmp_path / "z", entries=20_001))


def test_a_directory_that_is_too_large_is_refused_whatever_its_count_says(tmp_path: Path):
    path = zip_of(tmp_path / "z", [("a", b"x")])
    content = path.read_bytes()
    end = content.index(b"PK\x05\x06")
    path.write_bytes(content[: end + 12] + struct.pack("<I", 2**31) + content[end + 16 :])
    with pytest.raises(ZipBombError):
        ZipContents(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_cut_archive_is_unreadable(tmp_path: Path, share: float):
    path = zip_of(tmp_path / "z", [(f"{number}.dcm", b"x" * 500) for number in range(20)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ZipUnreadableError):
        ZipContents(path)


def test_an_archive_inside_an_archive_is_refused(tmp_path: Path):
    inner = zip_of(tmp_path / "inner", [("a", b"x")]).read_bytes()
    contents = ZipContents(zip_of(tmp_path / "z", [("inner.zip", inner)]))
    with pytest.raises(ZipNestedError):
        contents.unpack(0, tmp_path / "out")
    contents.close()


def test_a_damaged_entry_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "z", "w") as archive:
        archive.writestr("a.dcm", b"some stored bytes")
    patched(tmp_path / "z", b"some stored", b"same stored")
    contents = ZipContents(tmp_path / "z")
    with pytest.raises(ZipUnreadableError):
        contents.unpack(0, tmp_path / "out")
    contents.close()


def test_a_dicom_file_with_a_zip_in_its_preamble_is_a_dicom_file(tmp_path: Path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"x")
    polyglot = tmp_path / "polyglot"
    polyglot.write_bytes(b"PK\x03\x04".ljust(128, b"\0") + b"DICM" + inner.getvalue())
    assert not is_zip(polyglot)
    plain = tmp_path / "plain.zip"
    plain.write_bytes(inner.getvalue())
    assert is_zip(plain)
