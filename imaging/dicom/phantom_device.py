"""Pump and catheter of the CT phantom.

A pump with a metal housing in the abdominal wall, the pump segment of the catheter in a
subcutaneous tunnel round the flank, a connector at the back, and the spinal segment from the
interlaminar space L3/4 up the canal to its tip at T10.
"""

from dataclasses import dataclass
from math import asin, atan2, cos, hypot, pi, sin

import numpy as np
from numpy.typing import NDArray

from .phantom_anatomy import FAT_MM, Anatomy
from .phantom_shapes import Canvas, FloatArray, MaskArray, Point, Tissue, blur

PUMP_RADIUS_MM, PUMP_THICKNESS_MM = 36.0, 19.5
CATHETER_RADIUS_MM, CONNECTOR_RADIUS_MM, CONNECTOR_LENGTH_MM = 0.95, 2.0, 14.0
"""The catheter is drawn a little thicker than it is, to be seen with pixels of 1 mm."""

HU_HOUSING, HU_BATTERY, HU_RESERVOIR = 9000.0, 3600.0, 260.0
HU_CATHETER_EMPTY, HU_CATHETER_FILLED, HU_CONNECTOR = 900.0, 3200.0, 5000.0


@dataclass(frozen=True)
class Pump:
    """Where the pump lies: a disc whose normal points out of the abdominal wall."""

    centre: Point
    z_mm: float
    normal: Point

    def distance(self, canvas: Canvas) -> FloatArray:
        """Signed distance to the housing, edges rounded."""
        across, along = self.axes(canvas)
        radial = np.hypot(along, np.float32(canvas.z_mm - self.z_mm))
        rounding = np.float32(4.0)
        over_rim = radial - np.float32(PUMP_RADIUS_MM) + rounding
        over_face = np.abs(across) - np.float32(PUMP_THICKNESS_MM / 2) + rounding
        outside = np.hypot(np.maximum(over_rim, 0), np.maximum(over_face, 0))
        inside = np.minimum(np.maximum(over_rim, over_face), 0)
        return np.asarray(outside + inside - rounding, dtype=np.float32)

    def axes(self, canvas: Canvas) -> tuple[FloatArray, FloatArray]:
        """Coordinates along the normal and along the face, towards the flank positive."""
        x, y = canvas.x_mm - self.centre.x_mm, canvas.y_mm - self.centre.y_mm
        side = 1.0 if self.normal.x_mm >= 0 else -1.0
        across = x * self.normal.x_mm + y * self.normal.y_mm
        along = side * (-x * self.normal.y_mm + y * self.normal.x_mm)
        return np.asarray(across, dtype=np.float32), np.asarray(along, dtype=np.float32)

    def draw(self, canvas: Canvas) -> None:
        """Housing, battery and motor towards the front, reservoir towards the body."""
        shell = self.distance(canvas)
        if not np.any(shell < 1.0):
            return
        across, along = self.axes(canvas)
        canvas.draw(shell, hu=HU_HOUSING, tissue=Tissue.PUMP)
        interior = shell + np.float32(2.0)
        reservoir = np.maximum(interior, across + np.float32(0.5))
        canvas.draw(reservoir, hu=HU_RESERVOIR, tissue=Tissue.PUMP)
        works = np.maximum(interior, -across + np.float32(1.5))
        canvas.draw(works, hu=900.0, tissue=Tissue.PUMP)
        height = canvas.z_mm - self.z_mm
        battery = np.maximum(
            np.maximum(works + np.float32(0.6), np.abs(along - 12.0) - np.float32(9.0)),
            np.float32(abs(height) - 15.0),
        )
        motor = np.maximum(
            np.hypot(along + 12.0, np.float32(height * 0.7)) - 10.0,
            works + np.float32(0.6),
        )
        canvas.draw(
            np.minimum(battery, motor).astype(np.float32),
            hu=HU_BATTERY,
            tissue=Tissue.PUMP,
        )


@dataclass(frozen=True)
class Catheter:
    """Centre line of the catheter from pump to tip, one point per millimetre.

    Attributes
    ----------
    points_mm
        x, y, z of each point, shape (points, 3).
    connector, entry
        Index of the middle of the connector and of the point where the dura is passed.
    """

    points_mm: NDArray[np.float64]
    connector: int
    entry: int

    @property
    def tip_mm(self) -> tuple[float, float, float]:
        """Position of the tip."""
        x, y, z = self.points_mm[-1]
        return float(x), float(y), float(z)

    def near(self, z_mm: float) -> Point:
        """Where the spinal segment passes a height inside the canal."""
        spinal = self.points_mm[self.entry :]
        x, y, _ = spinal[int(np.argmin(np.abs(spinal[:, 2] - z_mm)))]
        return Point(float(x), float(y))


