"""Whether the slices of a series form a volume, judged and named.

    position along the normal →
    |    |    |    |    |        even_spacing
    |    |    |         |        gap
    |    |   ||         |   |    uneven_spacing
    |    ‖    |    |             duplicate_position
    /    /    /    /             gantry_tilt: steps are not along the normal

Nothing is interpolated here and no slice is thrown away: the verdict says what is wrong, and
multiplanar reformation is refused where it would measure something that was not scanned. A frame of
an enhanced image counts as a slice.

References
----------
DICOM PS3.3 C.7.6.2.1.1 (position and orientation), C.8.2.1.1.1 (image type), C.8.2.1.2.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .attributes import InstanceAttributes
from .frame_planes import UNKNOWN_PLANE

ORIENTATION_TOLERANCE_DEG = 0.5
"""Planes whose row and column directions differ by less count as parallel."""

ORTHOGONALITY_TOLERANCE = 1e-2
"""How far the cosines may be from unit length and a right angle before they mean nothing."""

DUPLICATE_TOLERANCE_MM = 0.01
"""Two slices closer than this along the normal lie at the same position."""

SPACING_RELATIVE_TOLERANCE = 0.01
"""A step may differ from the median by this part of it and still be even."""

SPACING_TOLERANCE_MM = 0.01
"""Rounding of positions in the header: never counted as uneven."""

GAP_FACTOR = 1.5
"""A step this many times the median is a gap, unless the slices are as thick as the step."""

TILT_TOLERANCE_DEG = 0.5
"""Angle between the table's movement and the normal that still counts as no tilt."""

PIXEL_SPACING_RELATIVE_TOLERANCE = 1e-3
"""Pixel spacings that differ by a smaller part are the same spacing, rounded."""

Vector = NDArray[np.float64]


class GeometryCode(StrEnum):
    """What can be said about the geometry of a series; several may hold at once."""

    EVEN_SPACING = "even_spacing"
    UNEVEN_SPACING = "uneven_spacing"
    GAP = "gap"
    DUPLICATE_POSITION = "duplicate_position"
    MIXED_ORIENTATION = "mixed_orientation"
    GANTRY_TILT = "gantry_tilt"
    LOCALISER_INSIDE = "localiser_inside"
    MISSING_GEOMETRY = "missing_geometry"
    SINGLE_SLICE = "single_slice"
    MIXED_SPACING = "mixed_spacing"


SENTENCES: dict[GeometryCode, str] = {
    GeometryCode.EVEN_SPACING: "The slices follow each other at even distances.",
    GeometryCode.UNEVEN_SPACING: "The distance between slices changes within the series.",
    GeometryCode.GAP: "Slices are missing: between two neighbours lies tissue nobody scanned.",
    GeometryCode.DUPLICATE_POSITION: "Two or more slices lie at the same position.",
    GeometryCode.MIXED_ORIENTATION: "Not all slices are parallel.",
    GeometryCode.GANTRY_TILT: "The gantry was tilted: slices are shifted against each other.",
    GeometryCode.LOCALISER_INSIDE: "A localiser (scout view) is part of the series.",
    GeometryCode.MISSING_GEOMETRY: "At least one slice does not say where it lies.",
    GeometryCode.SINGLE_SLICE: "There is only one slice.",
    GeometryCode.MIXED_SPACING: "The size of a pixel differs between slices.",
}
"""One sentence per code, for the page."""

MPR_BLOCKERS = frozenset(GeometryCode) - {
    GeometryCode.EVEN_SPACING,
    GeometryCode.LOCALISER_INSIDE,
}
"""Codes under which multiplanar reformation is refused."""


