"""The pixels of a slice as scanned, and where they lie in the patient.

The same rules as `imaging/viewer/view_plane.ts`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from .attributes import InstanceAttributes

Vector = tuple[float, float, float]
"""x to the left, y to the back, z to the head, in mm or without unit."""


class SliceNotPlacedError(Exception):
    """The slice does not say where it lies or how large a pixel is: nothing is measured on it."""


@dataclass(frozen=True)
class SliceGrid:
    """`origin_mm` is the centre of the first pixel; `right` and `down` have length one.

    References
    ----------
    DICOM PS3.3 C.7.6.2.1.1 (Image Position and Orientation), 10.7.1.3 (Pixel Spacing).
    """

    origin_mm: Vector
    right: Vector
    down: Vector
    row_mm: float
    column_mm: float
    rows: int
    columns: int

    @classmethod
    def of(cls, attributes: InstanceAttributes, *, frame: int) -> Self:
        """The grid of one frame, counted from 0.

        Raises
        ------
        SliceNotPlacedError
        """
        position, orientation = attributes.image_position_mm, attributes.image_orientation
        if attributes.frame_planes:
            position, orientation = attributes.frame_planes[frame][:2]
        elif frame:
            position = None
        spacing, rows, columns = (
            attributes.pixel_spacing_mm,
            attributes.rows,
            attributes.columns,
        )
        if position is None or orientation is None or spacing is None or not (rows and columns):
            raise SliceNotPlacedError
        row_mm, column_mm = spacing
        return cls(
            origin_mm=position,
            right=_unit(orientation[:3]),
            down=_unit(orientation[3:]),
            row_mm=row_mm,
            column_mm=column_mm,
            rows=rows,
            columns=columns,
        )

    def pixels_of(self, points_mm: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Column and row of points of the patient; whole numbers are centres of pixels.

        Returns
        -------
        Shape (points, 2), 0-based.
        """
        away = self._from_origin(points_mm)
        return np.column_stack(
            (_dot(away, self.right) / self.column_mm, _dot(away, self.down) / self.row_mm)
        )

    def off_mm(self, points_mm: Sequence[Sequence[float]]) -> float:
        """How far the farthest of the points lies off the plane of the slice."""
        normal = np.cross(self.right, self.down)
        return float(np.abs(self._from_origin(points_mm) @ normal).max())

    def corners_mm(self) -> NDArray[np.float64]:
        """Centres of the four corner pixels, shape (4, 3)."""
        across = (self.columns - 1) * self.column_mm * np.array(self.right)
        along = (self.rows - 1) * self.row_mm * np.array(self.down)
        origin = np.array(self.origin_mm)
        return np.array([origin, origin + across, origin + along, origin + across + along])

    def _from_origin(self, points_mm: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        away: NDArray[np.float64] = np.asarray(points_mm, dtype=np.float64) - self.origin_mm
        return away


def _dot(vectors: NDArray[np.float64], other: Vector) -> NDArray[np.float64]:
    along: NDArray[np.float64] = (
        vectors[:, 0] * other[0] + vectors[:, 1] * other[1] + vectors[:, 2] * other[2]
    )
    return along


def _unit(direction: Sequence[float]) -> Vector:
    size = math.hypot(*direction)
    if size == 0:
        raise SliceNotPlacedError
    x, y, z = direction
    return x / size, y / size, z / size
