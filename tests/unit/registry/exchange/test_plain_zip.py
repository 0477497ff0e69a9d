"""A container with one form: whatever else calls itself a zip is refused, and said why."""

import io
import stat
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.exchange import plain_zip
from registry.exchange.plain_zip import ContainerError, pack, unpack

PARTS = {"a.json": b"{}", "rows/b.csv": b"x\r\n" * 100, "empty.csv": b""}


def test_what_goes_in_comes_out_in_the_same_bytes_each_time():
    packed = pack(PARTS)
    assert unpack(packed) == PARTS
    assert pack(dict(reversed(PARTS.items()))) == packed


def test_any_program_opens_it():
    with zipfile.ZipFile(io.BytesIO(pack(PARTS))) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == PARTS
        assert {stat.S_IMODE(one.external_attr >> 16) for one in archive.infolist()} == {0o600}


def rezipped(compression=zipfile.ZIP_STORED, **change):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in PARTS.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = compression
            archive.writestr(entry, content)
        for name, value in change.items():
            setattr(archive, name, value)
    return out.getvalue()


def with_entry(name, *, mode=0, content=b"x"):
    out = io.BytesIO(pack(PARTS))
    with zipfile.ZipFile(out, "a") as archive:
        entry = zipfile.ZipInfo("placeholder")
        entry.filename = name
        entry.external_attr = mode << 16
        archive.writestr(entry, content)
    return out.getvalue()


def twice():
    out = io.BytesIO(pack(PARTS))
    with zipfile.ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("a.json", b"[]")
    return out.getvalue()


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", b"0" * 50_000_000)
    return out.getvalue()


def overlapping():
    """Many names for the same bytes: no compression, and yet larger than the file."""
    body = b"0" * 10_000
    packed = bytearray(pack({f"n{n}.csv": body if n == 0 else b"" for n in range(100)}))
    at = packed.index(b"PK\x01\x02")
    for _ in range(100):
        packed[at + 20 : at + 28] = struct.pack("<2L", len(body), len(body))
        packed[at + 42 : at + 46] = bytes(4)
        at += 46 + struct.unpack_from("<H", packed, at + 28)[0]
    return bytes(packed)


def local_name():
    """The header before the bytes says another name than the directory."""
    return pack(PARTS).replace(b"a.json{}", b"z.json{}")


def local_size():
    packed = bytearray(pack(PARTS))
    packed[18:22] = struct.pack("<L", 1)
    return bytes(packed)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no sound zip"),
        (b"PK\x03\x04", "no sound zip"),
        (pack(PARTS)[:-1], "no sound zip"),
        (pack(PARTS) + b"\0", "bytes that belong to no part"),
        (b"#!/bin/sh\n" + pack(PARTS), "bytes that belong to no part"),
        (rezipped(comment=b"hidden"), "bytes that belong to no part"),
        (rezipped(), "bytes that belong to no part"),
        (rezipped(zipfile.ZIP_DEFLATED), "'a.json' is compressed"),
        (bomb(), "'a.json' is compressed"),
        (overlapping(), "larger than the file"),
        (local_name(), "no sound zip"),
        (local_size(), "headers that contradict"),
        (pack(PARTS).replace(b"{}", b"[]"), "no sound zip"),
        (with_entry("../../evil.json"), "'../../evil.json' is no name"),
        (with_entry("/etc/passwd.csv"), "is no name"),
        (with_entry("a\\b.csv"), "is no name"),
        (with_entry("Ünicode.csv"), r"'\\xdcnicode.csv' is no name"),
        (with_entry("NUL.csv"), "is no name"),
        (with_entry("link.csv", mode=stat.S_IFLNK | 0o777, content=b"/etc/passwd"), "is a link"),
        (with_entry("folder/", mode=stat.S_IFDIR | 0o755, content=b""), "link or folder"),
    ],
)  # fmt: skip
def test_everything_else_is_refused_in_words(content, words):
    with pytest.raises(ContainerError, match=words):
        unpack(content)


def test_a_second_entry_of_one_name_is_named():
    with pytest.raises(ContainerError, match=r"'a.json' is in the zip more than once"):
        unpack(twice())


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_byte_can_be_another(data):
    packed = bytearray(pack(PARTS))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ContainerError):
        unpack(bytes(packed))


def test_what_is_too_large_or_has_no_plain_name_is_not_packed(monkeypatch):
    with pytest.raises(ContainerError, match="no name"):
        pack({"../a": b""})
    monkeypatch.setattr(plain_zip, "MOST_PARTS", 2)
    with pytest.raises(ContainerError, match="too large"):
        pack(PARTS)
