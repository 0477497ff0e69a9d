"""Measurements and key images of signed reads, for who may see the read."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, F, FloatField, OuterRef, QuerySet
from django.db.models.functions import Coalesce

from imaging import queries as imaging_queries
from imaging.models import Series
from registry.models import Read, ReadKeyImage, ReadMeasurement, User
from registry.queries import reads

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
        .order_by("-read__signed_at", "read_id", "number")
    )


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
