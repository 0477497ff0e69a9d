"""WADO-RS: pictures for a screen (PS3.18 10.4.1.1.3, 10.4.1.1.4)."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from imaging.archive.configured import configured_archive
from imaging.dicom.rendering import Rendering
from imaging.dicomweb.readers import Reader
from imaging.dicomweb.refusal import not_acceptable
from imaging.dicomweb.rendering_parameters import rendering
from imaging.ingest.pool import shared_pool
from imaging.ingest.stored_images import rendered
from imaging.queries import dicomweb_objects
from imaging.queries.dicomweb_objects import RetrievedInstance
from imaging.views.dicomweb_view import (
    CHECKED_EACH_TIME,
    IMMUTABLE,
    DicomwebView,
    accept_of,
    kept,
    note_retrieval,
    unchanged,
)
from imaging.views.wado_frames import frame_numbers

PICTURE_FORMAT = 1
"""Goes up when the same image is drawn differently from now on."""

ONE_AT_A_TIME = "One picture is given at a time: name one frame."


class Rendered(DicomwebView):
    """A picture of an instance or of one of its frames; of several frames the middle one."""

    thumbnail = False

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        listed = uids.pop("frame_list", None)
        instance = dicomweb_objects.instance(viewer=reader.viewer, **uids)
        index = instance.frames // 2
        if listed is not None:
            frames = frame_numbers(listed, instance)
            if len(frames) > 1:
                raise not_acceptable(ONE_AT_A_TIME)
            index = frames[0] - 1
        return _picture(
            request, reader, instance, index=index, thumbnail=self.thumbnail, lasting=True
        )


class Thumbnail(Rendered):
    """The same in small."""

    thumbnail = True


class MiddleThumbnail(DicomwebView):
    """What stands for a study or a series in small; another one when more arrives."""

    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        instance = dicomweb_objects.middle_instance(viewer=reader.viewer, **uids)
        return _picture(
            request,
            reader,
            instance,
            index=instance.frames // 2,
            thumbnail=True,
            lasting=False,
        )


def _picture(
    request: HttpRequest,
    reader: Reader,
    instance: RetrievedInstance,
    *,
    index: int,
    thumbnail: bool,
    lasting: bool,
) -> HttpResponseBase:
    wanted = rendering(
        request.GET,
        accept=accept_of(request),
        rows=instance.attributes["rows"] or 1,
        columns=instance.attributes["columns"] or 1,
        thumbnail=thumbnail,
    )
    etag = _etag(instance, index, wanted)
    cache_control = IMMUTABLE if lasting else CHECKED_EACH_TIME
    response = unchanged(request, etag)
    if response is None:
        note_retrieval(reader, instance.study)
        content = rendered(
            instance,
            index=index,
            rendering=wanted,
            archive=configured_archive(),
            pool=shared_pool(),
        )
        response = HttpResponse(content, content_type=wanted.media_type)
    return kept(response, etag=etag, cache_control=cache_control)


def _etag(instance: RetrievedInstance, index: int, wanted: Rendering) -> str:
    named = f"{PICTURE_FORMAT} {instance.stored_sha256} {index} {wanted}"
    return f'"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'
