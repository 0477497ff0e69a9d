"""A pixel belongs to a region when its centre does; padding is no measurement."""

import numpy as np
import pytest

from imaging.dicom.roi_statistics import (
    NoStatisticsError,
    hu_at,
    inside_ellipse,
    inside_outline,
    roi_statistics,
)
from imaging.dicom.slice_grid import SliceGrid

GRID = SliceGrid((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), 0.5, 0.5, rows=30, columns=40)
VALUES = np.arange(30 * 40, dtype=np.int16).reshape(30, 40)
ROW, COLUMN = np.mgrid[:30, :40]


def ellipse(column, row, radius):
    """A circle in pixels as the ends of two axes in mm."""
    return [
        (x / 2, y / 2, 0.0)
        for x, y in (
            (column - radius, row), (column + radius, row),
            (column, row - radius), (column, row + radius),
        )
    ]  # fmt: skip


def test_statistics_are_those_of_the_pixels_whose_centre_lies_inside():
    inside = inside_ellipse(ellipse(12, 14, 8), GRID)
    truth = (COLUMN - 12) ** 2 + (ROW - 14) ** 2 <= 64
    assert (inside == truth).all()
    found = roi_statistics(inside, VALUES, None)
    assert (found.pixels, found.min_hu, found.max_hu) == (
        truth.sum(),
        VALUES[truth].min(),
        VALUES[truth].max(),
    )
    assert found.mean_hu == pytest.approx(VALUES[truth].mean())
    assert found.sd_hu == pytest.approx(VALUES[truth].std())


def test_an_outline_that_crosses_itself_counts_by_the_even_odd_rule():
    bow_tie = [(1.1, 1.1, 0), (9.1, 9.1, 0), (9.1, 1.1, 0), (1.1, 9.1, 0)]
    inside = inside_outline(bow_tie, GRID)
    assert inside[10, 3]
    assert inside[10, 17]
    assert not inside[3, 10]
    assert not inside[17, 10]


def test_an_outline_over_the_edge_counts_what_is_on_the_slice():
    inside = inside_outline([(-9, -9, 0), (5.1, -9, 0), (5.1, 99, 0), (-9, 99, 0)], GRID)
    assert (inside == (COLUMN <= 10)).all()


def test_padding_is_left_out():
    inside = inside_ellipse(ellipse(12, 14, 8), GRID)
    kept = inside & (VALUES > 600)
    assert roi_statistics(inside, VALUES, (-5, 600)).pixels == kept.sum()


@pytest.mark.parametrize(
    ("region", "padding", "words"),
    [
        (ellipse(12, 14, 8), (-5, 5000), "padding only"),
        (ellipse(12.5, 14.5, 0.2), None, "centre of no pixel"),
    ],
)
def test_a_region_without_a_measured_pixel_has_no_statistics(region, padding, words):
    with pytest.raises(NoStatisticsError, match=words):
        roi_statistics(inside_ellipse(region, GRID), VALUES, padding)


def test_a_place_has_the_hu_of_its_pixel():
    assert hu_at([(3.1, 2.1, 0)], GRID, VALUES, None) == VALUES[4, 6]
    for place, padding, words in (((-1, 0, 0), None, "outside"), ((0, 0, 0), (0, 9), "Padding")):
        with pytest.raises(NoStatisticsError, match=words):
            hu_at([place], GRID, VALUES, padding)
