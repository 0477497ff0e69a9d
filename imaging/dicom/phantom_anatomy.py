"""Sizes of the CT phantom: a thin child's trunk from S1 to T9, lying supine.

Schematic, made for teaching what each finding looks like. The sizes are plausible for a child of
about ten years and rounded [own]; none is taken from a patient.
"""

from dataclasses import dataclass
from math import cos, exp, pi, sin

import numpy as np

from .phantom_shapes import Point

HEIGHT_MM = 216.0
"""Height of the whole volume, from the top of S1 to T9."""

LEVELS = ("S1", "L5", "L4", "L3", "L2", "L1", "T12", "T11", "T10", "T9", "T8")
LEVEL_HEIGHTS_MM = (27.0, 27.0, 27.0, 27.0, 26.0, 25.0, 22.0, 21.0, 20.0, 20.0, 20.0)
"""Vertebral body with the disc above it."""

FAT_MM, WALL_MM, SKIN_MM = 12.0, 10.0, 1.8
"""Thickness of subcutaneous fat with skin, of the muscular wall, and of skin."""

HU_FAT, HU_MUSCLE = -100.0, 58.0


@dataclass(frozen=True)
class Anatomy:
    """The individual sizes one seed gives; distances in millimetres.

    `pump_side` is +1 for the patient's left and -1 for the right.
    """

    half_width_mm: float
    half_depth_mm: float
    height_scale: float
    scoliosis_mm: float
    scoliosis_phase: float
    lordosis_mm: float
    pump_side: int
    conus_z_mm: float
    root_offsets_mm: tuple[tuple[float, float], ...]
    bowel: tuple[tuple[float, ...], ...]

    def level_base_mm(self, level: str) -> float:
        """Height of the lower end plate of a vertebra."""
        below = LEVEL_HEIGHTS_MM[: LEVELS.index(level)]
        return -21.0 + self.height_scale * sum(below)

    def level_height_mm(self, level: str) -> float:
        """Height of a vertebral body and the disc above it."""
        return self.height_scale * LEVEL_HEIGHTS_MM[LEVELS.index(level)]

    def canal(self, z_mm: float) -> Point:
        """Centre of the spinal canal: a mild scoliosis, the lumbar lordosis."""
        lordosis = self.lordosis_mm * exp(-(((z_mm - 78.0) / 55.0) ** 2))
        curve = self.scoliosis_mm * sin(pi * z_mm / HEIGHT_MM + self.scoliosis_phase)
        return Point(curve, 35.0 - lordosis + 3.0 * max(0.0, z_mm - 150.0) / 66.0)

    def canal_half_sizes_mm(self, z_mm: float) -> tuple[float, float]:
        """Half width and half depth of the bony canal."""
        lumbar = ramp(z_mm, high=110.0, low=160.0)
        return 11.2 + 1.3 * lumbar, 9.6 + 0.6 * lumbar

    def sac_half_sizes_mm(self, z_mm: float) -> tuple[float, float]:
        """Half width and half depth of the thecal sac, which narrows towards S1."""
        taper = 0.62 + 0.38 * ramp(z_mm, high=34.0, low=0.0)
        return 8.8 * taper, 7.8 * taper

    def cord(self, z_mm: float) -> Point:
        """Centre of the cord, a little in front of the middle of the sac."""
        centre = self.canal(z_mm)
        return Point(centre.x_mm, centre.y_mm - 1.2)

    def cord_half_sizes_mm(self, z_mm: float) -> tuple[float, float]:
        """Half width and half depth of the cord; zero below the conus."""
        taper = min(1.0, max(0.0, (z_mm - self.conus_z_mm) / 22.0)) ** 0.6
        return 4.3 * taper, 3.4 * taper

    def trunk_half_sizes_mm(self, z_mm: float) -> tuple[float, float]:
        """Half width and half depth of the trunk, with a waist at L3."""
        waist = 1.0 - 0.06 * exp(-(((z_mm - 85.0) / 45.0) ** 2))
        return self.half_width_mm * waist, self.half_depth_mm * (0.5 + 0.5 * waist)

    def trunk_radius_mm(self, angle: float, z_mm: float) -> float:
        """Distance from the middle of the trunk to the skin; angle 0 is to the front."""
        half_width, half_depth = self.trunk_half_sizes_mm(z_mm)
        power = 3.0 if cos(angle) < 0 else 2.3
        sum_of_powers = (
            abs(sin(angle) / half_width) ** power + abs(cos(angle) / half_depth) ** power
        )
        return float(sum_of_powers ** (-1.0 / power))


def anatomy_of_seed(seed: int) -> Anatomy:
    """The same seed always gives the same child."""
    rng = np.random.default_rng([seed, 1])
    return Anatomy(
        half_width_mm=float(rng.uniform(108, 114)),
        half_depth_mm=float(rng.uniform(77, 81)),
        height_scale=float(rng.uniform(0.97, 1.03)),
        scoliosis_mm=float(rng.uniform(-5, 5)),
        scoliosis_phase=float(rng.uniform(-0.5, 0.5)),
        lordosis_mm=float(rng.uniform(5, 9)),
        pump_side=-1 if rng.random() < 0.6 else 1,
        conus_z_mm=float(rng.uniform(118, 126)),
        root_offsets_mm=tuple(
            (float(7.0 * cos(turn) * part), float(1.2 + 5.2 * sin(turn) * part))
            for turn, part in zip(
                np.linspace(-0.3, pi + 0.3, 10) + rng.uniform(-0.1, 0.1, 10),
                rng.uniform(0.45, 0.85, 10),
                strict=True,
            )
        ),
        bowel=tuple(
            tuple(float(value) for value in rng.uniform(low, high))
            for low, high in [((-72, -55, 0, 11, 9, 14, 0), (72, 0, 150, 18, 15, 26, 1))] * 34
        ),
    )


def ramp(value: float, *, high: float, low: float) -> float:
    """1 at `high`, 0 at `low`, linear between."""
    return min(1.0, max(0.0, (value - low) / (high - low)))
