"""Measurements and key images of signed reads, for who may see the read."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, FloatField, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from imaging import queries as imaging_queries
from imaging.models import Series
from registry.models import Read, ReadKeyImage, ReadMeasurement, User
from registry.queries import reads

MOST_LOOKED_AT = 2000
"""So many measurements are looked at for one page [own]."""

BEYOND_ANY = 32767
"""No read has a measurement of a higher number: the column holds none."""

Places = dict[tuple[int, int], int]
"""Instance and frame → place in its series, from 0."""


@dataclass(frozen=True)
class Wanted:
    """What a search asks for; None and "" ask for nothing.

    `smallest` and `largest` limit the main value of the kind: mm, degrees or mean HU.
    """

    kind: str = ""
    finding: str = ""
    smallest: Decimal | None = None
    largest: Decimal | None = None


@dataclass(frozen=True)
class MeasurementPage:
    """`ended_early` where the page ended because so many measurements had been looked at."""

    rows: list[ReadMeasurement]
    next_after: str
    ended_early: bool = False


def measurements(*, viewer: User, wanted: Wanted) -> QuerySet[ReadMeasurement]:
    """Measurements of reads that stand, in the centres whose cases the viewer may see.

    Arrows measure nothing and are left out.
    """
    standing = reads.standing(viewer=viewer)
    if wanted.finding:
        standing = standing.filter(findings__code=wanted.finding)
    found = (
        ReadMeasurement.objects.filter(Exists(standing.filter(pk=OuterRef("read_id"))))
        .exclude(kind="arrow")
        .annotate(
            main_value=Coalesce(
                F("length_mm"), F("angle_deg"), F("mean_hu"), output_field=FloatField()
            )
        )
    )
    if wanted.kind:
        found = found.filter(kind=wanted.kind)
    if wanted.smallest is not None:
        found = found.filter(main_value__gte=float(wanted.smallest))
    if wanted.largest is not None:
        found = found.filter(main_value__lte=float(wanted.largest))
    return (
        found.select_related("read__reader", "read__contrast_study__case__patient", "series")
        .prefetch_related("read__findings__sites")
        .order_by("-read_id", "number")
    )


def page(*, viewer: User, wanted: Wanted, after: str, size: int) -> MeasurementPage:
    """`measurements`, those of the latest reads first, a page at a time.

    No index serves the filters, nor what a viewer may know: so many measurements are looked at.
    """
    beyond = _beyond(after)
    window = ReadMeasurement.objects.filter(beyond).order_by("-read_id", "number")
    last = window.values_list("read_id", "number")[MOST_LOOKED_AT : MOST_LOOKED_AT + 1].first()
    found = measurements(viewer=viewer, wanted=wanted).filter(beyond)
    if last is not None:
        found = found.filter(read_id__gte=last[0])
    rows = list(found[: size + 1])
    if len(rows) > size:
        return MeasurementPage(rows[:size], f"{rows[size - 1].read_id}.{rows[size - 1].number}")
    # The whole of the last read was looked at.
    return MeasurementPage(rows, f"{last[0]}.{BEYOND_ANY}" if last else "", bool(last))


def _beyond(after: str) -> Q:
    read_pk, _, number = after.partition(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 19 for part in (read_pk, number)):
        return Q()
    return Q(read_id__lte=int(read_pk)) & ~Q(read_id=int(read_pk), number__lte=int(number))


def series_of(*, viewer: User, read: Read) -> list[Series]:
    """The series a read was made on: those linked now, and those its marks lie on."""
    marks: list[ReadMeasurement | ReadKeyImage] = [
        *read.measurements.all(),
        *read.key_images.all(),
    ]
    marked = {mark.series_id for mark in marks}
    visible = imaging_queries.all_series(viewer=viewer)
    return list(
        visible.filter(study__link__contrast_study=read.contrast_study)
        | visible.filter(pk__in=marked)
    )


def places(*, viewer: User, read: Read) -> Places:
    """Where in their series the slices lie that the marks of a read are on."""
    marks: list[ReadMeasurement | ReadKeyImage] = [
        *read.measurements.all(),
        *read.key_images.all(),
    ]
    found: Places = {}
    for series in {mark.series for mark in marks if mark.instance_id is not None}:
        place = 0
        ordered = imaging_queries.instances(viewer=viewer, series=series)
        for instance_pk, frames in ordered.values_list("pk", "frames"):
            for frame in range(frames):
                found[instance_pk, frame] = place + frame
            place += frames
    return found
