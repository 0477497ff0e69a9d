"""WADO-RS: frames and pixel data (PS3.18 10.4.1.1.6, 10.4.1.1.5)."""

from collections.abc import Iterator
from functools import partial
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from imaging.archive.configured import configured_archive
from imaging.dicomweb.accepted import Accepted, accepted
from imaging.dicomweb.byte_range import ByteRange, byte_range
from imaging.dicomweb.frames_at_hand import GRANT, Grant
from imaging.dicomweb.multipart_answer import MultipartAnswer, OutgoingPart
from imaging.dicomweb.readers import Reader
from imaging.dicomweb.refusal import RefusedError, bad_request, not_acceptable
from imaging.dicomweb.verified_frames import frames_ahead
from imaging.ingest.pool import shared_pool
from imaging.ingest.stored_images import checked_files, chunks, frame, native_frame_bytes
from imaging.queries import dicomweb_objects
from imaging.queries.dicomweb_objects import RetrievedInstance
from imaging.views.dicomweb_view import (
    IMMUTABLE,
    DicomwebView,
    accept_of,
    kept,
    note_retrieval,
    streamed,
    unchanged,
)

OCTETS = "application/octet-stream"
AS_STORED = "*"
PIXEL_DATA = "7FE00010"
LONGEST_LIST = 50_000
READ_WHOLE_UP_TO_BYTES = 4 * 1024 * 1024

TYPE_OF_CODE_STREAM: dict[str, str] = {
    **dict.fromkeys(
        (JPEGBaseline8Bit, JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1), "image/jpeg"
    ),
    **dict.fromkeys((JPEGLSLossless, JPEGLSNearLossless), "image/jls"),
    **dict.fromkeys((JPEG2000Lossless, JPEG2000), "image/jp2"),
    **dict.fromkeys((HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K), "image/jphc"),
    RLELossless: "image/dicom-rle",
}
"""PS3.18 table 8.7.3-5."""

NATIVE = frozenset({ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian})


class Frames(DicomwebView):
    """Frames of an instance by number, from 1; a single one also by itself and by bytes."""

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        listed = uids.pop("frame_list")
        instance = dicomweb_objects.instance(viewer=reader.viewer, **uids)
        frames = frame_numbers(listed, instance)
        return _frames(request, reader, instance, frames)


class PixelData(DicomwebView):
    """All pixels of an instance: as one value where they are uncompressed, else its frames."""

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        instance = dicomweb_objects.instance(viewer=reader.viewer, **uids)
        if native_frame_bytes(instance) is None:
            return _frames(request, reader, instance, list(range(1, instance.frames + 1)))
        return _bytes_of_file(
            request,
            reader,
            instance,
            offset=instance.pixel_offset,
            length=instance.pixel_length,
            name="pixels",
        )


def frame_numbers(listed: str, instance: RetrievedInstance) -> list[int]:
    """The frames of an address, from 1, each once or more.

    Raises
    ------
    RefusedError
        400: no list of numbers; 404: a frame that there is not.
    """
    texts = listed.split(",")
    if len(listed) > LONGEST_LIST or not all(text.isascii() and text.isdecimal() for text in texts):
        raise bad_request("Frames are numbers from 1, separated by commas.")
    frames = [int(text[:9]) for text in texts]
    if not all(1 <= number <= instance.frames for number in frames):
        raise RefusedError(HTTPStatus.NOT_FOUND, f"The image has frames 1 to {instance.frames}.")
    return frames


def _frames(
    request: HttpRequest, reader: Reader, instance: RetrievedInstance, frames: list[int]
) -> HttpResponseBase:
    native = native_frame_bytes(instance)
    if native is not None and len(frames) == 1:
        _grant(request, reader, instance)
        return _bytes_of_file(
            request,
            reader,
            instance,
            offset=instance.pixel_offset + (frames[0] - 1) * native,
            length=native,
            name=f"frame-{frames[0]}",
        )
    chosen, content_type, as_stored = _form(request, instance)
    named = f"{instance.stored_sha256}-{','.join(map(str, frames))}-{as_stored}"
    etag = f'"{named}"' if not chosen.multipart else f'W/"{named}"'
    response = unchanged(request, etag)
    if response is not None:
        return kept(response, etag=etag, cache_control=IMMUTABLE)
    if not chosen.multipart and len(frames) > 1:
        raise not_acceptable("Several frames are given as multipart/related only.")
    note_retrieval(reader, instance.study)
    read = partial(
        frame, instance, as_stored=as_stored, archive=configured_archive(), pool=shared_pool()
    )
    # Asked for before there is a status: what cannot be decoded is said.
    first = read(index=frames[0] - 1)
    if not chosen.multipart:
        response = _part_of(request, first, content_type)
    else:

        def content(place: int, number: int) -> Iterator[bytes]:
            yield first if place == 0 else read(index=number - 1)

        parts = [
            OutgoingPart(content_type, native, partial(content, place, number))
            for place, number in enumerate(frames)
        ]
        answer = MultipartAnswer(chosen.essence, parts)
        response = streamed(iter(answer), content_type=answer.content_type, length=answer.length)
    return kept(response, etag=etag, cache_control=IMMUTABLE)


