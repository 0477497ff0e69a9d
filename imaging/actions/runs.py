"""Open and close a delivery."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Sum

from imaging.actions import history
from imaging.actions.geometry import judge
from imaging.models import IgnoredPosition, IngestedFile, IngestRun, Peer, RemoteArchive
from imaging.queries import intake

POSITIONS_AT_ONCE = 500
"""A database takes so many values in one question, and not many more."""


def start_run(
    *,
    centre_code: str,
    source: IngestRun.Source,
    by: AbstractBaseUser | None,
    at: datetime,
    peer: Peer | None = None,
    remote_archive: RemoteArchive | None = None,
    expected_files: int | None = None,
) -> IngestRun:
    """Open a delivery; `by` is None for the command line and for a peer."""
    with transaction.atomic():
        run = IngestRun.objects.create(
            centre_code=centre_code,
            source=source,
            started_by_id=by.pk if by else None,
            started_at=at,
            peer=peer,
            remote_archive=remote_archive,
            expected_files=expected_files,
        )
        facts = {"source": source.value}
        if peer is not None:
            facts["peer"] = peer.name
        if remote_archive is not None:
            facts["remote_archive"] = remote_archive.name
        history.record(
            centre_code=centre_code,
            at=at,
            by=by,
            action="start_ingest",
            object_type=run._meta.label_lower,
            object_id=run.public_id,
            facts=facts,
        )
    return run


def count_ignored(*, run: IngestRun, positions: Iterable[int]) -> None:
    """Count the files that are no images and carry no finding, each place once.

    Parameters
    ----------
    positions
        Their places in the delivery; an archive as often as it held such entries. A place that was
        counted by an earlier request keeps the larger number.
    """
    new = sorted(Counter(positions).items())
    if not new:
        return
    with transaction.atomic():
        IngestRun.objects.select_for_update(no_key=True).get(id=run.id)
        for first in range(0, len(new), POSITIONS_AT_ONCE):
            _count_ignored(run, dict(new[first : first + POSITIONS_AT_ONCE]))
        total = IgnoredPosition.objects.filter(run=run).aggregate(total=Sum("count"))["total"]
        IngestRun.objects.filter(id=run.id).update(ignored_count=total)


def _count_ignored(run: IngestRun, new: dict[int, int]) -> None:
    known = dict(
        IgnoredPosition.objects.filter(run=run, position__in=new).values_list("position", "count")
    )
    IgnoredPosition.objects.bulk_create(
        [
            IgnoredPosition(run=run, position=position, count=max(count, known.get(position, 0)))
            for position, count in new.items()
        ],
        update_conflicts=True,
        unique_fields=["run", "position"],
        update_fields=["count"],
    )


def finish_run(*, run: IngestRun, by: AbstractBaseUser | None, at: datetime) -> IngestRun:
    """Judge the geometry of the series that grew, and close the delivery.

    Closing a closed run changes nothing.
    """
    with transaction.atomic():
        # Without a key lock: who records a file of the run meanwhile may hold what is judged next.
        run = IngestRun.objects.select_for_update(no_key=True).get(id=run.id)
        if run.finished_at is not None:
            return run
        verdicts = {
            str(series.public_id): judge(series) for series in intake.unjudged_series_of(run)
        }
        run.finished_at = at
        run.save(update_fields=["finished_at"])
        counts = Counter(IngestedFile.objects.filter(run=run).values_list("result", flat=True))
        history.record(
            centre_code=run.centre_code,
            at=at,
            by=by,
            action="finish_ingest",
            object_type=run._meta.label_lower,
            object_id=run.public_id,
            facts={**counts, "ignored": run.ignored_count, "geometry": verdicts},
        )
    return run
