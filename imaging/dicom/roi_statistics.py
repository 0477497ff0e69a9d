"""HU statistics of the pixels of a slice, as scanned, inside a region: nothing is interpolated.

The same rules as `imaging/viewer/roi_statistics.ts`: a pixel belongs to the region when its centre
does, padding is left out, and the standard deviation is that of these pixels.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .measurements import Points
from .slice_grid import SliceGrid

Padding = tuple[int, int] | None
"""The HU, both ends included, that mean no measurement (DICOM PS3.3 C.7.5.1.1.2)."""


class NoStatisticsError(Exception):
    """A region or a place has no HU; the message says why, for the person at the screen."""


@dataclass(frozen=True)
class RoiStatistics:
    """`sd_hu` is divided by the number of pixels."""

    mean_hu: float
    sd_hu: float
    min_hu: int
    max_hu: int
    pixels: int


def roi_statistics(
    inside: NDArray[np.bool_], values_hu: NDArray[np.int16], padding_hu: Padding
) -> RoiStatistics:
    """Statistics of the pixels that are inside; both arrays have the shape (rows, columns).

    Raises
    ------
    NoStatisticsError
        The region holds the centre of no pixel, or padding only.
    """
    found = values_hu[inside].astype(np.int64)
    measured = found[~_is_padding(found, padding_hu)]
    if not measured.size:
        raise NoStatisticsError(
            "The region holds padding only: nothing was measured there."
            if found.size
            else "The region holds the centre of no pixel. Draw it larger."
        )
    return RoiStatistics(
        mean_hu=int(measured.sum()) / measured.size,
        sd_hu=float(measured.std()),
        min_hu=int(measured.min()),
        max_hu=int(measured.max()),
        pixels=measured.size,
    )


def hu_at(
    point_mm: Points, grid: SliceGrid, values_hu: NDArray[np.int16], padding_hu: Padding
) -> int:
    """The HU of the pixel that holds a place.

    Raises
    ------
    NoStatisticsError
        The place lies outside the image or in padding.
    """
    # As Math.round: halves go up.
    column, row = (int(place) for place in np.floor(grid.pixels_of(point_mm)[0] + 0.5))
    if not (0 <= column < grid.columns and 0 <= row < grid.rows):
        raise NoStatisticsError("The place lies outside the image.")
    value = values_hu[row, column]
    if _is_padding(value, padding_hu):
        raise NoStatisticsError("Padding, not measured.")
    return int(value)


def inside_ellipse(points_mm: Points, grid: SliceGrid) -> NDArray[np.bool_]:
    """Which pixel centres an ellipse holds, its border included, of the ends of its axes."""
    left, right, top, bottom = (np.asarray(point, dtype=np.float64) for point in points_mm)
    centre, one, other = (left + right) / 2, (right - left) / 2, (bottom - top) / 2
    row, column = np.mgrid[: grid.rows, : grid.columns].astype(np.float64)
    across, along = column * grid.column_mm, row * grid.row_mm
    away = [
        (grid.origin_mm[axis] - centre[axis]) + grid.right[axis] * across + grid.down[axis] * along
        for axis in range(3)
    ]

    def share(half: NDArray[np.float64]) -> NDArray[np.float64]:
        shares: NDArray[np.float64] = sum(away[axis] * half[axis] for axis in range(3)) / (
            half @ half
        )
        return shares

    return share(one) ** 2 + share(other) ** 2 <= 1


def inside_outline(points_mm: Points, grid: SliceGrid) -> NDArray[np.bool_]:
    """Which pixel centres a polygon holds by the even-odd rule, of its corners."""
    x, y = grid.pixels_of(points_mm).T
    last_x, last_y = np.roll(x, 1), np.roll(y, 1)
    # A row crosses an edge from its lower end, included, to its upper one.
    first, beyond = (
        np.clip(np.ceil(ends), 0, grid.rows).astype(np.int64)
        for ends in (np.minimum(y, last_y), np.maximum(y, last_y))
    )
    crossed = beyond - first
    edge = np.repeat(np.arange(len(x)), crossed)
    row = first[edge] + np.arange(len(edge)) - np.repeat(np.cumsum(crossed) - crossed, crossed)
    share = (row - y[edge]) / (last_y[edge] - y[edge])
    crossing = x[edge] + share * (last_x[edge] - x[edge])
    # Every pixel of the row left of a crossing changes sides.
    left_of = np.clip(np.ceil(crossing), 0, grid.columns).astype(np.int64)
    crossings = np.zeros((grid.rows, grid.columns + 1), dtype=np.int64)
    np.add.at(crossings, (row, left_of), 1)
    to_the_right = crossings[:, ::-1].cumsum(axis=1)[:, ::-1]
    inside: NDArray[np.bool_] = to_the_right[:, 1:] % 2 == 1
    return inside


def _is_padding(values_hu: NDArray[np.integer], padding_hu: Padding) -> NDArray[np.bool_]:
    if padding_hu is None:
        return np.zeros(np.shape(values_hu), dtype=np.bool_)
    low, high = padding_hu
    return (values_hu >= low) & (values_hu <= high)