@dataclass(frozen=True, slots=True)
class SlicePlane:
    """Where one slice lies; `reference` is the caller's own key for the instance.

    Lengths in mm, tilt in degrees; `pixel_spacing_mm` is (between rows, between columns),
    `image_orientation` the cosines of the row, then of the column.
    """

    reference: str
    image_position_mm: tuple[float, float, float] | None
    image_orientation: tuple[float, float, float, float, float, float] | None
    pixel_spacing_mm: tuple[float, float] | None
    slice_thickness_mm: float | None = None
    gantry_tilt_deg: float | None = None
    image_type: tuple[str, ...] = ()

    @classmethod
    def of(cls, attributes: InstanceAttributes, *, reference: str) -> Self:
        """The plane of an instance, of the first frame of an enhanced one; see `of_frames`."""
        return cls(
            reference=reference,
            image_position_mm=attributes.image_position_mm,
            image_orientation=attributes.image_orientation,
            pixel_spacing_mm=attributes.pixel_spacing_mm,
            slice_thickness_mm=attributes.slice_thickness_mm,
            gantry_tilt_deg=attributes.gantry_tilt_deg,
            image_type=attributes.image_type,
        )

    @classmethod
    def of_frames(cls, attributes: InstanceAttributes, *, reference: str) -> list[Self]:
        """The planes of all frames of an instance, in the order of the frames.

        Of images stored before the planes of frames were kept, they are unknown.
        """
        first = cls.of(attributes, reference=reference)
        if attributes.frames <= 1:
            return [first]
        planes = attributes.frame_planes or (UNKNOWN_PLANE,) * attributes.frames
        return [
            replace(
                first,
                image_position_mm=position,
                image_orientation=orientation,
                pixel_spacing_mm=spacing,
                slice_thickness_mm=thickness,
                gantry_tilt_deg=tilt,
                image_type=("LOCALIZER",) if localiser else first.image_type,
            )
            for position, orientation, spacing, thickness, tilt, localiser in planes
        ]

    @property
    def is_localiser(self) -> bool:
        return "LOCALIZER" in self.image_type

    @property
    def is_placed(self) -> bool:
        """Whether position, orientation and pixel spacing are there and make sense."""
        if self.image_position_mm is None or self.pixel_spacing_mm is None:
            return False
        return self.image_orientation is not None and _are_axes(self.image_orientation)


