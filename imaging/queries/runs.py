"""Deliveries and what became of their files."""

import uuid
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet

from imaging.models import IgnoredPosition, IngestedFile, IngestRun, Study
from imaging.queries.viewer import ADD_STUDY, VIEW_DELIVERY, Viewer


def runs(*, viewer: Viewer) -> QuerySet[IngestRun]:
    """Deliveries to the viewer's centres, newest first."""
    return (
        IngestRun.objects.filter(centre_code__in=viewer.centre_codes(VIEW_DELIVERY))
        .select_related("started_by")
        .order_by("-started_at", "-id")
    )


def runs_by_centre(*, viewer: Viewer) -> list[QuerySet[IngestRun]]:
    """The same, for each centre a query of its own; in order by `arrival_of_run`."""
    every = runs(viewer=viewer)
    return [every.filter(centre_code=code) for code in viewer.centre_codes(VIEW_DELIVERY)]


def arrival_of_run(run: IngestRun) -> tuple[datetime, int]:
    """What deliveries are in order by."""
    return run.started_at, run.pk


def run(*, viewer: Viewer, public_id: uuid.UUID) -> IngestRun:
    """One delivery.

    Raises
    ------
    IngestRun.DoesNotExist
        There is none, or it belongs to a centre the viewer does not see.
    """
    return runs(viewer=viewer).get(public_id=public_id)


def own_upload(*, viewer: Viewer, public_id: uuid.UUID) -> IngestRun:
    """An upload of the viewer, finished or not.

    Raises
    ------
    IngestRun.DoesNotExist
        There is none, it is somebody else's, or the viewer may no longer add images to its
        centre.
    """
    return IngestRun.objects.get(
        public_id=public_id,
        source=IngestRun.Source.UPLOAD,
        started_by_id=viewer.pk,
        centre_code__in=viewer.centre_codes(ADD_STUDY),
    )


def open_upload(*, viewer: Viewer, public_id: uuid.UUID) -> IngestRun:
    """The viewer's own upload that is not finished yet.

    Raises
    ------
    IngestRun.DoesNotExist
        As for `own_upload`, or it is finished.
    """
    upload = own_upload(viewer=viewer, public_id=public_id)
    if upload.finished_at is not None:
        raise IngestRun.DoesNotExist
    return upload


def unfinished_uploads(*, viewer: Viewer) -> QuerySet[IngestRun]:
    """Uploads of the viewer that may go on, newest first."""
    return IngestRun.objects.filter(
        source=IngestRun.Source.UPLOAD,
        started_by_id=viewer.pk,
        finished_at=None,
        centre_code__in=viewer.centre_codes(ADD_STUDY),
    ).order_by("-started_at", "-id")


def unanswered_archives(*, viewer: Viewer, run: IngestRun) -> set[int]:
    """The places of an upload whose archive came in part, or whose end nobody noted.

    The end of an archive that came in a single request under another name is not noted: sent again,
    it is answered as before.
    """
    upload = own_upload(viewer=viewer, public_id=run.public_id)
    in_parts = dict(upload.partial_uploads.values_list("position", "ended_at"))
    entered = set(upload.files.filter(entry__gt=0).values_list("position", flat=True))
    return {at for at, ended in in_parts.items() if ended is None} | (entered - in_parts.keys())


def answered_positions(*, viewer: Viewer, run: IngestRun) -> set[int]:
    """The places of an upload that need not be sent again."""
    upload = own_upload(viewer=viewer, public_id=run.public_id)
    recorded = set(upload.files.values_list("position", flat=True))
    recorded |= set(upload.ignored_positions.values_list("position", flat=True))
    recorded |= set(upload.partial_uploads.values_list("position", flat=True))
    return recorded - unanswered_archives(viewer=viewer, run=run)


def answered_counts(*, viewer: Viewer, run: IngestRun) -> dict[str, int]:
    """How many files at the answered places of an upload ended how."""
    upload = own_upload(viewer=viewer, public_id=run.public_id)
    open_ones = unanswered_archives(viewer=viewer, run=run)
    files = upload.files.exclude(position__in=open_ones).order_by().values_list("result")
    by_result = dict(files.annotate(n=Count("id")))
    ignored = upload.ignored_positions.exclude(position__in=open_ones)
    return {
        **{result: by_result.get(result, 0) for result in IngestedFile.Result.values},
        "ignored": sum(ignored.values_list("count", flat=True)),
    }


def ignored_at(*, viewer: Viewer, run: IngestRun, position: int) -> int:
    """How many companions of images were passed over at one place of a delivery."""
    places = IgnoredPosition.objects.filter(run__in=runs(viewer=viewer), run=run, position=position)
    return sum(places.values_list("count", flat=True))


def refused_files(*, viewer: Viewer, run: IngestRun) -> QuerySet[IngestedFile]:
    """The files at the answered places of an upload that somebody has to look at, without names."""
    files = run_files(viewer=viewer, run=run, with_names=False).select_related(None)
    return files.exclude(
        result__in=[IngestedFile.Result.INDEXED, IngestedFile.Result.DUPLICATE]
    ).exclude(position__in=unanswered_archives(viewer=viewer, run=run))


def patients_of(*, viewer: Viewer, run: IngestRun) -> int:
    """How many patients the studies of a delivery name; those that name none count as nobody."""
    named = Study.objects.filter(
        centre_code__in=viewer.centre_codes(VIEW_DELIVERY),
        series__instances__in=run.files.filter(
            result__in=[IngestedFile.Result.INDEXED, IngestedFile.Result.DUPLICATE]
        ).values("instance"),
        subject_key__isnull=False,
    )
    patients: int = named.aggregate(patients=Count("subject_key", distinct=True))["patients"]
    return patients


def run_files(*, viewer: Viewer, run: IngestRun, with_names: bool) -> QuerySet[IngestedFile]:
    """The files of a delivery in their order; their names are only opened when asked for."""
    files = IngestedFile.objects.filter(run__in=runs(viewer=viewer), run=run).order_by(
        "position", "entry"
    )
    files = files.select_related("instance__series__study")
    return files if with_names else files.defer("name")


def counts(*, viewer: Viewer, run: IngestRun) -> dict[str, int]:
    """How many files ended how; `files` is their sum, the ignored ones apart."""
    return counts_of_runs(viewer=viewer, page=[run])[run.pk]


def counts_of_runs(*, viewer: Viewer, page: Iterable[IngestRun]) -> dict[int, dict[str, int]]:
    """`counts` of several deliveries by primary key, counted by the database in one question."""
    ignored = {run.pk: run.ignored_count for run in page}
    by_run: dict[int, Counter[str]] = {pk: Counter() for pk in ignored}
    for pk, result, n in (
        IngestedFile.objects.filter(run__in=runs(viewer=viewer).filter(pk__in=ignored))
        .order_by()
        .values_list("run_id", "result")
        .annotate(n=Count("id"))
    ):
        by_run[pk][result] = n
    return {
        pk: {
            "files": by_result.total(),
            **{result: by_result[result] for result in IngestedFile.Result.values},
            "ignored": ignored[pk],
        }
        for pk, by_result in by_run.items()
    }
