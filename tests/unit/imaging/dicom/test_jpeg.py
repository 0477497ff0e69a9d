"""Baseline JPEG (ISO/IEC 10918-1), read back by libjpeg."""

import io

import numpy as np
import pytest
from PIL import Image

from imaging.dicom.jpeg import jpeg


def read(content):
    return np.asarray(Image.open(io.BytesIO(content))).astype(int)


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (7, 13), (64, 33), (600, 520)])
@pytest.mark.parametrize("quality", [1, 49, 50, 90, 100])
def test_it_loses_no_more_than_libjpeg_itself(shape, quality):
    pixels = (np.add.outer(np.arange(shape[0]), np.arange(shape[1])) * 3 % 256).astype(np.uint8)
    theirs = io.BytesIO()
    Image.fromarray(pixels).save(theirs, "JPEG", quality=quality)
    ours = read(jpeg(pixels, quality=quality))
    assert ours.shape == shape
    lost = np.abs(ours - pixels).mean()
    assert lost <= np.abs(read(theirs.getvalue()) - pixels).mean() + 0.1


def test_noise_at_full_quality_and_every_level():
    noise = np.random.default_rng(7).integers(0, 256, (64, 64)).astype(np.uint8)
    assert np.abs(read(jpeg(noise, quality=100)) - noise).max() <= 2
    for level in (0, 127, 255):
        flat = np.full((16, 16), level, dtype=np.uint8)
        assert np.abs(read(jpeg(flat, quality=90)) - level).max() <= 1
