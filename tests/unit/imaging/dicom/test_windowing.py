"""Grey levels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_windowing

from imaging.dicom.windowing import PRESET_BY_CODE, PRESETS, apply_window


def test_the_four_presets_are_proposals_and_say_so():
    assert [preset.code for preset in PRESETS] == [
        "intrathecal_contrast",
        "soft_tissue",
        "bone",
        "metal",
    ]
    assert len(PRESET_BY_CODE) == len(PRESETS)
    assert all("[proposal]" in preset.source and preset.purpose for preset in PRESETS)


def test_the_examples_of_the_standard():
    """PS3.3 C.11.2.1.2.1, output range 0 to 255: c=2048, w=4096, and the step c=0, w=1."""
    wide = apply_window(np.array([0, 4095, 2048]), centre_hu=2048, width_hu=4096)
    assert list(wide) == [0, 255, 128]
    step = apply_window(np.array([-1, 0]), centre_hu=0, width_hu=1)
    assert list(step) == [0, 255]
    assert list(apply_window(np.array([-50, 49]), centre_hu=0, width_hu=100)) == [0, 255]


@pytest.mark.parametrize("width", [0.0, 0.5, -3.0, float("nan")])
def test_a_width_below_one_is_refused(width):
    with pytest.raises(ValueError, match="at least 1"):
        apply_window(np.zeros(3), centre_hu=0, width_hu=width)


@given(st.integers(-1000, 2000), st.integers(2, 4000))
def test_the_window_agrees_with_pydicom(centre, width):
    dataset = Dataset()
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsStored = 16
    dataset.PixelRepresentation = 1
    dataset.WindowCenter, dataset.WindowWidth = centre, width
    values = np.arange(-3000, 3000, 37, dtype=np.int16)
    expected = (apply_windowing(values, dataset) + 32768) / 65535 * 255
    found = apply_window(values, centre_hu=centre, width_hu=width)
    assert np.abs(found - expected).max() <= 0.51


@given(st.floats(-2000, 2000), st.floats(1, 5000))
def test_grey_levels_never_fall_as_hu_rise(centre, width):
    found = apply_window(np.arange(-3000, 3000, 11), centre_hu=centre, width_hu=width)
    assert found.dtype == np.uint8
    assert (np.diff(found.astype(int)) >= 0).all()
