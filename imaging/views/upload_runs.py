"""The person's own uploads: whose they are, and where their requests go."""

from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from imaging import actions, queries
from imaging.ingest.door import Door
from imaging.ingest.intake import shared_intake
from imaging.models import IngestRun
from imaging.views.request import SignedInRequest


def open_upload(request: SignedInRequest, public_id: UUID) -> IngestRun:
    """The person's own unfinished upload, or 404."""
    try:
        return queries.open_upload(viewer=request.user, public_id=public_id)
    except IngestRun.DoesNotExist as error:
        raise Http404 from error


def own_upload(request: SignedInRequest, public_id: UUID) -> IngestRun:
    """The person's own upload, finished or not, or 404."""
    try:
        return queries.own_upload(viewer=request.user, public_id=public_id)
    except IngestRun.DoesNotExist as error:
        raise Http404 from error


def is_open(request: SignedInRequest, run: IngestRun) -> bool:
    return queries.unfinished_uploads(viewer=request.user).filter(pk=run.pk).exists()


def judge_if_closed(request: SignedInRequest, run: IngestRun) -> None:
    """A delivery that was cancelled while it took files in was closed without their series."""
    if not is_open(request, run):
        actions.judge_series_left_over(at=timezone.now())


def door_of(run: IngestRun, request: SignedInRequest) -> Door:
    return Door(run=run, by=request.user, intake=shared_intake(clock=timezone.now))


def urls_of(run: IngestRun) -> dict[str, str]:
    return {
        name: reverse(f"imaging:{view}", args=[run.public_id])
        for name, view in (
            ("files", "upload-files"),
            ("parts", "upload-parts"),
            ("state", "upload-state"),
            ("finish", "upload-finish"),
            ("page", "run-detail"),
        )
    }


def memory_key(run: IngestRun) -> str:
    """The key under which the browser remembers which file had which place.

    The browser keeps hashes made with it and not the key, so that nobody who finds the computer can
    tell from them what the files were called.
    """
    return salted_hmac("imaging.upload", str(run.public_id), algorithm="sha256").hexdigest()
