"""Files that are kept apart until somebody decides about them."""

import uuid
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from imaging.models import IngestedFile, IngestRun, QuarantineDecision, Series, Study
from imaging.queries.viewer import DECIDE_QUARANTINE, Viewer

IN_QUARANTINE = Q(quarantine_key__isnull=False)
DECIDED = Exists(QuarantineDecision.objects.filter(file=OuterRef("pk")))
UNDECIDED = IN_QUARANTINE & ~Q(DECIDED)
"""Not a join in which nothing is found: PostgreSQL expects a single row of that, and reads all."""


def quarantined(*, viewer: Viewer) -> QuerySet[IngestedFile]:
    """Every file that was put into quarantine at a centre where the viewer decides, newest first.

    Names are not opened.
    """
    # Runs are neither joined nor fetched in one go: SQLite would then sort the files of all runs,
    # instead of going back in time until a page is full.
    decides = IngestRun.objects.filter(
        pk=OuterRef("run"), centre_code__in=viewer.centre_codes(DECIDE_QUARANTINE)
    )
    return (
        IngestedFile.objects.filter(IN_QUARANTINE, Exists(decides))
        .select_related("quarantine_decision__decided_by")
        .prefetch_related("run")
        .defer("name")
        .order_by("-recorded_at", "-id")
    )


def waiting(*, viewer: Viewer) -> QuerySet[IngestedFile]:
    """Those nobody has decided about yet."""
    return quarantined(viewer=viewer).filter(UNDECIDED)


def decided(*, viewer: Viewer) -> QuerySet[IngestedFile]:
    """Those somebody has decided about."""
    return quarantined(viewer=viewer).filter(DECIDED)


def quarantined_file(*, viewer: Viewer, key: uuid.UUID) -> IngestedFile:
    """One file, decided about or not.

    Raises
    ------
    IngestedFile.DoesNotExist
        There is none, or the viewer does not decide at its centre.
    """
    return (
        quarantined(viewer=viewer)
        .select_related("instance__series__study", "quarantine_decision__released_file__run")
        .get(quarantine_key=key)
    )


def alike(*, viewer: Viewer, file: IngestedFile) -> QuerySet[IngestedFile]:
    """Files of the same delivery that wait for the same reason, the file itself among them.

    With their names, since they are taken in again under these.
    """
    return (
        waiting(viewer=viewer)
        .filter(run=file.run_id, reason_code=file.reason_code)
        .defer(None)
        .order_by("position", "entry")
    )


def claimed_study(*, viewer: Viewer, study_instance_uid: str) -> Study | None:
    """The stored study that a file in quarantine claims to belong to."""
    return Study.objects.filter(
        study_instance_uid=study_instance_uid,
        centre_code__in=viewer.centre_codes(DECIDE_QUARANTINE),
    ).first()


def claimed_series(*, viewer: Viewer, series_instance_uid: str) -> Series | None:
    """The stored series that a file in quarantine claims to belong to, with its study."""
    return (
        Series.objects.filter(
            series_instance_uid=series_instance_uid,
            study__centre_code__in=viewer.centre_codes(DECIDE_QUARANTINE),
        )
        .select_related("study")
        .first()
    )


def overdue(*, before: datetime) -> QuerySet[IngestedFile]:
    """Files nobody decided about since `before`, oldest first, of all centres."""
    return (
        IngestedFile.objects.filter(UNDECIDED, recorded_at__lt=before)
        .select_related("run")
        .defer("name")
        .order_by("recorded_at", "id")
    )


def is_decided(key: uuid.UUID) -> bool:
    """Whether the bytes of the file with this key are to be gone."""
    return IngestedFile.objects.filter(
        quarantine_key=key, quarantine_decision__isnull=False
    ).exists()
