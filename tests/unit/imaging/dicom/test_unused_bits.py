"""What hides in the bits of the pixels that no picture uses."""

import numpy as np
import pytest
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, JPEG2000Lossless

from imaging.dicom.errors import OverlayInPixelsError
from imaging.dicom.loading import load_header
from imaging.dicom.unused_bits import check, hidden
from tests.factories.dicom_files import ct_instance

PICTURE = (np.arange(1024, dtype="<u2").reshape(32, 32) * 3) % 4096
OVERLAY = np.where(np.arange(1024).reshape(32, 32) % 7 == 0, 1 << 12, 0).astype("<u2")
PADDED = np.where(np.arange(1024).reshape(32, 32) < 100, 0xF830, PICTURE).astype("<u2")
SIGNED = (PICTURE.astype("<i2") - 2048).astype("<u2")


@pytest.mark.parametrize(
    ("pixels", "signed", "found"),
    [
        (PICTURE, False, False),
        (PICTURE | OVERLAY, False, True),
        (PADDED, False, False),
        (PADDED | OVERLAY, False, True),
        (SIGNED, True, False),
        (SIGNED & 0x0FFF, True, False),
        ((SIGNED & 0x0FFF) | OVERLAY, True, True),
    ],
)
def test_more_than_sign_or_padding_above_the_high_bit_is_found(pixels, signed, found):
    assert hidden(pixels, high_bit=11, signed=signed) is found


def check_image(source):
    end = source.pixel_offset + source.pixel_length
    check(source, memoryview(source.content)[source.pixel_offset : end])


def _image(path, pixels, syntax=ExplicitVRLittleEndian, **overrides):
    described = {"BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0, **overrides}
    path = ct_instance(
        path, PixelData=pixels.astype("<u2").tobytes(), transfer_syntax=syntax, **described
    )
    return load_header(path)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ExplicitVRBigEndian])
def test_an_overlay_that_no_group_declares_is_refused(tmp_path, syntax):
    check_image(_image(tmp_path / "a.dcm", PICTURE, syntax))
    with pytest.raises(OverlayInPixelsError):
        check_image(_image(tmp_path / "b.dcm", PICTURE | OVERLAY, syntax))


def test_where_every_bit_is_used_or_the_header_contradicts_itself_nothing_is_said(tmp_path):
    check_image(_image(tmp_path / "a.dcm", PICTURE | OVERLAY, BitsStored=16, HighBit=15))
    check_image(_image(tmp_path / "b.dcm", PICTURE | OVERLAY, BitsStored=16, HighBit=11))
    check_image(_image(tmp_path / "c.dcm", PICTURE, JPEG2000Lossless))