def _grant(request: HttpRequest, reader: Reader, instance: RetrievedInstance) -> None:
    """Whoever gets this frame may have the others of the series in the same form."""
    chosen, content_type, _ = _form(request, instance)
    if GRANT not in request.META or not chosen.multipart:
        return
    images = dicomweb_objects.instances(
        viewer=reader.viewer,
        study_instance_uid=instance.study.study_instance_uid,
        series_instance_uid=instance.series_instance_uid,
    )
    files = frames_ahead.of_series(
        instance.series_instance_uid,
        images,
        first=instance.sop_instance_uid,
        archive=configured_archive(),
    )
    request.META[GRANT] = Grant(files, chosen.essence, content_type)


def _form(request: HttpRequest, instance: RetrievedInstance) -> tuple[Accepted, str, bool]:
    """The media range that is served, the type of the parts, and whether they are as stored."""
    stored = instance.transfer_syntax_uid
    code_stream = TYPE_OF_CODE_STREAM.get(stored)
    for one in accepted(accept_of(request)):
        named = one.essence if "*" not in one.essence else OCTETS
        chosen = Accepted(named, one.multipart or one.essence == "*/*", one.transfer_syntax)
        wanted = one.transfer_syntax
        if one.covers(OCTETS):
            if wanted in (AS_STORED, stored) or (one.essence == "*/*" and not wanted):
                return chosen, f"{OCTETS}; transfer-syntax={stored}", True
            if wanted in ("", ExplicitVRLittleEndian):
                return chosen, OCTETS, False
        elif code_stream and one.covers(code_stream) and wanted in ("", AS_STORED, stored):
            chosen = Accepted(code_stream, one.multipart, wanted)
            return chosen, f"{code_stream}; transfer-syntax={stored}", True
    raise not_acceptable(
        f"Frames are given as {OCTETS}, alone or in multipart/related, decoded or with "
        f"transfer-syntax=* as they are stored (here {stored}"
        f"{f', {code_stream}' if code_stream else ''})."
    )


def _bytes_of_file(
    request: HttpRequest,
    reader: Reader,
    instance: RetrievedInstance,
    *,
    offset: int,
    length: int,
    name: str,
) -> HttpResponseBase:
    """Uncompressed pixels: a piece of the stored file."""
    chosen, content_type, _ = _form(request, instance)
    etag = f'{"W/" if chosen.multipart else ""}"{instance.stored_sha256}-{name}"'
    response = unchanged(request, etag)
    if response is None:
        note_retrieval(reader, instance.study)
        path = checked_files.path(instance, configured_archive())
        if chosen.multipart:
            part = OutgoingPart(
                content_type, length, partial(chunks, path, offset=offset, length=length)
            )
            answer = MultipartAnswer(chosen.essence, [part])
            response = _sent(answer, length=answer.length, content_type=answer.content_type)
        else:
            wanted = _wanted_range(request, etag, length)
            start, size = (wanted.first, wanted.length) if wanted else (0, length)
            body = chunks(path, offset=offset + start, length=size)
            response = _sent(body, length=size, content_type=content_type)
            _say_range(response, wanted)
    return kept(response, etag=etag, cache_control=IMMUTABLE)


def _sent(body: Any, *, length: int | None, content_type: str) -> HttpResponseBase:
    """At once where it is small: that is quicker than piece by piece."""
    if length is not None and length <= READ_WHOLE_UP_TO_BYTES:
        return HttpResponse(b"".join(body), content_type=content_type)
    return streamed(iter(body), content_type=content_type, length=length)


def _part_of(request: HttpRequest, content: bytes, content_type: str) -> HttpResponseBase:
    wanted = _wanted_range(request, None, len(content))
    shown = content[wanted.first : wanted.last + 1] if wanted else content
    response = HttpResponse(shown, content_type=content_type)
    _say_range(response, wanted)
    return response


def _wanted_range(request: HttpRequest, etag: str | None, length: int) -> ByteRange | None:
    """The Range header, unless If-Range names another version (RFC 9110 13.1.5)."""
    if_range = request.headers.get("If-Range")
    if if_range is not None and if_range != etag:
        return None
    return byte_range(request.headers.get("Range"), size_bytes=length)


def _say_range(response: HttpResponseBase, wanted: ByteRange | None) -> None:
    response["Accept-Ranges"] = "bytes"
    if wanted is not None:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response["Content-Range"] = wanted.content_range
