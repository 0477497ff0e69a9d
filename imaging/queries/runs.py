"""Deliveries and what became of their files."""

import uuid
from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, QuerySet

from imaging.models import IngestedFile, IngestRun
from imaging.queries.viewer import ADD_STUDY, VIEW_STUDY, Viewer


def runs(*, viewer: Viewer) -> QuerySet[IngestRun]:
    """Deliveries to the viewer's centres, newest first."""
    centres = viewer.centre_codes(VIEW_STUDY) | viewer.centre_codes(ADD_STUDY)
    return (
        IngestRun.objects.filter(centre_code__in=centres)
        .select_related("started_by")
        .order_by("-started_at", "-id")
    )


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
