"""What all addresses of DICOMweb that are read from have in common."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterator
from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.decorators import method_decorator
from django.views import View

from imaging.actions import study_retrievals
from imaging.archive.errors import ArchiveError
from imaging.dicom.errors import FrameNotDecodableError
from imaging.dicomweb.accepted import accepted
from imaging.dicomweb.media_types import DICOM_JSON
from imaging.dicomweb.peer_tokens import (
    ForbiddenError,
    NotAuthorisedError,
    NotSignedInError,
    TooManyWrongTokensError,
)
from imaging.dicomweb.readers import Reader, reader_of
from imaging.dicomweb.refusal import RefusedError, not_acceptable
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.models import Instance, Series, Study

KEPT_FOR_SECONDS = 3600
IMMUTABLE = f"private, max-age={KEPT_FOR_SECONDS}, immutable"
"""The bytes of an instance never change. An hour, so that an exclusion is felt the same day."""

CHECKED_EACH_TIME = "private, no-cache"

NOT_FOUND = "There is nothing under this address that you may see."
DAMAGED = (
    "The stored image is missing or damaged and is not given out. Tell the administrator: "
    "`manage.py verify_archive` names it, a backup restores it."
)
UNAVAILABLE = "The images cannot be read just now. Try again in a minute."
NOT_IN_THIS_FORM = "The image is stored, but cannot be given in this form: {}."
RETRY_AFTER_SECONDS = 60

_STATUS_BY_ERROR: dict[type[Exception], HTTPStatus] = {
    NotSignedInError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    TooManyWrongTokensError: HTTPStatus.TOO_MANY_REQUESTS,
}

MOST_NOTED = 10_000


@method_decorator(login_not_required, name="dispatch")
class DicomwebView(View, ABC):
    """Finds out who asks, and puts what goes wrong into a status and a sentence."""

    def get(self, request: HttpRequest, **uids: Any) -> HttpResponseBase:
        try:
            reader = reader_of(request)
            response = self.answer(request, reader, **uids)
        except NotAuthorisedError as error:
            response = _not_authorised(request, error)
        except RefusedError as error:
            response = sentence(error.status, str(error))
            for name, value in error.headers.items():
                response[name] = value
        except (Study.DoesNotExist, Series.DoesNotExist, Instance.DoesNotExist):
            response = sentence(HTTPStatus.NOT_FOUND, NOT_FOUND)
        except FrameNotDecodableError as error:
            response = sentence(HTTPStatus.NOT_ACCEPTABLE, NOT_IN_THIS_FORM.format(error))
        except ArchiveError:
            response = sentence(HTTPStatus.BAD_GATEWAY, DAMAGED)
        except (DatabaseError, ReadingProcessUnavailableError):
            response = sentence(HTTPStatus.SERVICE_UNAVAILABLE, UNAVAILABLE)
            response["Retry-After"] = str(RETRY_AFTER_SECONDS)
        patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))
        return response

    @abstractmethod
    def answer(self, request: HttpRequest, reader: Reader, **uids: Any) -> HttpResponseBase:
        """What was asked for, within what the reader may see."""


def sentence(status: HTTPStatus, text: str) -> HttpResponseBase:
    return JsonResponse({"error": text}, status=status)


def accept_of(request: HttpRequest) -> str:
    """The parameter of the address, for whom headers are out of reach, or the header."""
    return request.GET.get("accept") or request.headers.get("Accept", "")


def address_of(request: HttpRequest) -> str:
    """Where the service is, as whoever asks reached it; without a slash at the end."""
    return request.build_absolute_uri(reverse("dicomweb:studies")).removesuffix("/studies")


def require_json(request: HttpRequest) -> None:
    """Raises `RefusedError` where DICOM JSON is not accepted."""
    for one in accepted(accept_of(request)):
        if not one.multipart and (one.covers(DICOM_JSON) or one.covers("application/json")):
            return
    raise not_acceptable("This is given as application/dicom+json.")


def note_retrieval(reader: Reader, study: Study) -> None:
    """Let the history tell that a program fetches the study, before it gets anything."""
    if reader.peer is None:
        return
    now = timezone.now()
    key = (reader.peer.public_id, study.public_id, now.date())
    if key in _noted:
        return
    study_retrievals.note(study=study, peer=reader.peer, at=now)
    _noted[key] = None
    while len(_noted) > MOST_NOTED:
        _noted.popitem(last=False)


_noted: OrderedDict[tuple[UUID, UUID, date], None] = OrderedDict()
"""What this process has noted, so that it need not ask the database for each frame."""


def unchanged(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    """304 where whoever asks has it already."""
    return get_conditional_response(request, etag=etag)


def kept(response: HttpResponseBase, *, etag: str, cache_control: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = cache_control
    return response


def streamed(
    body: Iterator[bytes], *, content_type: str, length: int | None, status: int = 200
) -> HttpResponseBase:
    """Sent while it is read. Without a length it goes in chunks, so a broken one is noticed."""
    response = StreamingHttpResponse(body, content_type=content_type, status=status)
    if length is not None:
        response["Content-Length"] = str(length)
    return response


def _not_authorised(request: HttpRequest, error: NotAuthorisedError) -> HttpResponseBase:
    status = next(code for kind, code in _STATUS_BY_ERROR.items() if isinstance(error, kind))
    response = sentence(status, str(error))
    if status == HTTPStatus.UNAUTHORIZED:
        # A browser would ask for name and password in a window of its own.
        by_browser = "Sec-Fetch-Mode" in request.headers
        basic = "" if by_browser else ', Basic realm="Crescent"'
        response["WWW-Authenticate"] = f'Bearer realm="Crescent"{basic}'
    return response
