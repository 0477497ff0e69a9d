"""Large files of an upload, part by part.

`POST parts` begins a file, `PUT parts/<position>` adds a part, `GET` says where the next one has to
begin, `POST parts/<position>/take-in` sends the whole file through the door and answers line by
line. Each may be sent again: a lost answer costs nothing but its repetition.
"""

import itertools
import json
from collections.abc import Generator, Iterator
from contextlib import closing
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    StreamingHttpResponse,
    UnreadablePostError,
)
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from imaging import actions, queries
from imaging.archive.configured import configured_partial_files
from imaging.archive.errors import ArchiveError
from imaging.archive.partial_files import FileInUseError, PartialFiles, WrongOffsetError
from imaging.ingest.arrival import Arrival
from imaging.ingest.names import is_ignored, printable
from imaging.ingest.quota import require_upload_quota
from imaging.ingest.upload_handler import MAX_UPLOADED_BYTES
from imaging.models import PartialUpload
from imaging.views.file_answers import NOT_STORED, UNAVAILABLE, file_answer
from imaging.views.request import SignedInRequest
from imaging.views.upload_runs import door_of, is_open, judge_if_closed, open_upload
from imaging.views.uploads import MOST_POSITIONS

MAX_PART_BYTES = 16 * 1024 * 1024
"""A part is held in memory until it is whole, so that a slow sender holds nothing else."""
READ_BYTES = 1024 * 1024
ROWS_BETWEEN_LOOKS = 64
"""So often the door asks whether the upload was cancelled meanwhile."""

NOT_BEGUN = _("A file is begun with its position, its name and its size in bytes.")
OTHER_FILE = _("Another file was begun at this position. Choose the same file again.")
TOO_LARGE = f"The file is larger than {MAX_UPLOADED_BYTES // 1024**3} GiB. Send the folder instead."
PART_WRONG = (
    f"A part needs the header Upload-Offset and a Content-Length from 1 to {MAX_PART_BYTES}."
)
CUT_SHORT = _("The part did not arrive as a whole.")
BUSY = _("Another request is busy with this file.")


