"""The byte-level walk, and writing elements back."""

import io

import pytest
from pydicom import dcmread
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from imaging.dicom.elements import MAX_DEPTH, Encoding, encode
from imaging.dicom.errors import (
    MalformedDicomError,
    NestingTooDeepError,
    TooManyElementsError,
    TruncatedElementError,
)
from imaging.dicom.loading import load_header
from tests.factories.dicom_files import (
    ct_instance,
    element,
    enhanced_ct_instance,
    insert_element,
    nested,
)

SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_the_walk_sees_the_same_elements_as_pydicom(tmp_path, syntax):
    path = ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax)
    expected = dcmread(path)
    del expected.PixelData
    found = load_header(path).dataset
    assert list(found.keys()) == list(expected.keys())
    for wanted in expected:
        assert found[wanted.tag].value == wanted.value, wanted.keyword


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_encoding_writes_what_pydicom_would_write(tmp_path, syntax):
    source = load_header(ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax))
    stream = DicomBytesIO()
    stream.is_implicit_VR, stream.is_little_endian = source.implicit_vr, source.little_endian
    expected = dcmread(source.path)
    del expected.PixelData
    write_dataset(stream, expected)
    encoding = Encoding(source.implicit_vr, source.little_endian)
    assert encode(source.dataset, encoding) == stream.getvalue()


def test_an_encoded_enhanced_header_is_read_back_the_same(tmp_path):
    source = load_header(enhanced_ct_instance(tmp_path / "e.dcm"))
    encoded = encode(source.dataset, Encoding(False, True))
    again = dcmread(io.BytesIO(b"\0" * 128 + b"DICM" + _meta() + encoded))
    assert again == source.dataset


def _meta() -> bytes:
    uid = element(0x00020010, "UI", b"1.2.840.10008.1.2.1\0")
    return element(0x00020000, "UL", len(uid).to_bytes(4, "little")) + uid


@pytest.mark.parametrize("length", [0xFFFFFFF0, 0xFFFFFFFE, 0x7FFFFFFF])
def test_a_length_beyond_the_file_is_refused(tmp_path, length):
    path = insert_element(
        ct_instance(tmp_path / "a.dcm"), element(0x00091010, "UN", b"abc", length=length)
    )
    with pytest.raises(TruncatedElementError, match=r"\(0009,1010\)"):
        load_header(path)


def test_sequences_are_followed_down_to_the_limit_and_no_further(tmp_path):
    allowed = insert_element(ct_instance(tmp_path / "a.dcm"), nested(MAX_DEPTH))
    load_header(allowed)
    for depth in (MAX_DEPTH + 1, 150, 5_000):
        path = insert_element(ct_instance(tmp_path / "b.dcm"), nested(depth))
        with pytest.raises(NestingTooDeepError):
            load_header(path)


def test_two_million_tiny_elements_are_refused(tmp_path):
    items = b"\xfe\xff\x00\xe0\x00\x00\x00\x00" * 2_000_000
    path = insert_element(ct_instance(tmp_path / "a.dcm"), element(0x00091010, "SQ", items))
    with pytest.raises(TooManyElementsError):
        load_header(path)


@pytest.mark.parametrize(
    "raw",
    [
        element(0x00081030, "??", b"ab"),
        element(0x00091010, "LO", b"ab") * 2,
        element(0x00091010, "OB", b"", length=0xFFFFFFFF),
        element(0x00091010, "SQ", b"\x08\x00\x00\x00\x00\x00\x00\x00"),
        b"\xfe\xff\x0d\xe0\x00\x00\x00\x00",
    ],
    ids=["unknown VR", "twice", "undefined length", "no item", "delimiter out of place"],
)
def test_damaged_encoding_is_named(tmp_path, raw):
    path = insert_element(ct_instance(tmp_path / "a.dcm"), raw)
    with pytest.raises(MalformedDicomError):
        load_header(path)


def test_a_sequence_that_never_ends_is_truncated(tmp_path):
    raw = element(0x00091010, "SQ", b"", length=0xFFFFFFFF) + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    path = insert_element(ct_instance(tmp_path / "a.dcm"), raw)
    with pytest.raises((TruncatedElementError, MalformedDicomError)):
        load_header(path)


def test_a_sequence_of_unknown_vr_is_walked_as_implicit(tmp_path):
    """PS3.5 section 6.2.2: VR UN with undefined length holds implicit little endian items."""
    inner = b"\x10\x00\x10\x00\x04\x00\x00\x00Name"
    raw = (
        element(0x00091010, "UN", b"", length=0xFFFFFFFF)
        + b"\xfe\xff\x00\xe0"
        + len(inner).to_bytes(4, "little")
        + inner
        + b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
    )
    path = insert_element(ct_instance(tmp_path / "a.dcm"), raw)
    assert load_header(path).dataset[0x00091010].value[0].PatientName == "Name"


@pytest.mark.parametrize("length", [12, 0xFFFFFFFF])
def test_items_without_vrs_in_an_explicit_file_are_read(tmp_path, length):
    """Some writers leave out the VRs in private sequences; every common toolkit reads that."""
    inner = b"\x10\x00\x10\x00\x04\x00\x00\x00Name"
    stop = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00" if length != len(inner) else b""
    raw = (
        element(0x00091010, "SQ", b"", length=0xFFFFFFFF)
        + b"\xfe\xff\x00\xe0"
        + length.to_bytes(4, "little")
        + inner
        + stop
        + b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"
    )
    path = insert_element(ct_instance(tmp_path / "a.dcm"), raw)
    found = load_header(path)
    assert found.dataset[0x00091010].value[0].PatientName == "Name"
    assert found.dataset.Rows == 32