def pump_of(anatomy: Anatomy) -> Pump:
    """Place the pump on the fascia of the lower abdominal wall."""
    z_mm, angle = 62.0, 0.62
    radius = anatomy.trunk_radius_mm(angle, z_mm) - FAT_MM + PUMP_THICKNESS_MM / 2 - 3.5
    half_width, half_depth = anatomy.trunk_half_sizes_mm(z_mm)
    x, y = radius * sin(angle), radius * cos(angle)
    slope_x, slope_y = x**1.3 / half_width**2.3, y**1.3 / half_depth**2.3
    length = hypot(slope_x, slope_y)
    side = anatomy.pump_side
    return Pump(
        centre=Point(side * x, -y),
        z_mm=z_mm,
        normal=Point(side * slope_x / length, -slope_y / length),
    )


def catheter_of(anatomy: Anatomy, *, seed: int, leaves_canal: bool = False) -> Catheter:
    """Lay the catheter; `leaves_canal` lets its end pass out through a foramen (malposition)."""
    rng = np.random.default_rng([seed, 2])
    entry_z = anatomy.level_base_mm("L4") + 0.93 * anatomy.level_height_mm("L4")
    tunnel = _tunnel(anatomy, connector_z_mm=entry_z - 24.0)
    connector = tunnel[-1] + np.array([0.0, 0.0, CONNECTOR_LENGTH_MM / 2])
    side = anatomy.pump_side
    centre = anatomy.canal(entry_z)
    depth = anatomy.sac_half_sizes_mm(entry_z)[1]
    to_entry = np.array(
        [
            tunnel[-1] + [0.0, 0.0, CONNECTOR_LENGTH_MM],
            [centre.x_mm + side * 8.0, centre.y_mm + depth + 13.0, entry_z - 4.5],
            [centre.x_mm + side * 3.0, centre.y_mm + depth, entry_z],
        ]
    )
    spinal = _spinal_segment(anatomy, rng, entry_z=entry_z, leaves_canal=leaves_canal)
    line = _resample(np.vstack([tunnel, to_entry, spinal]))
    entry = int(np.argmin(np.linalg.norm(line - to_entry[-1], axis=1)))
    at_connector = int(np.argmin(np.linalg.norm(line - connector, axis=1)))
    return Catheter(points_mm=line, connector=at_connector, entry=entry)


def _tunnel(anatomy: Anatomy, *, connector_z_mm: float) -> NDArray[np.float64]:
    """From the rim of the pump round the flank to the back, in the subcutaneous fat."""
    pump, side = pump_of(anatomy), anatomy.pump_side
    stem = np.array([pump.centre.x_mm, pump.centre.y_mm])
    along = np.array([side * abs(pump.normal.y_mm), abs(pump.normal.x_mm)])
    stem = stem + along * (PUMP_RADIUS_MM * 0.86)
    stem_z = pump.z_mm + PUMP_RADIUS_MM * 0.5
    start_angle = atan2(abs(stem[0] + along[0] * 12), -(stem[1] + along[1] * 12))
    end_angle = pi - asin(20.0 / anatomy.half_depth_mm)
    points = [[stem[0], stem[1], stem_z]]
    for share in np.linspace(0.0, 1.0, 40):
        angle = start_angle + share * (end_angle - start_angle)
        z = stem_z + 10.0 * sin(pi * share) + share * (connector_z_mm - stem_z)
        radius = anatomy.trunk_radius_mm(angle, z) - FAT_MM * 0.55
        points.append([side * radius * sin(angle), -radius * cos(angle), z])
    return np.array(points)


def _spinal_segment(
    anatomy: Anatomy, rng: np.random.Generator, *, entry_z: float, leaves_canal: bool
) -> NDArray[np.float64]:
    side = anatomy.pump_side
    tip_z = anatomy.level_base_mm("T10") + float(rng.uniform(2.0, 8.0))
    wander = float(rng.uniform(0, 2 * pi))
    points = []
    for z in np.arange(entry_z + 6.0, tip_z + 0.5, 3.0):
        centre = anatomy.canal(z)
        away = 4.4 + 0.6 * sin(z / 17.0 + wander)
        points.append([centre.x_mm + side * away, centre.y_mm + 4.1, z])
    if leaves_canal:
        base, height = anatomy.level_base_mm("T11"), anatomy.level_height_mm("T11")
        points = [point for point in points if point[2] < base + 0.55 * height]
        for away, back, share in (
            (10.0, -1.0, 0.9),
            (20.0, -5.0, 1.0),
            (28.0, -8.0, 1.12),
        ):
            z = base + share * height
            centre = anatomy.canal(z)
            points.append([centre.x_mm + side * away, centre.y_mm + back, z])
    return np.array(points)


