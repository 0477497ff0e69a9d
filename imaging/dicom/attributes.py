"""What the registry indexes of an instance: typed values, read from the stored header.

A value that is missing or malformed is None; NaN and infinity never come out of here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from functools import cache
from typing import Any, Self

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from .acceptance import displayable
from .element_values import (
    date_of,
    element_of,
    first_text,
    integer,
    number,
    numbers,
    texts,
    time_of,
)
from .frame_planes import FramePlane, frame_planes, six, spacing, three
from .kept_attributes import DATES_AND_TIMES, KEPT_ATTRIBUTES, REASONS, KeptAttribute

__all__ = [
    "DATES_AND_TIMES",
    "KEPT_ATTRIBUTES",
    "REASONS",
    "InstanceAttributes",
    "KeptAttribute",
]

_SHARED_GROUPS = 0x52009229
_PER_FRAME_GROUPS = 0x52009230


@dataclass(frozen=True, slots=True)
class InstanceAttributes:
    """Facts about one stored CT instance.

    Lengths in mm, angles in degrees, patient coordinates (L, P, S) of PS3.3 C.7.6.2.1.1.
    `pixel_spacing_mm` is (between rows, between columns); `image_orientation` holds the
    direction cosines of the row, then of the column. Of an enhanced image the first frame
    is described, and `frame_planes` says where each frame lies; () for a single frame.
    """

    modality: str | None
    image_type: tuple[str, ...]
    study_date: date | None
    study_time: time | None
    acquisition_date: date | None
    acquisition_time: time | None
    series_number: int | None
    acquisition_number: int | None
    instance_number: int | None
    frames: int
    rows: int | None
    columns: int | None
    samples_per_pixel: int | None
    photometric_interpretation: str | None
    bits_allocated: int | None
    bits_stored: int | None
    high_bit: int | None
    pixel_representation: int | None
    rescale_slope: float | None
    rescale_intercept: float | None
    rescale_type: str | None
    window_center_hu: float | None
    window_width_hu: float | None
    pixel_spacing_mm: tuple[float, float] | None
    slice_thickness_mm: float | None
    image_position_mm: tuple[float, float, float] | None
    image_orientation: tuple[float, float, float, float, float, float] | None
    gantry_tilt_deg: float | None
    patient_position: str | None
    body_part: str | None
    laterality: str | None
    kvp: float | None
    convolution_kernel: str | None
    manufacturer: str | None
    displayable: bool
    not_displayable_reason: str | None
    frame_planes: tuple[FramePlane, ...] = ()
    # Unknown in what was stored before these were read.
    pixel_padding_value: int | None = None
    pixel_padding_range_limit: int | None = None

    @classmethod
    def of(cls, dataset: Dataset, *, transfer_syntax_uid: str) -> Self:
        """Read the attributes of an accepted, de-identified instance."""
        read = _Reader(dataset)
        reason = displayable(dataset, transfer_syntax_uid=transfer_syntax_uid)
        slope = read.number("RescaleSlope")
        acquired = read.text("AcquisitionDateTime") or ""
        frames = read.integer("NumberOfFrames") or 1
        return cls(
            modality=read.text("Modality"),
            image_type=texts(dataset, read.tag("ImageType")),
            study_date=date_of(read.text("StudyDate")),
            study_time=time_of(read.text("StudyTime")),
            acquisition_date=date_of(read.text("AcquisitionDate") or acquired[:8]),
            acquisition_time=time_of(
                read.text("AcquisitionTime") or acquired[8:].split("+")[0].split("-")[0]
            ),
            series_number=read.integer("SeriesNumber"),
            acquisition_number=read.integer("AcquisitionNumber"),
            instance_number=read.integer("InstanceNumber"),
            frames=frames,
            rows=read.integer("Rows"),
            columns=read.integer("Columns"),
            samples_per_pixel=read.integer("SamplesPerPixel"),
            photometric_interpretation=read.text("PhotometricInterpretation"),
            bits_allocated=read.integer("BitsAllocated"),
            bits_stored=read.integer("BitsStored"),
            high_bit=read.integer("HighBit"),
            pixel_representation=read.integer("PixelRepresentation"),
            # a slope of zero would make every pixel the same: no HU at all
            rescale_slope=slope or None,
            rescale_intercept=read.number("RescaleIntercept"),
            rescale_type=read.text("RescaleType"),
            window_center_hu=read.number("WindowCenter"),
            window_width_hu=read.positive("WindowWidth"),
            pixel_spacing_mm=spacing(read.numbers("PixelSpacing")),
            slice_thickness_mm=read.positive("SliceThickness"),
            image_position_mm=three(read.numbers("ImagePositionPatient")),
            image_orientation=six(read.numbers("ImageOrientationPatient")),
            gantry_tilt_deg=read.number("GantryDetectorTilt"),
            patient_position=read.text("PatientPosition"),
            body_part=read.text("BodyPartExamined"),
            laterality=read.text("ImageLaterality") or read.text("Laterality"),
            kvp=read.positive("KVP"),
            convolution_kernel=read.text("ConvolutionKernel"),
            manufacturer=read.text("Manufacturer"),
            displayable=reason is None,
            not_displayable_reason=reason,
            frame_planes=frame_planes(dataset, frames=frames),
            pixel_padding_value=read.integer("PixelPaddingValue"),
            pixel_padding_range_limit=read.integer("PixelPaddingRangeLimit"),
        )

    def to_json(self) -> dict[str, Any]:
        """A dictionary of plain JSON values, dates and times in ISO 8601."""
        plain = {name: getattr(self, name) for name in _NAMES}
        for name in _DATES | _TIMES:
            if plain[name] is not None:
                plain[name] = plain[name].isoformat()
        for name in _TUPLES:
            if plain[name] is not None:
                plain[name] = list(plain[name])
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Build from what `to_json` returned."""
        values = dict(plain)
        for name in _TUPLES & values.keys():
            values[name] = _tuples(values[name])
        for name in _DATES:
            values[name] = values[name] and date.fromisoformat(values[name])
        for name in _TIMES:
            values[name] = values[name] and time.fromisoformat(values[name])
        return cls(**values)