class PartialUploadCreate(View):
    """Begin a file, or find out how far it came."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = open_upload(request, public_id)
        position, size_bytes = (_whole(request.POST.get(key)) for key in ("position", "size"))
        name = printable(request.POST.get("name", ""))
        if not name or not size_bytes or not 1 <= position <= MOST_POSITIONS:
            return _refusal(str(NOT_BEGUN), HTTPStatus.BAD_REQUEST)
        if size_bytes > MAX_UPLOADED_BYTES:
            return _refusal(TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        if is_ignored(name):
            actions.count_ignored(run=run, positions=[position])
            return JsonResponse({"ignored": [position]})
        files = configured_partial_files()
        try:
            if not queries.partial_uploads(viewer=request.user, run=run).filter(position=position):
                require_upload_quota(
                    bytes_in_parts=queries.bytes_in_parts(viewer=request.user),
                    new_bytes=size_bytes,
                )
                files.require_room(size_bytes)
            upload = actions.begin_partial_upload(
                run=run,
                position=position,
                name=name,
                size_bytes=size_bytes,
                by=request.user,
                at=timezone.now(),
            )
        except actions.AnotherFileError:
            return _refusal(str(OTHER_FILE), HTTPStatus.CONFLICT)
        except ArchiveError as error:
            return _refusal(str(error), HTTPStatus.INSUFFICIENT_STORAGE)
        return _state(upload, files, status=HTTPStatus.CREATED)


class PartialUploadPart(View):
    """One file: where it stands, and the next part of it."""

    def get(self, request: SignedInRequest, public_id: UUID, position: int) -> HttpResponse:
        return _state(_upload(request, public_id, position), configured_partial_files())

    def put(self, request: SignedInRequest, public_id: UUID, position: int) -> HttpResponse:
        upload = _upload(request, public_id, position)
        files = configured_partial_files()
        offset = _whole(request.headers.get("Upload-Offset"), otherwise=-1)
        length = _whole(request.headers.get("Content-Length"))
        if offset < 0 or not 1 <= length <= MAX_PART_BYTES:
            return _refusal(PART_WRONG, HTTPStatus.BAD_REQUEST)
        if upload.ended_at is not None or offset + length > upload.size_bytes:
            return _state(upload, files, status=HTTPStatus.CONFLICT)
        part = _body(request, length)
        if len(part) != length:
            return _refusal(str(CUT_SHORT), HTTPStatus.SERVICE_UNAVAILABLE)
        try:
            files.append(upload.public_id, offset=offset, part=part)
        except WrongOffsetError:
            return _state(upload, files, status=HTTPStatus.CONFLICT)
        except FileInUseError:
            return _refusal(str(BUSY), HTTPStatus.SERVICE_UNAVAILABLE)
        except ArchiveError as error:
            return _refusal(str(error), HTTPStatus.INSUFFICIENT_STORAGE)
        return _state(upload, files)


class PartialUploadTakeIn(View):
    """Send a whole file through the door: one line of JSON per file in it as soon as it is durable.

    The last line says `done`, or `error` with what to do. Whoever does not get it asks again.
    """

    def post(self, request: SignedInRequest, public_id: UUID, position: int) -> HttpResponseBase:
        upload = _upload(request, public_id, position)
        files = configured_partial_files()
        if upload.ended_at is None and files.length(upload.public_id) != upload.size_bytes:
            return _state(upload, files, status=HTTPStatus.CONFLICT)
        lines = _lines(request, upload, files)
        try:
            first = next(lines)
        except FileInUseError:
            return _refusal(str(BUSY), HTTPStatus.SERVICE_UNAVAILABLE)
        response = StreamingHttpResponse(
            _as_text(first, lines), content_type="application/x-ndjson"
        )
        response["X-Accel-Buffering"] = "no"  # a proxy would keep the lines back
        return response


def _lines(
    request: SignedInRequest, upload: PartialUpload, files: PartialFiles
) -> Generator[dict[str, Any]]:
    with files.held(upload.public_id):
        yield {"begun": True}
        # Whoever held the file before may have finished.
        upload = queries.partial_upload(
            viewer=request.user, run=upload.run, position=upload.position
        )
        if upload.ended_at is not None:
            files.remove(upload.public_id)
            yield from _recorded(request, upload)
            return
        try:
            yield from _through_the_door(request, upload, files)
        except ArchiveError as error:
            yield {"error": str(error), "status": HTTPStatus.INSUFFICIENT_STORAGE}
        except UNAVAILABLE:
            yield {"error": NOT_STORED, "status": HTTPStatus.SERVICE_UNAVAILABLE}


def _through_the_door(
    request: SignedInRequest, upload: PartialUpload, files: PartialFiles
) -> Iterator[dict[str, Any]]:
    run = upload.run
    door = door_of(run, request)
    arrival = Arrival(
        position=upload.position,
        name=upload.name or "",
        source=files.path(upload.public_id),
        ours=True,
        size_bytes=upload.size_bytes,
    )
    rows = door.take_in([arrival])
    for number, row in enumerate(rows, start=1):
        yield file_answer(row)
        if number % ROWS_BETWEEN_LOOKS == 0 and not is_open(request, run):
            break
    cancelled = not is_open(request, run)
    rows.close()
    actions.count_ignored(run=run, positions=door.ignored)
    actions.end_partial_upload(
        upload=upload, taken_in=not cancelled, by=request.user, at=timezone.now()
    )
    files.remove(upload.public_id)
    judge_if_closed(request, run)
    yield {"done": not cancelled, "ignored": door.ignored}


def _recorded(request: SignedInRequest, upload: PartialUpload) -> Iterator[dict[str, Any]]:
    rows = queries.run_files(viewer=request.user, run=upload.run, with_names=False)
    for row in rows.filter(position=upload.position):
        yield file_answer(row)
    yield {
        "done": True,
        "ignored": [upload.position]
        * queries.ignored_at(viewer=request.user, run=upload.run, position=upload.position),
    }


def _as_text(first: dict[str, Any], lines: Generator[dict[str, Any]]) -> Generator[str]:
    # When the sender is gone, what reads and holds the file has to end as well.
    with closing(lines):
        for line in itertools.chain([first], lines):
            yield json.dumps(line) + "\n"


def _upload(request: SignedInRequest, public_id: UUID, position: int) -> PartialUpload:
    run = open_upload(request, public_id)
    try:
        return queries.partial_upload(viewer=request.user, run=run, position=position)
    except PartialUpload.DoesNotExist as error:
        raise Http404 from error


def _body(request: SignedInRequest, length: int) -> bytes:
    part = bytearray()
    try:
        while len(part) < length and (chunk := request.read(min(READ_BYTES, length - len(part)))):
            part += chunk
    except UnreadablePostError:
        pass  # the sender is gone; what came of the part is too little
    return bytes(part)


def _whole(text: str | None, *, otherwise: int = 0) -> int:
    """A whole number that was sent, bounded; anything else counts as not sent."""
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= 15):
        return otherwise
    return int(text)


def _state(
    upload: PartialUpload, files: PartialFiles, *, status: HTTPStatus = HTTPStatus.OK
) -> JsonResponse:
    offset = files.length(upload.public_id) if upload.ended_at is None else upload.size_bytes
    return JsonResponse(
        {
            "position": upload.position,
            "offset": offset,
            "size": upload.size_bytes,
            "ended": upload.ended_at is not None,
        },
        status=status,
    )


def _refusal(sentence: str, status: HTTPStatus) -> JsonResponse:
    return JsonResponse({"error": sentence}, status=status)
