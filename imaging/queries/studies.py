"""Stored studies, series and instances."""

import uuid

from django.conf import settings
from django.db.models import F, QuerySet

from imaging.models import IngestRun, Instance, Series, Study
from imaging.queries.viewer import VIEW_DELIVERY, VIEW_STUDY, Viewer

LARGEST_INDEX = 2**31
"""A place beyond it is none, and no database can count that far."""


def studies(*, viewer: Viewer) -> QuerySet[Study]:
    """Studies of the viewer's centres, newest first."""
    return Study.objects.filter(centre_code__in=viewer.centre_codes(VIEW_STUDY)).order_by(
        "-received_at", "-id"
    )


def study(*, viewer: Viewer, public_id: uuid.UUID) -> Study:
    """One study with its deliveries; readers meet images in the reading room only.

    Raises
    ------
    Study.DoesNotExist
        There is none, or the viewer does not see deliveries to its centre.
    """
    return studies(viewer=viewer).get(
        public_id=public_id, centre_code__in=viewer.centre_codes(VIEW_DELIVERY)
    )


def studies_of_run(run: IngestRun) -> list[uuid.UUID]:
    """Public ids of the studies that the files of a run belong to, for commands."""
    rows = Study.objects.filter(
        series__instances__in=Instance.objects.filter(
            id__in=run.files.filter(result__in=["indexed", "duplicate"]).values("instance")
        )
    )
    return list(rows.order_by("id").distinct().values_list("public_id", flat=True))


def all_series(*, viewer: Viewer) -> QuerySet[Series]:
    return (
        Series.objects.filter(study__centre_code__in=viewer.centre_codes(VIEW_STUDY))
        .select_related("study")
        .order_by("series_number", "id")
    )


def series(*, viewer: Viewer, public_id: uuid.UUID) -> Series:
    """One series with its study.

    Raises
    ------
    Series.DoesNotExist
        There is none, or it belongs to a centre the viewer does not see.
    """
    return all_series(viewer=viewer).get(public_id=public_id)


def series_of_run(*, viewer: Viewer, run: IngestRun) -> QuerySet[Series]:
    """The series that the files of a delivery belong to."""
    named = run.files.filter(result__in=["indexed", "duplicate"]).values("instance")
    return all_series(viewer=viewer).filter(
        id__in=Instance.objects.filter(id__in=named).values("series")
    )


def instances(*, viewer: Viewer, series: Series) -> QuerySet[Instance]:
    """The instances of a series in the order of its slices; those not judged yet come last."""
    return (
        Instance.objects.filter(
            series=series, series__study__centre_code__in=viewer.centre_codes(VIEW_STUDY)
        )
        .order_by(F("slice_index").asc(nulls_last=True), "instance_number", "id")
        .select_related("series__study")
    )


def frame_at(*, viewer: Viewer, series: Series, index: int) -> tuple[Instance, int]:
    """The instance and its frame that are shown at a place of the series, from 0.

    Raises
    ------
    Instance.DoesNotExist
        The series has no such place.
    """
    if index > LARGEST_INDEX:
        raise Instance.DoesNotExist
    ordered = instances(viewer=viewer, series=series)
    if not ordered.filter(frames__gt=1).exists():
        for instance in ordered[index : index + 1]:
            return instance, 0
        raise Instance.DoesNotExist
    for instance_id, frames in ordered.values_list("id", "frames"):
        if index < frames:
            return ordered.get(id=instance_id), index
        index -= frames
    raise Instance.DoesNotExist


def subject_key_of(local_identifier: str | None, *, centre_code: str) -> str | None:
    """The keyed hash that a person's local number has at a centre; None for an empty one.

    It equals the `subject_key` of studies whose Patient ID was that number.
    """
    # Programs that never ask do not wait until it is loaded.
    from imaging.dicom import deidentification

    keys = deidentification.derive_keys(settings.CRESCENT_DEID_KEY.encode())
    return deidentification.subject_key(local_identifier, keys=keys, centre_code=centre_code)
