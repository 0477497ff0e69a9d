"""What stands beside compressed pixels must not name anybody."""

import struct

import pytest
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, JPEGLSLossless

from imaging.dicom.compressed_pixels import check, names_somebody
from imaging.dicom.errors import ResidualIdentifierError
from imaging.dicom.identifiers import Identifiers, identifiers_of
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import ct_instance

SOMEBODY = Identifiers(
    words=frozenset({"ZEBEDEE", "LI"}),
    numbers=frozenset({"8153344", "12"}),
    birth_date="19530717",
    birth_dates=("19530717", "17071953"),
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"Zebedee^Anna", True),
        ("Zebedee".encode("utf-16-le"), True),
        (b"PID=8153344;", True),
        (b"born 17071953", True),
        (b"Created by OpenJPEG version 2.5.2", False),
        (b"JFIF\0\1\1\0\0\1\0\1\0\0", False),
        (b"Kakadu-v7.12", False),
        (b"", False),
    ],
)
def test_a_text_that_repeats_an_identifier_is_told(text, named):
    assert names_somebody(SOMEBODY, [b"first", text]) is named


def _with_comment(path, text: bytes):
    ct_instance(path, transfer_syntax=JPEG2000Lossless)
    content = path.read_bytes()
    segment = b"\xff\x64" + struct.pack(">HH", len(text) + 4, 1) + text
    start = content.index(b"\xff\x4f\xff\x51")
    at = content.index(b"\xff\x52", start)
    (length,) = struct.unpack_from("<I", content, start - 4)
    return path.write_bytes(
        content[: start - 4]
        + struct.pack("<I", length + len(segment))
        + content[start:at]
        + segment
        + content[at:]
    )


def _check(path) -> str | None:
    source = load_header(path)
    return check(source, identifiers_of(source.dataset))


def test_a_comment_that_names_the_patient_is_refused(tmp_path):
    path = tmp_path / "a.dcm"
    _with_comment(path, b"export of Canaryname")
    with pytest.raises(ResidualIdentifierError) as caught:
        _check(path)
    assert "Canaryname" not in str(caught.value)


def test_a_comment_of_the_encoder_is_no_fault(tmp_path):
    path = tmp_path / "a.dcm"
    _with_comment(path, b"Kakadu-v7.12")
    assert _check(path) is None


def test_native_pixels_are_not_looked_at(tmp_path):
    assert _check(ct_instance(tmp_path / "a.dcm", transfer_syntax=ExplicitVRLittleEndian)) is None


def test_a_damaged_code_stream_says_why_it_cannot_be_shown(tmp_path):
    path = ct_instance(tmp_path / "a.dcm", transfer_syntax=JPEGLSLossless)
    source = load_header(path)
    content = bytearray(path.read_bytes())
    start = content.index(b"\xff\xd8", source.pixel_offset)
    content[start + 2 : -8] = b"\0" * (len(content) - start - 10)
    path.write_bytes(bytes(content))
    assert "Frame 1" in (_check(path) or "")
