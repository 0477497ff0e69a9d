"""Upload images from the browser, through the same door as every other way in."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View

from imaging import actions, queries
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import ArchiveError
from imaging.ingest import partial_uploads
from imaging.ingest.arrival import Arrival, Ignored
from imaging.ingest.names import is_ignored, printable
from imaging.ingest.quota import space_left_words
from imaging.ingest.recovery import once_in_process
from imaging.models import IngestedFile, IngestRun
from imaging.views.file_answers import NOT_STORED, UNAVAILABLE, file_answer
from imaging.views.request import SignedInRequest
from imaging.views.upload_runs import (
    door_of,
    judge_if_closed,
    memory_key,
    open_upload,
    own_upload,
    urls_of,
)

POSITIONS_WRONG = _(
    "Each file needs a position: a whole number from 1 that no other file of the upload has."
)
MOST_POSITIONS = 1_000_000
LONGEST_POSITION = len(str(MOST_POSITIONS))
MOST_REFUSED_LISTED = 2000
MOST_UNFINISHED_LISTED = 10


class UploadNew(View):
    """The page with the drop zone; without JavaScript a plain form that uploads at once."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: SignedInRequest) -> HttpResponse:
        files = request.FILES.getlist("files")
        if not files:
            return self._page(request, error=gettext("No file was chosen."))
        try:
            run = _start(request)
        except (ArchiveError, *UNAVAILABLE):
            return self._page(request, error=str(NOT_STORED), status=HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            _take_in(request, run, files, positions=range(1, len(files) + 1))
            actions.finish_run(run=run, by=request.user, at=timezone.now())
        except (ArchiveError, *UNAVAILABLE):
            # The page of the delivery says what is safe and that it is not finished.
            return redirect("imaging:run-detail", public_id=run.public_id)
        return redirect("imaging:run-detail", public_id=run.public_id)

    @staticmethod
    def _page(
        request: SignedInRequest,
        *,
        error: str = "",
        status: HTTPStatus = HTTPStatus.BAD_REQUEST,
    ) -> HttpResponse:
        centre_codes = sorted(request.user.centre_codes(queries.ADD_STUDY))
        if not centre_codes:
            raise Http404
        unfinished = list(queries.unfinished_uploads(viewer=request.user)[:MOST_UNFINISHED_LISTED])
        counts = queries.counts_of_runs(viewer=request.user, page=unfinished)
        return TemplateResponse(
            request,
            "imaging/upload_new.html",
            {
                "centre_codes": centre_codes,
                "error": error,
                "unfinished": [{"run": run, "counts": counts[run.pk]} for run in unfinished],
                "space_words": space_left_words(
                    centre_codes=centre_codes,
                    bytes_in_parts=queries.bytes_in_parts(viewer=request.user),
                ),
            },
            status=status if error else HTTPStatus.OK,
        )


class UploadCreate(View):
    """Open an upload to a centre."""

    def post(self, request: SignedInRequest) -> HttpResponse:
        try:
            run = _start(request)
        except (ArchiveError, *UNAVAILABLE):
            return JsonResponse({"error": NOT_STORED}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return JsonResponse(
            {"run": str(run.public_id), "urls": urls_of(run), "memory_key": memory_key(run)},
            status=HTTPStatus.CREATED,
        )


class UploadState(View):
    """How far an upload has come, so that the page can go on after it was closed."""

    def get(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = own_upload(request, public_id)
        files = configured_partial_files()
        refused = queries.refused_files(viewer=request.user, run=run)
        return JsonResponse(
            {
                "run": str(run.public_id),
                "urls": urls_of(run),
                "memory_key": memory_key(run),
                "centre_code": run.centre_code,
                "finished": run.finished_at is not None,
                "counts": queries.answered_counts(viewer=request.user, run=run),
                "answered": _ranges(queries.answered_positions(viewer=request.user, run=run)),
                "refused": [file_answer(row) for row in refused[:MOST_REFUSED_LISTED]],
                "parts": [
                    {
                        "position": upload.position,
                        "size": upload.size_bytes,
                        "offset": files.length(upload.public_id),
                    }
                    for upload in queries.partial_uploads(viewer=request.user, run=run)
                    if upload.ended_at is None
                ],
            }
        )


class UploadFiles(View):
    """Take in some files of an upload; sent twice, they are answered as the first time."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = open_upload(request, public_id)
        files = request.FILES.getlist("files")
        positions = _positions(request.POST.getlist("position"))
        if not files or len(files) != len(positions):
            return JsonResponse({"error": POSITIONS_WRONG}, status=HTTPStatus.BAD_REQUEST)
        try:
            rows, ignored = _take_in(request, run, files, positions=positions)
            judge_if_closed(request, run)
        except ArchiveError as error:
            return JsonResponse({"error": str(error)}, status=HTTPStatus.INSUFFICIENT_STORAGE)
        except UNAVAILABLE:
            return JsonResponse({"error": NOT_STORED}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        return JsonResponse({"files": [file_answer(row) for row in rows], "ignored": ignored})


class UploadFinish(View):
    """Close an upload, judge its series, count its files; sent twice, the answer is the same.

    What was sent in parts and is not whole is given up: this is how an upload is cancelled, too.
    """

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = own_upload(request, public_id)
        try:
            partial_uploads.give_up(
                run=run, files=configured_partial_files(), by=request.user, at=timezone.now()
            )
            run = actions.finish_run(run=run, by=request.user, at=timezone.now())
        except (ArchiveError, *UNAVAILABLE):
            return JsonResponse({"error": NOT_STORED}, status=HTTPStatus.SERVICE_UNAVAILABLE)
        page = urls_of(run)["page"]
        if request.accepts("text/html"):
            return redirect(page)
        return JsonResponse(
            {
                "counts": queries.counts(viewer=request.user, run=run),
                "studies": [str(study) for study in queries.studies_of_run(run)],
                "patients": queries.patients_of(viewer=request.user, run=run),
                "page": page,
            }
        )


def _start(request: SignedInRequest) -> IngestRun:
    centre_code = request.POST.get("centre_code", "")
    if centre_code not in request.user.centre_codes(queries.ADD_STUDY):
        raise Http404
    once_in_process(
        archive=configured_archive(), partial_files=configured_partial_files(), clock=timezone.now
    )
    return actions.start_run(
        centre_code=centre_code,
        source=IngestRun.Source.UPLOAD,
        by=request.user,
        at=timezone.now(),
    )


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


def _ranges(positions: Iterable[int]) -> list[list[int]]:
    """Runs of whole numbers as pairs of first and last: 5,000 answered files are one pair."""
    ranges: list[list[int]] = []
    for position in sorted(positions):
        if ranges and ranges[-1][1] == position - 1:
            ranges[-1][1] = position
        else:
            ranges.append([position, position])
    return ranges


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
    door = door_of(run, request)
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
    actions.count_ignored(run=run, positions=door.ignored)
    return rows, door.ignored
