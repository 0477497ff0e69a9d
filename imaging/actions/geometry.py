"""Judge the geometry of a series and keep the verdict."""

from datetime import datetime

from django.db import connection, transaction

from imaging.actions import history
from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.geometry import SlicePlane, judge_series
from imaging.models import Instance, Series
from imaging.queries import intake


def judge(series: Series) -> list[str]:
    """Judge one series inside the caller's transaction; returns the codes.

    The row is locked first, so that a batch that adds instances meanwhile withdraws this
    verdict and not the other way round.
    """
    series = Series.objects.select_for_update(of=("self",)).get(id=series.id)
    planes: list[SlicePlane] = []
    of_instance: list[int] = []
    kept_index: dict[int, int | None] = {}
    rows = series.instances.order_by("id").values_list("id", "slice_index", "attributes")
    for instance_id, slice_index, attributes in rows:
        frames = SlicePlane.of_frames(
            InstanceAttributes.from_json(attributes), reference=str(instance_id)
        )
        planes += frames
        of_instance += [instance_id] * len(frames)
        kept_index[instance_id] = slice_index
    verdict = judge_series(planes)
    # An image of many frames stands where the first of them lies.
    ordered = dict.fromkeys(of_instance[place] for place in verdict.order)
    _write_order(
        [
            (slice_index, instance_id)
            for slice_index, instance_id in enumerate(ordered)
            if kept_index[instance_id] != slice_index
        ]
    )
    kept = verdict.to_json()
    # The order is kept as slice_index of the instances.
    del kept["order"]
    series.geometry = {**kept, "sentences": list(verdict.sentences)}
    series.geometry_codes = [code.value for code in verdict.codes]
    series.mpr_allowed = verdict.mpr_allowed
    series.save(update_fields=["geometry", "geometry_codes", "mpr_allowed"])
    return [code.value for code in verdict.codes]


def _write_order(places: list[tuple[int, int]]) -> None:
    """Slice index and id of each instance; a statement that names them all would be slower."""
    table = Instance._meta.db_table
    column = str(Instance._meta.get_field("slice_index").column)
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(table)} SET {quote(column)} = %s"  # noqa: S608 - our own names
            f" WHERE {quote('id')} = %s",
            places,
        )


def judge_series_left_over(*, at: datetime) -> int:
    """Judge every series that an interrupted delivery left without verdict; returns how many."""
    judged = 0
    for series in intake.unjudged_series().select_related("study"):
        with transaction.atomic():
            codes = judge(series)
            history.record(
                centre_code=series.centre_code,
                at=at,
                by=None,
                action="judge_series",
                object_type=series._meta.label_lower,
                object_id=series.public_id,
                facts={"geometry_codes": codes},
            )
        judged += 1
    return judged