@dataclass(frozen=True, slots=True)
class GeometryVerdict:
    """The judgement on one series.

    `order` lists indices into the judged planes: the volume along its normal, then slices of
    another orientation, then those without geometry, localisers last. The first
    `volume_slices` of them are the volume. Spacings are distances along the normal in mm,
    None when there are no two positions; `tilt_deg` is None when neither header nor
    positions tell.
    """

    codes: tuple[GeometryCode, ...]
    spacing_mm: float | None
    spacing_min_mm: float | None
    spacing_max_mm: float | None
    tilt_deg: float | None
    order: tuple[int, ...]
    volume_slices: int
    mpr_allowed: bool
    mpr_reason: str

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(SENTENCES[code] for code in self.codes)

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain JSON values."""
        return {
            "codes": [code.value for code in self.codes],
            "spacing_mm": self.spacing_mm,
            "spacing_min_mm": self.spacing_min_mm,
            "spacing_max_mm": self.spacing_max_mm,
            "tilt_deg": self.tilt_deg,
            "order": list(self.order),
            "volume_slices": self.volume_slices,
            "mpr_allowed": self.mpr_allowed,
            "mpr_reason": self.mpr_reason,
        }


def judge_series(planes: Sequence[SlicePlane]) -> GeometryVerdict:
    """Judge the geometry of a series; the order in which planes come makes no difference."""
    # a fixed order first, so that sums and ties do not depend on the order of arrival
    indices = sorted(range(len(planes)), key=lambda index: _rank(planes[index]))
    localisers = [index for index in indices if planes[index].is_localiser]
    slices = [index for index in indices if not planes[index].is_localiser]
    unplaced = [index for index in slices if not planes[index].is_placed]
    volume, others = _parallel_majority(
        planes, [index for index in slices if planes[index].is_placed]
    )
    codes: set[GeometryCode] = set()
    if localisers:
        codes.add(GeometryCode.LOCALISER_INSIDE)
    if unplaced or not slices:
        codes.add(GeometryCode.MISSING_GEOMETRY)
    if others:
        codes.add(GeometryCode.MIXED_ORIENTATION)
    if len(volume) == 1:
        codes.add(GeometryCode.SINGLE_SLICE)
    if _pixel_spacing_differs([planes[index] for index in volume]):
        codes.add(GeometryCode.MIXED_SPACING)
    volume, steps_mm, shear_deg = _along_normal(planes, volume)
    codes |= _spacing_codes([planes[index] for index in volume], steps_mm)
    tilt_deg = _tilt(planes, volume, shear_deg)
    if tilt_deg is not None and abs(tilt_deg) > TILT_TOLERANCE_DEG:
        codes.add(GeometryCode.GANTRY_TILT)
    spacings = [step for step in steps_mm if step > DUPLICATE_TOLERANCE_MM]
    ordered_codes = tuple(code for code in GeometryCode if code in codes)
    blockers = [code for code in ordered_codes if code in MPR_BLOCKERS]
    return GeometryVerdict(
        codes=ordered_codes,
        spacing_mm=float(np.median(spacings)) if spacings else None,
        spacing_min_mm=min(spacings, default=None),
        spacing_max_mm=max(spacings, default=None),
        tilt_deg=tilt_deg,
        order=(*volume, *others, *unplaced, *localisers),
        volume_slices=len(volume),
        mpr_allowed=not blockers,
        mpr_reason=" ".join(SENTENCES[code] for code in blockers)
        or SENTENCES[GeometryCode.EVEN_SPACING],
    )


def _rank(plane: SlicePlane) -> tuple[tuple[float, ...], tuple[float, ...], str]:
    return (
        plane.image_orientation or (),
        plane.image_position_mm or (),
        plane.reference,
    )


@lru_cache(maxsize=256)
def _are_axes(orientation: tuple[float, ...]) -> bool:
    """Whether they are of unit length and at right angles; the slices of a series share them."""
    row, column = _axes(orientation)
    return (
        abs(float(row @ row) - 1) < ORTHOGONALITY_TOLERANCE
        and abs(float(column @ column) - 1) < ORTHOGONALITY_TOLERANCE
        and abs(float(row @ column)) < ORTHOGONALITY_TOLERANCE
    )


def _axes(orientation: tuple[float, ...]) -> tuple[Vector, Vector]:
    cosines = np.asarray(orientation, dtype=np.float64)
    return cosines[:3], cosines[3:]


def _parallel_majority(
    planes: Sequence[SlicePlane], placed: list[int]
) -> tuple[list[int], list[int]]:
    """Split into the largest set of parallel planes and the rest; ties go to the most axial."""
    limit = math.cos(math.radians(ORIENTATION_TOLERANCE_DEG))
    groups: list[tuple[tuple[Vector, Vector], list[int]]] = []
    for index in placed:
        row, column = _axes(planes[index].image_orientation or ())
        for (group_row, group_column), members in groups:
            if float(row @ group_row) >= limit and float(column @ group_column) >= limit:
                members.append(index)
                break
        else:
            groups.append(((row / np.linalg.norm(row), column / np.linalg.norm(column)), [index]))
    if not groups:
        return [], []
    _, volume = max(groups, key=lambda group: (len(group[1]), _axial(group[0])))
    return volume, [index for _, members in groups for index in members if members is not volume]


def _axial(axes: tuple[Vector, Vector]) -> float:
    return abs(float(np.cross(*axes)[2]))


def _along_normal(
    planes: Sequence[SlicePlane], volume: list[int]
) -> tuple[list[int], list[float], float | None]:
    """Sort a volume along its normal.

    Returns
    -------
    Indices in order; steps along the normal in mm; largest angle in degrees between a step
    and the normal, signed like the shift along the columns, None without steps.
    """
    if len(volume) < 2:
        return volume, [], None
    orientations = np.array([planes[index].image_orientation for index in volume])
    positions = np.array([planes[index].image_position_mm for index in volume])
    row, column = _axes(tuple(orientations.mean(axis=0)))
    normal = np.cross(row, column)
    normal /= np.linalg.norm(normal)
    along = positions @ normal
    order = np.argsort(along, kind="stable")
    steps = np.diff(positions[order], axis=0)
    steps_mm = steps @ normal
    moving = steps_mm > DUPLICATE_TOLERANCE_MM
    shear_deg: float | None = None
    if moving.any():
        sideways = steps[moving] - np.outer(steps_mm[moving], normal)
        angles = np.degrees(np.arctan2(np.linalg.norm(sideways, axis=1), steps_mm[moving]))
        steepest = int(np.argmax(angles))
        shear_deg = math.copysign(float(angles[steepest]), -float(sideways[steepest] @ column))
    return (
        [volume[index] for index in order],
        [float(step) for step in steps_mm],
        shear_deg,
    )


def _spacing_codes(planes: list[SlicePlane], steps_mm: list[float]) -> set[GeometryCode]:
    codes: set[GeometryCode] = set()
    if any(step <= DUPLICATE_TOLERANCE_MM for step in steps_mm):
        codes.add(GeometryCode.DUPLICATE_POSITION)
    moving = [
        (step, first, second)
        for step, first, second in zip(steps_mm, planes, planes[1:], strict=False)
        if step > DUPLICATE_TOLERANCE_MM
    ]
    if not moving:
        return codes
    median_mm = float(np.median([step for step, _, _ in moving]))
    tolerance_mm = max(SPACING_RELATIVE_TOLERANCE * median_mm, SPACING_TOLERANCE_MM)
    gaps = [_is_gap(step, median_mm, first, second) for step, first, second in moving]
    if any(gaps):
        codes.add(GeometryCode.GAP)
    if any(
        abs(step - median_mm) > tolerance_mm
        for (step, _, _), gap in zip(moving, gaps, strict=True)
        if not gap
    ):
        codes.add(GeometryCode.UNEVEN_SPACING)
    if not codes & {GeometryCode.GAP, GeometryCode.UNEVEN_SPACING}:
        codes.add(GeometryCode.EVEN_SPACING)
    return codes


def _is_gap(step_mm: float, median_mm: float, first: SlicePlane, second: SlicePlane) -> bool:
    if step_mm < GAP_FACTOR * median_mm:
        return False
    thicknesses = [
        plane.slice_thickness_mm
        for plane in (first, second)
        if plane.slice_thickness_mm is not None
    ]
    covered_mm = max(thicknesses, default=0.0)
    return step_mm > covered_mm * (1 + SPACING_RELATIVE_TOLERANCE)


def _tilt(planes: Sequence[SlicePlane], volume: list[int], shear_deg: float | None) -> float | None:
    """The tilt the positions show, else the one the headers declare."""
    if shear_deg is not None and abs(shear_deg) > TILT_TOLERANCE_DEG:
        return shear_deg
    declared = [tilt for index in volume if (tilt := planes[index].gantry_tilt_deg) is not None]
    steepest = max(declared, key=abs, default=None)
    if steepest is not None and abs(steepest) > TILT_TOLERANCE_DEG:
        return steepest
    return shear_deg if shear_deg is not None else steepest


def _pixel_spacing_differs(planes: list[SlicePlane]) -> bool:
    spacings = np.array([plane.pixel_spacing_mm for plane in planes])
    if len(spacings) < 2:
        return False
    low, high = spacings.min(axis=0), spacings.max(axis=0)
    return bool(np.any(high - low > PIXEL_SPACING_RELATIVE_TOLERANCE * low))
