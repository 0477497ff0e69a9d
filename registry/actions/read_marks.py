"""Measurements and key images of a read: measured on the stored pixels, then stored with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imaging.measuring import Drawn, MarkRefusedError, Measuring, PixelsNotReadableError
from imaging.models import Instance, Series
from registry.actions import history
from registry.actions.errors import InvalidRecordError
from registry.actions.records import Children, store
from registry.models import ContrastStudy, Read, ReadKeyImage, ReadMeasurement, User

MOST_MARKS = 100
"""Measurements, and key images, of one read [own]."""

NOT_READABLE = _(
    "A stored image is missing or damaged, so nothing can be measured on it and the read is not "
    "signed. Your answers are kept. Tell the administrator: `manage.py verify_archive` names it."
)
ARRIVED = _(
    "More images of this series have arrived since the page was opened, so the slice may be "
    "another one. Your answers are kept: open the page again and look at the key images."
)

T = TypeVar("T")

Shown = Mapping[UUID, tuple[int, int]]
"""Of each series how many slices were on the screen, of how many, as the browser counted."""


@dataclass(frozen=True)
class MeasurementEntry:
    """A drawing: a code of `MeasurementKind` and [x, y, z] in mm, LPS, for each point.

    `series` is a public id. `slice_index` counts from 0; None on a reformatted plane.
    """

    kind: str
    series: UUID
    slice_index: int | None
    points_mm: Sequence[Sequence[float]]
    text: str = ""


@dataclass(frozen=True)
class KeyImageEntry:
    """A slice, counted from 0, in the window it was seen in."""

    series: UUID
    slice_index: int
    window_centre_hu: float
    window_width_hu: float


@dataclass(frozen=True)
class MeasuredMarks:
    """What is drawn and marked, measured and not stored yet."""

    measurements: Sequence[ReadMeasurement] = ()
    key_images: Sequence[ReadKeyImage] = ()
    images_shown: Mapping[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        *,
        study: ContrastStudy,
        by: User,
        measurements: Sequence[MeasurementEntry],
        key_images: Sequence[KeyImageEntry],
        shown: Shown,
    ) -> "MeasuredMarks":
        """Measure on the series that are linked to the study; nothing is written.

        Raises
        ------
        InvalidRecordError
            With a sentence for each mark that contradicts the images.
        """
        if not (measurements or key_images or shown):
            return cls()
        if max(len(measurements), len(key_images)) > MOST_MARKS:
            raise InvalidRecordError(
                {
                    "marks": [
                        gettext("A read holds %(most_marks)s measurements and key images at most.")
                        % {"most_marks": MOST_MARKS}
                    ]
                }
            )
        # Earlier studies are looked at beside this one; drawn on is this one only.
        seen = {
            one.public_id: one
            for one in Series.objects.filter(
                study__link__contrast_study__case__patient=study.case.patient_id,
                study__centre_code=study.centre_code,
            ).annotate(frames=Sum("instances__frames"))
        }
        linked = set(
            Series.objects.filter(
                study__link__contrast_study=study, study__centre_code=study.centre_code
            ).values_list("public_id", flat=True)
        )
        measuring = Measuring(viewer=by, series={key: seen[key] for key in linked})
        refused: list[str] = []

        def each(name: str, entries: Sequence[Any], made: Callable[[Any], T]) -> list[T]:
            found = []
            for number, entry in enumerate(entries, start=1):
                try:
                    found.append(made(entry))
                except MarkRefusedError as error:
                    refused.append(f"{name} {number}: {error}")
            return found

        try:
            marks = cls(
                measurements=each(
                    gettext("Measurement"), measurements, lambda one: _measurement(one, measuring)
                ),
                key_images=each(
                    gettext("Key image"), key_images, lambda one: _key_image(one, measuring, shown)
                ),
                images_shown={
                    str(public_id): [min(max(count, 0), total), total]
                    for public_id, (count, _) in shown.items()
                    if public_id in seen and (total := _frames(seen[public_id]))
                },
            )
        except PixelsNotReadableError as error:
            raise InvalidRecordError({"marks": [str(NOT_READABLE)]}) from error
        if refused:
            raise InvalidRecordError({"marks": refused})
        return marks

    def save(self, read: Read) -> Children:
        """Store the marks with their read, before it is signed; as the history shows them."""
        kinds: dict[str, Sequence[ReadMeasurement | ReadKeyImage]] = {
            "measurements": self.measurements,
            "key_images": self.key_images,
        }
        for marks in kinds.values():
            for number, mark in enumerate(marks, start=1):
                mark.read, mark.number = read, number
                store(mark)
        return {
            name: [
                row | _place(mark) for row, mark in zip(history.rows_of(marks), marks, strict=True)
            ]
            for name, marks in kinds.items()
            if marks
        }


def _measurement(entry: MeasurementEntry, measuring: Measuring) -> ReadMeasurement:
    found = measuring.measured(Drawn(entry.kind, entry.series, entry.slice_index, entry.points_mm))
    return ReadMeasurement(
        kind=entry.kind,
        points_mm=[list(point) for point in entry.points_mm],
        text=entry.text,
        **vars(found),
    )


def _key_image(entry: KeyImageEntry, measuring: Measuring, shown: Shown) -> ReadKeyImage:
    series = measuring.series(entry.series)
    _, total = shown.get(entry.series, (0, None))
    if total not in (None, _frames(series)):
        raise MarkRefusedError(ARRIVED)
    centre, width = entry.window_centre_hu, entry.window_width_hu
    if not (isfinite(centre) and isfinite(width) and width > 0):
        raise MarkRefusedError(
            gettext("Its window is none: a centre and a width above 0 are expected.")
        )
    instance, frame = measuring.slice(entry.series, entry.slice_index)
    return ReadKeyImage(
        series=series,
        instance=instance,
        frame=frame,
        window_centre_hu=centre,
        window_width_hu=width,
    )


def _frames(series: Any) -> int:
    """How many slices the series has; counted by the query that loaded it."""
    return series.frames or 0


def _place(mark: ReadMeasurement | ReadKeyImage) -> dict[str, Any]:
    instance: Instance | None = mark.instance
    return {
        "series": str(mark.series.public_id),
        "sop_instance_uid": instance.sop_instance_uid if instance else None,
    }
