"""The picture of a file in quarantine shows what is in the pixels."""

import struct
import zlib

import numpy as np
import pytest
from pydicom.uid import JPEGLSLossless, RLELossless

from imaging.dicom.errors import FrameNotDecodableError
from imaging.dicom.picture import LARGEST_SIDE, frame_png, png
from tests.factories.dicom_files import ct_instance


def pixels_of(content):
    """Grey or colour values of a PNG whose lines are not filtered."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    columns, rows, depth, colour = struct.unpack(">IIBB", content[16:26])
    assert depth == 8
    (length,) = struct.unpack(">I", content[33:37])
    assert content[37:41] == b"IDAT"
    samples = 3 if colour == 2 else 1
    lines = np.frombuffer(zlib.decompress(content[41 : 41 + length]), np.uint8)
    lines = lines.reshape(rows, 1 + columns * samples)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape((rows, columns, 3) if samples == 3 else (rows, columns))


def test_a_png_holds_the_pixels_it_was_given():
    grey = np.arange(12, dtype=np.uint8).reshape(3, 4)
    colour = np.arange(36, dtype=np.uint8).reshape(3, 4, 3)
    assert (pixels_of(png(grey)) == grey).all()
    assert (pixels_of(png(colour)) == colour).all()


def even_ground_with_one_bright_pixel(**more):
    pixels = np.full((32, 32), 100, dtype="<i2")
    pixels[3, 5] = 130
    return {"PixelData": pixels.tobytes()} | more


@pytest.mark.parametrize("transfer_syntax", [None, RLELossless, JPEGLSLossless])
def test_a_single_bright_pixel_is_not_lost(tmp_path, transfer_syntax):
    """Text is a few pixels on an even ground."""
    more = {"transfer_syntax": transfer_syntax} if transfer_syntax else {}
    file = ct_instance(tmp_path / "one.dcm", **even_ground_with_one_bright_pixel(**more))
    shown = pixels_of(frame_png(file))
    assert shown[3, 5] == 255
    assert shown.sum() == 255


def test_dark_stays_dark_where_black_means_bright(tmp_path):
    file = ct_instance(
        tmp_path / "one.dcm",
        **even_ground_with_one_bright_pixel(PhotometricInterpretation="MONOCHROME1"),
    )
    assert pixels_of(frame_png(file))[3, 5] == 0


def test_colour_stays_colour(tmp_path):
    pixels = np.zeros((32, 32, 3), dtype=np.uint8)
    pixels[1, 2] = (250, 10, 20)
    file = ct_instance(
        tmp_path / "one.dcm", SamplesPerPixel=3, PhotometricInterpretation="RGB",
        PlanarConfiguration=0, BitsAllocated=8, BitsStored=8, HighBit=7, PixelRepresentation=0,
        PixelData=pixels.tobytes(),
    )  # fmt: skip
    assert tuple(pixels_of(frame_png(file))[1, 2]) == (250, 10, 20)


def test_a_large_picture_is_thinned_out(tmp_path):
    file = ct_instance(tmp_path / "one.dcm", rows=LARGEST_SIDE + 2, columns=64)
    assert pixels_of(frame_png(file)).shape == (LARGEST_SIDE // 2 + 1, 32)


def test_damaged_pixels_are_no_picture(tmp_path):
    file = ct_instance(tmp_path / "one.dcm", transfer_syntax=JPEGLSLossless)
    content = bytearray(file.read_bytes())
    start = content.rindex(b"\xff\xd8")
    content[start : start + 24] = b"\xff" * 24
    file.write_bytes(content)
    with pytest.raises(FrameNotDecodableError):
        frame_png(file)


def test_each_frame_is_drawn_and_no_other(tmp_path):
    pixels = np.full((3, 32, 32), 100, dtype="<i2")
    for frame in range(3):
        pixels[frame, frame, 7] = 900
    file = ct_instance(tmp_path / "three.dcm", NumberOfFrames=3, PixelData=pixels.tobytes())
    for frame in range(3):
        shown = pixels_of(frame_png(file, frame=frame))
        assert np.argwhere(shown == 255).tolist() == [[frame, 7]]
    for frame in (-1, 3):
        with pytest.raises(FrameNotDecodableError):
            frame_png(file, frame=frame)