def _resample(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """One point per millimetre along the line, corners rounded over about a centimetre."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    run = np.concatenate([[0.0], np.cumsum(steps)])
    even = np.arange(0.0, run[-1], 1.0)
    line = np.column_stack([np.interp(even, run, points[:, axis]) for axis in range(3)])
    for _ in range(6):
        line[1:-1] = 0.25 * line[:-2] + 0.5 * line[1:-1] + 0.25 * line[2:]
    return line


def draw_catheter(
    volume: FloatArray,
    catheter: Catheter,
    *,
    x_mm: FloatArray,
    y_mm: FloatArray,
    z_mm: FloatArray,
    filled_to: int,
) -> None:
    """Draw the catheter into the volume, its lumen bright up to the point `filled_to`.

    Parameters
    ----------
    volume
        HU, shape (slices, rows, columns); changed in place.
    x_mm, y_mm, z_mm
        Coordinates of columns, rows and slices, one-dimensional.
    """
    half_connector = int(CONNECTOR_LENGTH_MM / 2)
    for index, (x, y, z) in enumerate(catheter.points_mm):
        radius = CATHETER_RADIUS_MM
        hu = HU_CATHETER_FILLED if index < filled_to else HU_CATHETER_EMPTY
        if abs(index - catheter.connector) <= half_connector:
            radius, hu = CONNECTOR_RADIUS_MM, HU_CONNECTOR
        _stamp(volume, (x_mm, y_mm, z_mm), (float(x), float(y), float(z)), radius, hu)


def _stamp(
    volume: FloatArray,
    axes: tuple[FloatArray, FloatArray, FloatArray],
    position: tuple[float, float, float],
    radius: float,
    hu: float,
) -> None:
    """Brighten the voxels round one point by the share of them that the sphere fills."""
    windows = []
    for axis, centre in zip(axes, position, strict=True):
        step = float(axis[1] - axis[0])
        first = int((centre - radius - step - axis[0]) // step)
        last = int((centre + radius + step - axis[0]) // step) + 2
        windows.append(slice(max(0, first), max(0, min(len(axis), last))))
    in_x, in_y, in_z = windows
    x, y, z = axes[0][in_x], axes[1][in_y], axes[2][in_z]
    pixel, step_z = float(axes[0][1] - axes[0][0]), float(axes[2][1] - axes[2][0])
    distance = np.hypot(x[None, :] - position[0], y[:, None] - position[1]) - radius
    in_plane = np.clip(0.5 - distance / pixel, 0, 1) * min(1.0, 2 * radius / pixel)
    low = np.maximum(z - step_z / 2, position[2] - radius)
    high = np.minimum(z + step_z / 2, position[2] + radius)
    through = np.clip(high - low, 0, None) / min(step_z, 2 * radius)
    share = (np.clip(through, 0, 1)[:, None, None] * in_plane[None]).astype(np.float32)
    part = volume[in_z, in_y, in_x]
    np.maximum(part, share * hu + (1 - share) * part, out=part)


def draw_streaks(
    volume: FloatArray,
    pump: Pump,
    *,
    x_mm: FloatArray,
    y_mm: FloatArray,
    metal: MaskArray,
    seed: int,
) -> None:
    """Add modest streaks in the slices that hold metal: a dark band along the pump and rays."""
    rng = np.random.default_rng([seed, 3])
    x, y = x_mm[None, :] - pump.centre.x_mm, y_mm[:, None] - pump.centre.y_mm
    radius = np.hypot(x, y)
    face = atan2(pump.normal.x_mm, -pump.normal.y_mm)
    turn = np.arctan2(y, x) - face
    away = np.exp(-radius / 70.0) * np.clip((radius - 20.0) / 20.0, 0, 1)
    band = -240.0 * np.exp(-((np.sin(turn) / 0.16) ** 2))
    for index in np.flatnonzero(metal.any(axis=(1, 2))):
        rays = sum(
            float(rng.uniform(25, 50)) * np.cos(count * turn + float(rng.uniform(0, 2 * pi)))
            for count in (14, 22, 34)
        )
        strength = min(
            1.0,
            float(metal[index].sum()) / max(1.0, float(metal.sum(axis=(1, 2)).max())),
        )
        streak = (strength * away * (band + rays)).astype(np.float32)
        volume[index] += np.where(metal[index], np.float32(0), streak)


def reconstruct(volume: FloatArray) -> FloatArray:
    """Soften like a scanner does: a smooth kernel in plane, slices slightly overlapping."""
    smooth = blur(blur(volume, weight=0.16, axis=1), weight=0.16, axis=2)
    return blur(smooth, weight=0.1, axis=0)
