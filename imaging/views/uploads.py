"""Upload images from the browser, through the same door as every other way in."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views import View

from imaging import actions, queries
from imaging.actions import StaleBatchError
from imaging.archive.configured import configured_archive
from imaging.archive.errors import ArchiveError
from imaging.ingest.arrival import Arrival, Ignored
from imaging.ingest.door import Door
from imaging.ingest.names import is_ignored, printable
from imaging.ingest.pool import shared_pool
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.reasons import ALL_REASONS
from imaging.ingest.recovery import before_run
from imaging.models import IngestedFile, IngestRun
from imaging.views.request import SignedInRequest

UNAVAILABLE = (DatabaseError, StaleBatchError, ReadingProcessUnavailableError, OSError)
NOT_STORED = (
    "The files could not be stored just now. Files already listed as stored are safe. Send the "
    "others again in a minute; if that fails, tell the administrator."
)

POSITIONS_WRONG = (
    "Each file needs a position: a whole number from 1 that no other file of the upload has."
)
MOST_POSITIONS = 1_000_000
LONGEST_POSITION = len(str(MOST_POSITIONS))


class UploadNew(View):
    """The page with the drop zone; without JavaScript a plain form that uploads at once."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: SignedInRequest) -> HttpResponse:
        files = request.FILES.getlist("files")
        if not files:
            return self._page(request, error="No file was chosen.")
        run = _start(request)
        try:
            _take_in(request, run, files, positions=range(1, len(files) + 1))
            actions.finish_run(run=run, by=request.user, at=timezone.now())
        except (ArchiveError, *UNAVAILABLE):
            # The page of the delivery says what is safe and that it is not finished.
            return redirect("imaging:run-detail", public_id=run.public_id)
        return redirect("imaging:run-detail", public_id=run.public_id)

    @staticmethod
    def _page(request: SignedInRequest, *, error: str = "") -> HttpResponse:
        centre_codes = sorted(request.user.centre_codes(queries.ADD_STUDY))
        if not centre_codes:
            raise Http404
        return TemplateResponse(
            request,
            "imaging/upload_new.html",
            {"centre_codes": centre_codes, "error": error},
            status=HTTPStatus.BAD_REQUEST if error else HTTPStatus.OK,
        )


class UploadCreate(View):
    """Open an upload to a centre."""

    def post(self, request: SignedInRequest) -> HttpResponse:
        run = _start(request)
        urls = {
            name: reverse(f"imaging:{view}", args=[run.public_id])
            for name, view in (
                ("files", "upload-files"),
                ("finish", "upload-finish"),
                ("page", "run-detail"),
            )
        }
        return JsonResponse({"run": str(run.public_id), "urls": urls}, status=HTTPStatus.CREATED)


class UploadFiles(View):
    """Take in some files of an upload; sent twice, they are answered as the first time."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = _open_upload(request, public_id)
        files = request.FILES.getlist("files")
        positions = _positions(request.POST.getlist("position"))
        if not files or len(files) != len(positions):
            return JsonResponse({"error": POSITIONS_WRONG}, status=HTTPStatus.BAD_REQUEST)
        try:
            rows, ignored = _take_in(request, run, files, positions=positions)
        except ArchiveError as error:
            return JsonResponse({"error": str(error)}, status=HTTPStatus.INSUFFICIENT_STORAGE)
        except UNAVAILABLE:
            return JsonResponse({"error": NOT_STORED}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return JsonResponse({"files": [_as_json(row) for row in rows], "ignored": ignored})


class UploadFinish(View):
    """Close an upload, judge its series, count its files; sent twice, the answer is the same."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        try:
            run = queries.own_upload(viewer=request.user, public_id=public_id)
        except IngestRun.DoesNotExist as error:
            raise Http404 from error
        run = actions.finish_run(run=run, by=request.user, at=timezone.now())
        page = reverse("imaging:run-detail", args=[run.public_id])
        if request.accepts("text/html"):
            return redirect(page)
        return JsonResponse(
            {
                "counts": queries.counts(viewer=request.user, run=run),
                "studies": [str(study) for study in queries.studies_of_run(run)],
                "page": page,
            }
        )


def _start(request: SignedInRequest) -> IngestRun:
    centre_code = request.POST.get("centre_code", "")
    if centre_code not in request.user.centre_codes(queries.ADD_STUDY):
        raise Http404
    before_run(archive=configured_archive(), clock=timezone.now)
    return actions.start_run(
        centre_code=centre_code,
        source=IngestRun.Source.UPLOAD,
        by=request.user,
        at=timezone.now(),
    )


def _open_upload(request: SignedInRequest, public_id: UUID) -> IngestRun:
    try:
        return queries.open_upload(viewer=request.user, public_id=public_id)
    except IngestRun.DoesNotExist as error:
        raise Http404 from error


def _positions(texts: list[str]) -> list[int]:
    """The positions, or none when any of them is wrong."""
    positions = [
        int(text)
        for text in texts
        if text.isascii() and text.isdecimal() and len(text) <= LONGEST_POSITION
    ]
    sound = len(set(positions)) == len(texts) and all(
        1 <= position <= MOST_POSITIONS for position in positions
    )
    return positions if sound else []


def _take_in(
    request: SignedInRequest,
    run: IngestRun,
    files: Sequence[Any],
    *,
    positions: Sequence[int],
) -> tuple[list[IngestedFile], list[int]]:
    for file in files:
        if file.fault is not None:
            raise file.fault
    door = Door(
        run=run,
        by=request.user,
        clock=timezone.now,
        pool=shared_pool(),
        archive=configured_archive(),
    )
    arrivals = [
        Ignored(position=position)
        if is_ignored(file.name or "")
        else Arrival(
            position=position,
            name=printable(file.name or ""),
            source=file.path,
            ours=True,
            size_bytes=file.size or 0,
        )
        for file, position in zip(files, positions, strict=True)
    ]
    rows = list(door.take_in(arrivals))
    actions.count_ignored(run=run, count=len(door.ignored))
    return rows, door.ignored


def _as_json(row: IngestedFile) -> dict[str, Any]:
    reason = ALL_REASONS.get(row.reason_code)
    return {
        "position": row.position,
        "entry": row.entry,
        "result": row.result,
        "reason_code": row.reason_code,
        "reason": reason.sentence if reason else "",
        "remedy": reason.remedy if reason else "",
    }
