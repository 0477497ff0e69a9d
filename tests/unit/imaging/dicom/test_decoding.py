"""Single frames out of stored files."""

import subprocess
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import (
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from imaging.dicom.decoding import PixelInfo, decode_frame, native_frame_bytes
from imaging.dicom.deidentification import derive_keys
from imaging.dicom.errors import FrameNotDecodableError
from imaging.dicom.preparation import prepare
from tests.factories.dicom_files import ct_instance, enhanced_ct_instance

KEYS = derive_keys(b"a secret only for tests, 32 bytes")


def _stored(source, output) -> PixelInfo:
    prepared = prepare(source, output, keys=KEYS, centre_code="DEMO")
    return PixelInfo.of(
        prepared.attributes,
        transfer_syntax_uid=prepared.transfer_syntax_uid,
        pixel_offset=prepared.pixel_offset,
        pixel_length=prepared.pixel_length,
    )


@pytest.mark.parametrize(
    "syntax",
    [
        ExplicitVRLittleEndian,
        ImplicitVRLittleEndian,
        ExplicitVRBigEndian,
        RLELossless,
        JPEG2000Lossless,
        JPEGLSLossless,
    ],
    ids=lambda uid: uid.keyword,
)
def test_a_stored_frame_has_the_values_of_the_source(tmp_path, syntax):
    source = ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax, index=5)
    info = _stored(source, tmp_path / "out.dcm")
    expected = dcmread(ct_instance(tmp_path / "plain.dcm", index=5)).pixel_array
    found = decode_frame(tmp_path / "out.dcm", info, 0)
    assert found.dtype.isnative
    np.testing.assert_array_equal(found, expected)


def test_jpeg_lossless_written_by_dcmtk_is_decoded(tmp_path):
    plain = ct_instance(tmp_path / "plain.dcm", PixelRepresentation=0)
    source = tmp_path / "a.dcm"
    subprocess.run(["dcmcjpeg", plain, source], check=True, capture_output=True)
    assert dcmread(source).file_meta.TransferSyntaxUID == JPEGLosslessSV1
    info = _stored(source, tmp_path / "out.dcm")
    np.testing.assert_array_equal(
        decode_frame(tmp_path / "out.dcm", info, 0), dcmread(plain).pixel_array
    )


def test_each_frame_of_an_enhanced_image_is_found(tmp_path):
    source = enhanced_ct_instance(tmp_path / "e.dcm", frames=4)
    info = _stored(source, tmp_path / "out.dcm")
    expected = dcmread(source).pixel_array
    for index in range(4):
        np.testing.assert_array_equal(
            decode_frame(tmp_path / "out.dcm", info, index), expected[index]
        )
    assert len(native_frame_bytes(tmp_path / "out.dcm", info, 3)) == 32 * 32 * 2


@pytest.mark.parametrize("index", [-1, 1, 4000])
def test_a_frame_that_does_not_exist_is_refused(tmp_path, index):
    info = _stored(ct_instance(tmp_path / "a.dcm"), tmp_path / "out.dcm")
    with pytest.raises(FrameNotDecodableError, match="no such frame"):
        decode_frame(tmp_path / "out.dcm", info, index)


def test_a_stored_file_that_became_shorter_is_reported(tmp_path):
    info = _stored(ct_instance(tmp_path / "a.dcm"), tmp_path / "out.dcm")
    content = (tmp_path / "out.dcm").read_bytes()
    (tmp_path / "out.dcm").write_bytes(content[:-10])
    with pytest.raises(FrameNotDecodableError, match="shorter"):
        decode_frame(tmp_path / "out.dcm", info, 0)


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_a_damaged_codestream_is_a_named_error(tmp_path, syntax):
    info = _stored(ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax), tmp_path / "out.dcm")
    content = bytearray((tmp_path / "out.dcm").read_bytes())
    content[info.pixel_offset + 16 : -8] = b"\0" * (len(content) - info.pixel_offset - 24)
    (tmp_path / "out.dcm").write_bytes(content)
    with pytest.raises(FrameNotDecodableError):
        decode_frame(tmp_path / "out.dcm", info, 0)


@pytest.mark.parametrize("syntax", [JPEGLSLossless, JPEG2000Lossless])
def test_a_codestream_of_another_size_is_refused(tmp_path, syntax):
    info = _stored(ct_instance(tmp_path / "a.dcm", transfer_syntax=syntax), tmp_path / "out.dcm")
    wrong = replace(info, attributes=replace(info.attributes, rows=16))
    with pytest.raises(FrameNotDecodableError):
        decode_frame(tmp_path / "out.dcm", wrong, 0)


def test_what_is_stored_but_not_shown_says_why(tmp_path):
    info = _stored(ct_instance(tmp_path / "a.dcm", HighBit=3), tmp_path / "out.dcm")
    with pytest.raises(FrameNotDecodableError, match="High Bit"):
        decode_frame(tmp_path / "out.dcm", info, 0)
