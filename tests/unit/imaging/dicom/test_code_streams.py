"""Compressed pixels looked at from the outside."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.uid import (
    HTJ2KLossless,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from imaging.dicom.code_streams import MAX_TEXT_BYTES, CodeStreams, examine
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import ct_instance

ROWS = COLUMNS = 32


def _encapsulated(*fragments: bytes, table: bytes = b"") -> bytes:
    items = [table, *(fragment + b"\0" * (len(fragment) % 2) for fragment in fragments)]
    return b"".join(struct.pack("<II", 0xE000FFFE, len(item)) + item for item in items) + (
        struct.pack("<II", 0xE0DDFFFE, 0)
    )


def _frame(tmp_path, syntax) -> bytes:
    """The code stream of an image written by the real encoder."""
    path = ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax)
    source = load_header(path)
    content = path.read_bytes()[source.pixel_offset :][: source.pixel_length]
    (table,) = struct.unpack_from("<I", content, 4)
    (length,) = struct.unpack_from("<I", content, 12 + table)
    return content[16 + table : 16 + table + length]


def _examine(*fragments: bytes, syntax: str, frames: int = 1, table: bytes = b"") -> CodeStreams:
    return examine(
        _encapsulated(*fragments, table=table),
        transfer_syntax_uid=syntax,
        frames=frames,
        rows=ROWS,
        columns=COLUMNS,
    )


def _jpeg(marker: int = 0xC3, size: tuple[int, int] = (ROWS, COLUMNS), extra: bytes = b"") -> bytes:
    """A JPEG with one scan, as far as its markers go."""
    return (
        b"\xff\xd8"
        + extra
        + bytes([0xFF, marker])
        + struct.pack(">HB2HB3s", 11, 16, *size, 1, b"\1\x11\0")
        + b"\xff\xda"
        + struct.pack(">H6s", 8, b"\1\1\0\1\0\0")
        + b"\x12\xff\x00\x34\xff\xd0\x56"
        + b"\xff\xd9"
    )


def _comment(text: bytes, marker: int = 0xFE) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(text) + 2) + text


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_a_whole_code_stream_has_no_fault(tmp_path, syntax):
    frame = _frame(tmp_path, syntax)
    assert _examine(frame, syntax=syntax).fault is None
    assert _examine(frame, frame, syntax=syntax, frames=2).fault is None
    if syntax != RLELossless:
        assert _examine(frame[:40], frame[40:], syntax=syntax).fault is None
        four = (frame[:40], frame[40:], frame[:40], frame[40:])
        assert _examine(*four, syntax=syntax, frames=2).fault is None


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless])
def test_a_code_stream_of_another_size_is_named(tmp_path, syntax):
    frame = _frame(tmp_path, syntax)
    found = examine(_encapsulated(frame), transfer_syntax_uid=syntax, frames=1, rows=16, columns=32)
    assert "another size" in (found.fault or "")


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless, RLELossless])
def test_a_code_stream_that_breaks_off_is_named(tmp_path, syntax):
    frame = _frame(tmp_path, syntax)
    assert _examine(frame[:30], syntax=syntax).fault
    assert _examine(b"\0" * 200, syntax=syntax).fault


def test_a_frame_is_named_by_its_number(tmp_path):
    frame = _frame(tmp_path, JPEG2000Lossless)
    found = _examine(frame, b"\0" * 20, syntax=JPEG2000Lossless, frames=2)
    assert (found.fault or "").startswith("Frame 2: ")


def test_fewer_fragments_than_frames_are_named(tmp_path):
    frame = _frame(tmp_path, JPEG2000Lossless)
    assert "fewer" in (_examine(frame, syntax=JPEG2000Lossless, frames=3).fault or "")


def test_the_kind_of_jpeg_must_be_that_of_the_transfer_syntax():
    assert _examine(_jpeg(), syntax=JPEGLosslessSV1).fault is None
    assert "kind" in (_examine(_jpeg(0xC0), syntax=JPEGLosslessSV1).fault or "")
    assert _examine(_jpeg(0xC0), syntax=JPEGBaseline8Bit).fault is None
    assert "size" in (_examine(_jpeg(size=(1, 1)), syntax=JPEGLosslessSV1).fault or "")


@pytest.mark.parametrize("marker", [0xFE, 0xE1, 0xEF])
def test_comments_and_application_segments_of_a_jpeg_are_handed_out(marker):
    stream = _jpeg(extra=_comment(b"Seeded^Canary", marker))
    assert _examine(stream, syntax=JPEGLosslessSV1).texts == (b"Seeded^Canary",)


def test_a_comment_between_two_scans_is_found():
    stream = _jpeg()[:-2] + _comment(b"Seeded^Canary") + b"\xff\xd9"
    found = _examine(stream, syntax=JPEGLosslessSV1)
    assert found.texts == (b"Seeded^Canary",)
    assert found.fault is None


def test_comments_of_a_jpeg_2000_are_handed_out(tmp_path):
    frame = _frame(tmp_path, JPEG2000Lossless)
    at = frame.index(b"\xff\x52")
    stream = frame[:at] + b"\xff\x64" + struct.pack(">HH", 17, 1) + b"Seeded^Canary" + frame[at:]
    for syntax in (JPEG2000Lossless, HTJ2KLossless):
        found = _examine(stream, syntax=syntax)
        assert any(b"Seeded^Canary" in text for text in found.texts)
        assert found.fault is None


def test_bytes_behind_the_end_and_in_the_offset_table_are_handed_out(tmp_path):
    for frame, syntax in (
        (_jpeg(), JPEGLosslessSV1),
        (_frame(tmp_path, JPEG2000Lossless), JPEG2000Lossless),
    ):
        found = _examine(frame + b"\0\0Seeded^Canary", syntax=syntax, table=b"Seeded^Table")
        assert any(b"Seeded^Canary" in text for text in found.texts)
        assert b"Seeded^Table" in found.texts
        before = len(_examine(frame, syntax=syntax).texts)
        assert len(_examine(frame + b"\0" * 9, syntax=syntax).texts) == before


def test_what_is_handed_out_is_bounded():
    stream = _jpeg(extra=_comment(b"x" * 65000) * 10)
    assert sum(map(len, _examine(stream, syntax=JPEGLosslessSV1).texts)) <= MAX_TEXT_BYTES


@settings(max_examples=300)
@given(
    st.sampled_from([RLELossless, JPEGLosslessSV1, JPEG2000Lossless, JPEGLSLossless]),
    st.lists(st.binary(max_size=200), min_size=1, max_size=4),
    st.integers(1, 4),
)
def test_whatever_the_bytes_nothing_is_raised(syntax, fragments, frames):
    leads = {JPEG2000Lossless: b"\xff\x4f\xff\x51", RLELossless: b"\1\0\0\0"}
    lead = leads.get(syntax, b"\xff\xd8\xff")
    _examine(*(lead + fragment for fragment in fragments), syntax=syntax, frames=frames)
