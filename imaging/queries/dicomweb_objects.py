"""Studies, series and instances by their UIDs, as DICOMweb names them.

What was excluded is not there, as what another centre has is not there.
"""

import json
from dataclasses import dataclass
from typing import Any, cast

from django.db import connection
from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from imaging.models import Instance, Series, Study, StudyExclusion
from imaging.queries.viewer import VIEW_STUDY, Viewer


@dataclass(frozen=True, slots=True)
class RetrievedInstance:
    """What is needed to give out one stored instance, its frames or its picture."""

    study: Study
    series_instance_uid: str
    sop_instance_uid: str
    transfer_syntax_uid: str
    stored_sha256: str
    stored_bytes: int
    pixel_offset: int
    pixel_length: int
    frames: int
    attributes: dict[str, Any]


_COLUMNS = {
    Study: ("id", "public_id", "centre_code", "study_instance_uid"),
    Series: ("series_instance_uid",),
    Instance: tuple(
        name for name in RetrievedInstance.__slots__ if name not in ("study", "series_instance_uid")
    ),
}


def instance(
    *, viewer: Viewer, study_instance_uid: str, series_instance_uid: str, sop_instance_uid: str
) -> RetrievedInstance:
    """One instance of a series of a study.

    Raises
    ------
    Instance.DoesNotExist
        There is none, it is of another study, the study is excluded, or it belongs to a centre
        the viewer does not see.
    """
    centres = sorted(viewer.centre_codes(VIEW_STUDY))
    if not centres:
        raise Instance.DoesNotExist
    # Asked for each frame, so the statement is written down and not compiled each time.
    with connection.cursor() as cursor:
        cursor.execute(
            _statement(len(centres)),
            [sop_instance_uid, series_instance_uid, study_instance_uid, *centres],
        )
        row = cursor.fetchone()
    if row is None:
        raise Instance.DoesNotExist
    study_id, public_id, centre_code, study_uid, series_uid, *plain, attributes = row
    study = Study(
        id=study_id,
        public_id=Study._meta.get_field("public_id").to_python(public_id),
        centre_code=centre_code,
        study_instance_uid=study_uid,
    )
    facts = json.loads(attributes) if isinstance(attributes, str) else attributes
    own = dict(zip(_COLUMNS[Instance], plain, strict=False)) | {"attributes": facts}
    return RetrievedInstance(study=study, series_instance_uid=series_uid, **own)


def _statement(centres: int) -> str:
    quote = connection.ops.quote_name
    tables = {model: quote(model._meta.db_table) for model in (*_COLUMNS, StudyExclusion)}
    columns = ", ".join(
        f"{tables[model]}.{quote(name)}" for model, names in _COLUMNS.items() for name in names
    )
    study, series, one = tables[Study], tables[Series], tables[Instance]
    return (
        f"SELECT {columns} FROM {one}"  # noqa: S608 - our own names
        f" JOIN {series} ON {series}.id = {one}.series_id"
        f" JOIN {study} ON {study}.id = {series}.study_id"
        f" WHERE {one}.sop_instance_uid = %s AND {series}.series_instance_uid = %s"
        f" AND {study}.study_instance_uid = %s"
        f" AND {study}.centre_code IN ({', '.join(['%s'] * centres)})"
        f" AND NOT EXISTS (SELECT 1 FROM {tables[StudyExclusion]} WHERE study_id = {study}.id)"
    )


def instances(
    *, viewer: Viewer, study_instance_uid: str, series_instance_uid: str | None = None
) -> QuerySet[Instance]:
    """The instances of a study or of one of its series, in the order of their slices."""
    found = Instance.objects.filter(
        series__study__in=_studies(viewer).filter(study_instance_uid=study_instance_uid)
    )
    if series_instance_uid is not None:
        found = found.filter(series__series_instance_uid=series_instance_uid)
    return (
        found.order_by(
            "series__series_number",
            "series_id",
            F("slice_index").asc(nulls_last=True),
            "instance_number",
            "id",
        )
        .select_related("series__study")
        .defer("series__geometry", "series__geometry_codes")
    )


def series_with_metadata(
    *, viewer: Viewer, study_instance_uid: str, series_instance_uid: str | None = None
) -> list[Series]:
    """The series of a study or one of them with `images`, how many it has, and its `metadata`."""
    found = Series.objects.filter(
        study__in=_studies(viewer).filter(study_instance_uid=study_instance_uid)
    ).select_related("study", "metadata")
    if series_instance_uid is not None:
        found = found.filter(series_instance_uid=series_instance_uid)
    return list(
        found.defer("geometry", "geometry_codes")
        .annotate(images=_images(Instance.objects.filter(series=OuterRef("pk")), by="series"))
        .order_by("series_number", "id")
    )


def slices_of(*, viewer: Viewer, series: Series) -> list[tuple[str, str]]:
    """SOP Instance UID and hash of each instance of a series, in the order of the slices."""
    found = instances(
        viewer=viewer,
        study_instance_uid=series.study.study_instance_uid,
        series_instance_uid=series.series_instance_uid,
    )
    rows = found.values_list("sop_instance_uid", "stored_sha256")
    return cast("list[tuple[str, str]]", list(rows))


def middle_instance(
    *, viewer: Viewer, study_instance_uid: str, series_instance_uid: str | None = None
) -> RetrievedInstance:
    """What stands for a study or series in small: the middle of its largest series.

    Raises
    ------
    Instance.DoesNotExist
    """
    of_study = series_with_metadata(
        viewer=viewer,
        study_instance_uid=study_instance_uid,
        series_instance_uid=series_instance_uid,
    )
    if not of_study:
        raise Instance.DoesNotExist
    largest: Any = max(of_study, key=lambda one: cast("Any", one).images)
    middle = instances(
        viewer=viewer,
        study_instance_uid=study_instance_uid,
        series_instance_uid=largest.series_instance_uid,
    ).values_list("sop_instance_uid", flat=True)[largest.images // 2 : largest.images // 2 + 1]
    for sop_instance_uid in middle:
        return instance(
            viewer=viewer,
            study_instance_uid=study_instance_uid,
            series_instance_uid=largest.series_instance_uid,
            sop_instance_uid=sop_instance_uid,
        )
    raise Instance.DoesNotExist


def _studies(viewer: Viewer) -> QuerySet[Study]:
    return Study.objects.filter(
        centre_code__in=viewer.centre_codes(VIEW_STUDY), exclusion__isnull=True
    )


def _images(rows: QuerySet[Instance], *, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
