"""Lengths, angles and areas of what was drawn, from points in the patient's coordinates.

The same rules as `imaging/viewer/measurements.ts`; undefined is None.
"""

import math
from collections.abc import Sequence

import numpy as np

Points = Sequence[Sequence[float]]
"""[x, y, z] in mm, LPS, for each point."""


def length_mm(points_mm: Points) -> float:
    """The distance between two points."""
    start, end = points_mm
    return math.dist(start, end)


def angle_deg(points_mm: Points) -> float | None:
    """The angle at the middle one of three points, 0 to 180; None where an arm has no length."""
    start, vertex, end = (np.asarray(point, dtype=np.float64) for point in points_mm)
    one, other = start - vertex, end - vertex
    if not one.any() or not other.any():
        return None
    # Sine and cosine together stay exact near 0 and 180 degrees, where either alone does not.
    return math.degrees(math.atan2(math.hypot(*np.cross(one, other)), float(one @ other)))


def ellipse_area_mm2(points_mm: Points) -> float | None:
    """The area within an ellipse, of the ends of its axes; None when it encloses nothing."""
    left, right, top, bottom = points_mm
    return math.pi * math.dist(left, right) * math.dist(top, bottom) / 4 or None


def outline_area_mm2(points_mm: Points) -> float | None:
    """The area within a plane polygon, of its corners; None when it encloses nothing."""
    corners = np.asarray(points_mm, dtype=np.float64)
    arms = corners[1:] - corners[0]
    return math.hypot(*np.cross(arms[:-1], arms[1:]).sum(axis=0)) / 2 or None
