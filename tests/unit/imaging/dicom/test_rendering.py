"""From Hounsfield units to a picture: window, region, size (PS3.3 C.11.2.1)."""

import io

import numpy as np
import pytest
from PIL import Image

from imaging.dicom.rendering import JPEG, PNG, Rendering, render


def picture(hounsfield, *, own=None, **wanted):
    rendering = Rendering(**{"media_type": PNG, **wanted})
    content = render(np.asarray(hounsfield, dtype=np.float32), rendering, own_window_hu=own)
    return np.asarray(Image.open(io.BytesIO(content)))


@pytest.mark.parametrize(
    ("function", "expected"),
    [("linear", [0, 64, 128, 191, 255]), ("linear-exact", [0, 64, 128, 191, 255]),
     ("sigmoid", [30, 69, 128, 186, 225])],
)  # fmt: skip
def test_the_functions_of_a_window(function, expected):
    found = picture(
        [[-160, -60, 40, 140, 240]], window_centre_hu=40, window_width_hu=400, function=function
    )
    assert np.abs(found[0].astype(int) - expected).max() <= 1


def test_the_windows_of_image_and_preset_are_used_in_that_order():
    ramp = [list(range(-1000, 1000, 100))]
    own = picture(ramp, own=(40, 400))
    assert np.array_equal(own, picture(ramp, window_centre_hu=40, window_width_hu=400))
    preset = picture(ramp)
    assert np.array_equal(preset, picture(ramp, window_centre_hu=300, window_width_hu=1000))


def test_a_smaller_picture_shows_means_and_loses_nothing_thin():
    grid = np.zeros((8, 8))
    grid[:, 3] = 1000
    small = picture(
        grid, window_centre_hu=500, window_width_hu=1000, largest_columns=4, largest_rows=4
    )
    assert small.shape == (4, 4)
    assert set(small[:, 1]) == {128}
    assert set(small[:, 0]) == {0}


def test_a_region_is_cut_out_before_it_is_scaled():
    grid = np.arange(64).reshape(8, 8)
    cut = picture(
        grid, window_centre_hu=32, window_width_hu=64, region=(2, 4, 3, 2),
        largest_columns=3, largest_rows=3,
    )  # fmt: skip
    whole = picture(grid, window_centre_hu=32, window_width_hu=64)
    assert np.array_equal(cut, whole[4:6, 2:5])


def test_extremes_overflow_nothing():
    for function in ("linear", "linear-exact", "sigmoid"):
        found = picture([[-1e9, 1e9]], window_centre_hu=0, window_width_hu=1, function=function)
        assert found.tolist() == [[0, 255]]


def test_a_rendering_survives_its_way_to_the_child():
    rendering = Rendering(media_type=JPEG, window_centre_hu=1.5, region=(1, 2, 3, 4), quality=7)
    assert Rendering.from_json(rendering.to_json()) == rendering