_NAMES = tuple(field.name for field in fields(InstanceAttributes))
_DATES, _TIMES = (
    frozenset(field.name for field in fields(InstanceAttributes) if field.type == kind | None)
    for kind in (date, time)
)
_TUPLES = frozenset(
    field.name for field in fields(InstanceAttributes) if str(field.type).startswith("tuple")
)
"""Fields by how they are written in JSON; worked out once, as it happens for every image."""


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


class _Reader:
    """Looks an attribute up in the data set, else in the groups of the first frame."""

    def __init__(self, dataset: Dataset) -> None:
        self._places = [dataset]
        for tag in (_PER_FRAME_GROUPS, _SHARED_GROUPS):
            element = element_of(dataset, tag)
            for groups in element.value[:1] if element is not None else ():
                for group in groups._dict.values():
                    if group.VR == "SQ":
                        self._places += group.value[:1]

    @staticmethod
    @cache
    def tag(keyword: str) -> int:
        tag = tag_for_keyword(keyword)
        if tag is None:
            raise LookupError(keyword)
        return tag

    def _place(self, keyword: str) -> tuple[Dataset, int]:
        tag = self.tag(keyword)
        for place in self._places:
            if tag in place._dict:
                return place, tag
        return self._places[0], tag

    def text(self, keyword: str) -> str | None:
        return first_text(*self._place(keyword))

    def integer(self, keyword: str) -> int | None:
        return integer(*self._place(keyword))

    def number(self, keyword: str) -> float | None:
        return number(*self._place(keyword))

    def positive(self, keyword: str) -> float | None:
        value = self.number(keyword)
        return value if value is not None and value > 0 else None

    def numbers(self, keyword: str) -> tuple[float, ...] | None:
        return numbers(*self._place(keyword))
