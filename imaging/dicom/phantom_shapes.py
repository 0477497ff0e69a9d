"""Plane shapes of the CT phantom: signed distances in millimetres and the canvas they are drawn on.

A signed distance is negative inside a shape and positive outside. Coordinates are those of a
supine patient: x towards the left, y towards the back, z towards the head (DICOM PS3.3
C.7.6.2.1.1).
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
LabelArray = NDArray[np.uint8]
MaskArray = NDArray[np.bool_]


class Tissue(IntEnum):
    """What a voxel of the phantom is made of before any contrast."""

    AIR = 0
    FAT = 1
    SOFT_TISSUE = 2
    BOWEL_GAS = 3
    LUNG = 4
    BONE = 5
    DISC = 6
    EPIDURAL = 7
    CSF = 8
    CORD = 9
    NERVE_ROOT = 10
    PUMP = 11


@dataclass(frozen=True)
class Point:
    """A position in the axial plane, millimetres."""

    x_mm: float
    y_mm: float


@dataclass(frozen=True)
class Canvas:
    """One axial slice, or a rectangle of it, while it is drawn.

    Attributes
    ----------
    x_mm, y_mm
        Coordinates of the pixel centres, shapes (1, columns) and (rows, 1).
    z_mm, pixel_mm
        Height of the slice above the lowest edge of the volume; pixel size.
    hu, tissue
        Hounsfield units and `Tissue` codes, shape (rows, columns); changed in place.
    """

    x_mm: FloatArray
    y_mm: FloatArray
    z_mm: float
    pixel_mm: float
    hu: FloatArray
    tissue: LabelArray

    def window(self, low: Point, high: Point) -> tuple[slice, slice]:
        """Rows and columns of the pixels between two corners."""
        columns = np.searchsorted(self.x_mm[0], (low.x_mm, high.x_mm))
        rows = np.searchsorted(self.y_mm[:, 0], (low.y_mm, high.y_mm))
        return slice(int(rows[0]), int(rows[1])), slice(int(columns[0]), int(columns[1]))

    def part(self, window: tuple[slice, slice]) -> "Canvas":
        """A rectangle of this canvas; what is drawn there is drawn here."""
        rows, columns = window
        return Canvas(
            x_mm=self.x_mm[:, columns],
            y_mm=self.y_mm[rows],
            z_mm=self.z_mm,
            pixel_mm=self.pixel_mm,
            hu=self.hu[window],
            tissue=self.tissue[window],
        )

    def around(self, centre: Point, half_width_mm: float, half_depth_mm: float) -> "Canvas":
        """The part of this canvas round a point."""
        low = Point(centre.x_mm - half_width_mm, centre.y_mm - half_depth_mm)
        high = Point(centre.x_mm + half_width_mm, centre.y_mm + half_depth_mm)
        return self.part(self.window(low, high))

    def coverage(self, distance_mm: FloatArray, *, softness: float = 1.0) -> FloatArray:
        """Share of each pixel inside the shape, 0 to 1, shape (rows, columns)."""
        share = np.float32(0.5) - distance_mm * np.float32(1.0 / (softness * self.pixel_mm))
        return np.asarray(np.minimum(np.maximum(share, 0), 1), dtype=np.float32)

    def draw(self, distance_mm: FloatArray, *, hu: float, tissue: Tissue) -> None:
        """Draw a shape over what is there, mixing at its border (partial volume)."""
        share = self.coverage(distance_mm)
        self.hu[...] += share * (np.float32(hu) - self.hu)
        self.tissue[share > 0.5] = tissue

    def blank(self) -> FloatArray:
        """A distance that is outside everywhere, shape (rows, columns)."""
        return np.full_like(self.hu, 1e3)

    def ellipse(self, centre: Point, half_width_mm: float, half_depth_mm: float) -> FloatArray:
        """Signed distance to an ellipse, exact to first order near its border."""
        x, y = self.x_mm - np.float32(centre.x_mm), self.y_mm - np.float32(centre.y_mm)
        if half_width_mm <= 0.05 or half_depth_mm <= 0.05:
            return self.blank()
        a, b = np.float32(half_width_mm), np.float32(half_depth_mm)
        scaled = np.sqrt((x / a) ** 2 + (y / b) ** 2)
        slope = np.sqrt((x / a**2) ** 2 + (y / b**2) ** 2) + np.float32(1e-6)
        return np.asarray(scaled * (scaled - 1) / slope - (scaled < 1e-3) * min(a, b))

    def capsule(self, start: Point, end: Point, radius_mm: float) -> FloatArray:
        """Signed distance to a line from start to end, thickened to the radius."""
        x, y = self.x_mm - np.float32(start.x_mm), self.y_mm - np.float32(start.y_mm)
        along_x, along_y = (
            np.float32(end.x_mm - start.x_mm),
            np.float32(end.y_mm - start.y_mm),
        )
        length_squared = along_x**2 + along_y**2 + np.float32(1e-6)
        share = np.clip((x * along_x + y * along_y) / length_squared, 0.0, 1.0)
        off_x, off_y = x - share * along_x, y - share * along_y
        return np.asarray(np.sqrt(off_x**2 + off_y**2) - np.float32(radius_mm))

    def ellipsoid(
        self,
        centre: Point,
        centre_z_mm: float,
        half_sizes_mm: tuple[float, float, float],
    ) -> FloatArray:
        """Signed distance to this slice's section of an ellipsoid (width, depth, height)."""
        half_width, half_depth, half_height = half_sizes_mm
        share = 1.0 - ((self.z_mm - centre_z_mm) / half_height) ** 2
        if share <= 0.0:
            return self.blank()
        scale = share**0.5
        return self.ellipse(centre, half_width * scale, half_depth * scale)

    def slab(self, distance_mm: FloatArray, low_z_mm: float, high_z_mm: float) -> FloatArray:
        """Cut a shape off below and above the given heights."""
        outside = max(low_z_mm - self.z_mm, self.z_mm - high_z_mm)
        return np.maximum(distance_mm, np.float32(outside))


def smooth_union(first: FloatArray, second: FloatArray, *, radius_mm: float) -> FloatArray:
    """Union of two shapes with the inner corner rounded."""
    radius = np.float32(radius_mm)
    share = np.clip(0.5 + 0.5 * (second - first) / radius, 0.0, 1.0)
    return np.asarray(
        second + (first - second) * share - radius * share * (1 - share),
        dtype=np.float32,
    )


def intersection(first: FloatArray, second: FloatArray) -> FloatArray:
    """What lies in both shapes."""
    return np.asarray(np.maximum(first, second), dtype=np.float32)


def blur(volume: FloatArray, *, weight: float, axis: int) -> FloatArray:
    """Convolve with (weight, 1 - 2 weight, weight) along one axis, edges repeated."""
    padding = [(0, 0)] * volume.ndim
    padding[axis] = (1, 1)
    padded = np.pad(volume, padding, mode="edge")
    length = volume.shape[axis]
    before = np.take(padded, range(length), axis=axis)
    after = np.take(padded, range(2, length + 2), axis=axis)
    return np.asarray(
        volume * np.float32(1 - 2 * weight) + (before + after) * np.float32(weight),
        dtype=np.float32,
    )
