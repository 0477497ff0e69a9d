"""What a person drew on stored images, checked and measured: the public door to stored pixels.

The numbers that a browser shows beside a drawing are never taken over; they are worked out here
from its points and the pixels as stored.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from imaging import queries
from imaging.archive.configured import configured_archive
from imaging.archive.errors import ArchiveError
from imaging.dicom import measurements, roi_statistics
from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.errors import FrameNotDecodableError, MissingRescaleError
from imaging.dicom.hounsfield import hounsfield_undefined, padding_hu
from imaging.dicom.roi_statistics import NoStatisticsError
from imaging.dicom.slice_grid import SliceGrid, SliceNotPlacedError
from imaging.ingest.frames import frame_hounsfield
from imaging.ingest.pool import shared_pool
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.models import Instance, Series

POINTS = {"length": 2, "angle": 3, "ellipse": 4, "probe": 1, "arrow": 2}
"""How many points a kind has; an outline has any number of corners."""

OUTLINE = "freehand"
REGIONS = frozenset({"ellipse", OUTLINE})
LEAST_CORNERS, MOST_CORNERS = 3, 2000
OFF_PLANE_MM = 0.05
"""A point drawn on a slice lies on its plane but for rounding [own]."""

OFF_AXIS_MM = 0.05
MOST_FRAMES = 8
"""So many are held in memory; drawings come in the order of the slices, more or less."""

INTERPOLATED = "Drawn on a reformatted plane: HU are taken from slices as scanned."
NOT_DECODABLE = "The pixels of this slice cannot be read as Hounsfield units."


class MarkRefusedError(Exception):
    """A drawing that contradicts the images; the message says what is wrong with it."""


class PixelsNotReadableError(Exception):
    """A stored image is missing or damaged, or nothing can read it at the moment."""


@dataclass(frozen=True)
class Drawn:
    """A drawing as `imaging/viewer/measurements.ts` describes it; [x, y, z] in mm, LPS.

    `slice_index` counts from 0 in the order of the slices; None on a reformatted plane.
    """

    kind: str
    series: UUID
    slice_index: int | None
    points_mm: Sequence[Sequence[float]]


@dataclass(frozen=True)
class Measured:
    """Values that do not apply to the kind, or are not defined there, are None."""

    series: Series
    instance: Instance | None
    frame: int | None
    length_mm: float | None = None
    angle_deg: float | None = None
    area_mm2: float | None = None
    mean_hu: float | None = None
    sd_hu: float | None = None
    min_hu: float | None = None
    max_hu: float | None = None
    pixels: int | None = None
    hu_undefined_reason: str = ""


class Measuring:
    """Measures drawings on the series of a person's studies; remembers the slices it has read.

    Parameters
    ----------
    series
        Those that may be drawn on, by public id.
    """

    def __init__(self, *, viewer: queries.Viewer, series: Mapping[UUID, Series]) -> None:
        self._viewer = viewer
        self._series = series
        self._frames: dict[tuple[int, int], NDArray[np.int16]] = {}
        self._boxes: dict[int, NDArray[np.float64]] = {}

    def measured(self, drawn: Drawn) -> Measured:
        """Geometry and statistics of one drawing.

        Raises
        ------
        MarkRefusedError
        PixelsNotReadableError
        """
        points = _checked(drawn)
        series = self.series(drawn.series)
        geometry = _geometry(drawn.kind, points)
        if drawn.slice_index is None:
            self._require_in_series(points, series)
            undefined = INTERPOLATED if drawn.kind == "probe" else ""
            return Measured(series, None, None, **geometry, hu_undefined_reason=undefined)
        instance, frame = self.slice(drawn.series, drawn.slice_index)
        attributes = InstanceAttributes.from_json(instance.attributes)
        try:
            grid = SliceGrid.of(attributes, frame=frame)
        except SliceNotPlacedError as error:
            raise MarkRefusedError(
                "The slice does not say where it lies or how large a pixel is."
            ) from error
        _require_on_slice(points, grid)
        if drawn.kind in REGIONS or drawn.kind == "probe":
            geometry |= self._hounsfield(drawn.kind, points, instance, frame, grid)
        return Measured(series, instance, frame, **geometry)

    def series(self, public_id: UUID) -> Series:
        """One of the series that may be drawn on.

        Raises
        ------
        MarkRefusedError
        """
        if public_id not in self._series:
            raise MarkRefusedError("The series is none of this study.")
        return self._series[public_id]

    def slice(self, series: UUID, index: int) -> tuple[Instance, int]:
        """The instance and its frame at a place of a series, from 0.

        Raises
        ------
        MarkRefusedError
        """
        try:
            return queries.frame_at(viewer=self._viewer, series=self.series(series), index=index)
        except Instance.DoesNotExist as error:
            raise MarkRefusedError("The series has no such slice.") from error

    def _hounsfield(
        self,
        kind: str,
        points: NDArray[np.float64],
        instance: Instance,
        frame: int,
        grid: SliceGrid,
    ) -> dict[str, Any]:
        attributes = InstanceAttributes.from_json(instance.attributes)
        try:
            if undefined := hounsfield_undefined(attributes):
                raise NoStatisticsError(undefined)
            if kind in REGIONS and _geometry(kind, points)["area_mm2"] is None:
                raise NoStatisticsError("The region encloses nothing.")
            values, padding = self._values(instance, frame, grid), padding_hu(attributes)
            if kind == "probe":
                value = roi_statistics.hu_at(points.tolist(), grid, values, padding)
                return {"mean_hu": value, "pixels": 1}
            inside = (
                roi_statistics.inside_outline if kind == OUTLINE else roi_statistics.inside_ellipse
            )(points.tolist(), grid)
            return vars(roi_statistics.roi_statistics(inside, values, padding))
        except NoStatisticsError as error:
            return {"hu_undefined_reason": str(error)}

    def _values(self, instance: Instance, frame: int, grid: SliceGrid) -> NDArray[np.int16]:
        key = (instance.pk, frame)
        if key not in self._frames:
            try:
                content = frame_hounsfield(
                    instance, frame=frame, archive=configured_archive(), pool=shared_pool()
                )
            except (FrameNotDecodableError, MissingRescaleError) as error:
                raise NoStatisticsError(NOT_DECODABLE) from error
            except (ArchiveError, ReadingProcessUnavailableError) as error:
                raise PixelsNotReadableError from error
            if len(self._frames) >= MOST_FRAMES:
                self._frames.clear()
            self._frames[key] = np.frombuffer(content, "<i2").reshape(grid.rows, grid.columns)
        return self._frames[key]

    def _require_in_series(self, points: NDArray[np.float64], series: Series) -> None:
        """On a reformatted plane: within the box that the slices span, and as far beyond."""
        if series.pk not in self._boxes:
            corners = []
            for instance in queries.instances(viewer=self._viewer, series=series):
                attributes = InstanceAttributes.from_json(instance.attributes)
                for frame in range(instance.frames):
                    try:
                        corners.append(SliceGrid.of(attributes, frame=frame).corners_mm())
                    except SliceNotPlacedError as error:
                        raise MarkRefusedError(
                            "A slice of the series does not say where it lies."
                        ) from error
            self._boxes[series.pk] = np.array(corners).reshape(-1, 3)
        box = self._boxes[series.pk]
        margin = float(np.ptp(box, axis=0).max()) if box.size else 0.0
        if (
            not box.size
            or (points < box.min(axis=0) - margin).any()
            or (points > box.max(axis=0) + margin).any()
        ):
            raise MarkRefusedError("It lies outside the images of the series.")


def _checked(drawn: Drawn) -> NDArray[np.float64]:
    """The points, shape (points, 3)."""
    count = len(drawn.points_mm)
    if drawn.kind == OUTLINE:
        right = LEAST_CORNERS <= count <= MOST_CORNERS
        wanted = f"{LEAST_CORNERS} to {MOST_CORNERS} corners"
    elif drawn.kind in POINTS:
        right = count == POINTS[drawn.kind]
        wanted = f"{POINTS[drawn.kind]} point{'s'[: POINTS[drawn.kind] != 1]}"
    else:
        raise MarkRefusedError("No such kind of measurement is known.")
    if not right:
        raise MarkRefusedError(f"It has {count} points, where {wanted} are expected.")
    for point in drawn.points_mm:
        if len(point) != 3 or not all(map(math.isfinite, point)):
            raise MarkRefusedError("A point is no place: three finite numbers in mm are expected.")
    if drawn.kind in REGIONS and drawn.slice_index is None:
        raise MarkRefusedError("A region is drawn on a slice as scanned, not on another plane.")
    points = np.array(drawn.points_mm, dtype=np.float64)
    if drawn.kind == "ellipse":
        _require_axes(points)
    return points


def _require_axes(points: NDArray[np.float64]) -> None:
    """The axes of an ellipse halve each other at a right angle."""
    left, right, top, bottom = points
    one, other = right - left, bottom - top
    apart = np.linalg.norm((left + right - top - bottom) / 2)
    size = np.linalg.norm(one) * np.linalg.norm(other)
    if apart > OFF_AXIS_MM or (size > 0 and abs(one @ other) > OFF_AXIS_MM * math.sqrt(size)):
        raise MarkRefusedError("Its axes do not halve each other at a right angle.")


def _require_on_slice(points: NDArray[np.float64], grid: SliceGrid) -> None:
    """On the plane, over a part of the image, and no farther beyond it than it is large."""
    if grid.off_mm(points.tolist()) > OFF_PLANE_MM:
        raise MarkRefusedError(
            "It does not lie on its slice. If more images have arrived since it was drawn, open "
            "the page again."
        )
    places = grid.pixels_of(points.tolist())
    size = np.array([grid.columns, grid.rows])
    if (
        (places < -size).any()
        or (places > 2 * size).any()
        or (places.max(axis=0) < -0.5).any()
        or (places.min(axis=0) > size - 0.5).any()
    ):
        raise MarkRefusedError("It lies outside its slice.")


def _geometry(kind: str, points: NDArray[np.float64]) -> dict[str, Any]:
    places = points.tolist()
    match kind:
        case "length":
            return {"length_mm": measurements.length_mm(places)}
        case "angle":
            return {"angle_deg": measurements.angle_deg(places)}
        case "ellipse":
            return {"area_mm2": measurements.ellipse_area_mm2(places)}
        case "freehand":
            return {"area_mm2": measurements.outline_area_mm2(places)}
        case _:
            return {}
