"""Pixels of two files: equal, other, or not to be compared."""

import pytest

from imaging.ingest.pixel_bytes import CHUNK_BYTES, PixelBytes

PIXELS = bytes(range(256)) * (CHUNK_BYTES // 256) + b"the rest"


def pixels(path, *, header: bytes, content: bytes = PIXELS, length: int | None = None):
    path.write_bytes(header + content)
    return PixelBytes(path, len(header), len(content) if length is None else length)


def test_the_header_before_them_makes_no_difference(tmp_path):
    one = pixels(tmp_path / "a", header=b"short")
    assert one.are(pixels(tmp_path / "b", header=b"a longer one"))


@pytest.mark.parametrize("place", [0, CHUNK_BYTES - 1, CHUNK_BYTES, len(PIXELS) - 1])
def test_one_other_byte_makes_them_others(place, tmp_path):
    other = bytearray(PIXELS)
    other[place] ^= 1
    one = pixels(tmp_path / "a", header=b"x")
    assert not one.are(pixels(tmp_path / "b", header=b"x", content=bytes(other)))


def test_a_beginning_is_not_the_whole(tmp_path):
    one = pixels(tmp_path / "a", header=b"x")
    assert not one.are(pixels(tmp_path / "b", header=b"x", content=PIXELS[:-1]))
    cut = pixels(tmp_path / "c", header=b"x", content=PIXELS[:-1], length=len(PIXELS))
    assert not one.are(cut)
    assert not cut.are(cut)


def test_a_file_that_is_not_there_is_no_answer(tmp_path):
    one = pixels(tmp_path / "a", header=b"x")
    with pytest.raises(FileNotFoundError):
        one.are(PixelBytes(tmp_path / "b", 1, len(PIXELS)))
