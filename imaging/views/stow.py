"""STOW-RS: others store images here (PS3.18 10.5)."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from imaging import actions
from imaging.actions import StaleBatchError
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import (
    ArchiveError,
    QuotaExceededError,
    StorageFaultError,
    StorageFullError,
)
from imaging.dicom.acceptance import check_uid
from imaging.dicom.claimed_uids import ClaimedUids
from imaging.dicom.errors import DicomError
from imaging.dicomweb import store_response
from imaging.dicomweb.incoming_parts import IncomingParts
from imaging.dicomweb.media_types import (
    DICOM_JSON,
    DICOM_XML,
    LONGEST_BOUNDARY,
    MediaType,
    MediaTypeError,
)
from imaging.dicomweb.multipart import Multipart, MultipartError, MultipartTooLargeError
from imaging.dicomweb.peer_tokens import (
    ForbiddenError,
    NotAuthorisedError,
    NotSignedInError,
    TooManyWrongTokensError,
)
from imaging.dicomweb.request_body import (
    BodyError,
    BodyLengthMissingError,
    BodyTooLargeError,
    RequestBody,
)
from imaging.dicomweb.senders import Sender, sender_of
from imaging.ingest.intake import shared_intake
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.recovery import once_in_process
from imaging.models import IngestRun

UNAVAILABLE = (ArchiveError, DatabaseError, StaleBatchError, ReadingProcessUnavailableError)
NOT_STORED = (
    "The images could not be stored just now. Send all of them again in a minute: what is stored "
    "already is recognised. If that fails, tell the administrator."
)
STORED_BEFORE = " Of this request {stored} instances were stored before that."
RETRY_AFTER_SECONDS = 60

NO_SUCH_TYPE = 'Send multipart/related; type="application/dicom" with a boundary.'
NO_ENCODING = "Send the body as it is, without Content-Encoding."
NO_SUCH_ANSWER = "The answer comes as application/dicom+json or application/dicom+xml."
NO_BOUNDARY = (
    f"The boundary has 1 to {LONGEST_BOUNDARY} characters of those that RFC 2046 5.1.1 allows."
)
NO_STUDY = "The address does not end with a Study Instance UID."
NO_PART = "The body has no part."

_STATUS_BY_ERROR: dict[type[Exception], HTTPStatus] = {
    BodyLengthMissingError: HTTPStatus.LENGTH_REQUIRED,
    BodyTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    MultipartTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NotSignedInError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    TooManyWrongTokensError: HTTPStatus.TOO_MANY_REQUESTS,
    StorageFullError: HTTPStatus.INSUFFICIENT_STORAGE,
    QuotaExceededError: HTTPStatus.INSUFFICIENT_STORAGE,
}


class _RefusedError(Exception):
    """The request is refused before anything of it is read."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@method_decorator([csrf_exempt, login_not_required], name="dispatch")
class StoreInstances(View):
    """Store the parts of one request; `senders` decides who may, cookies need their CSRF token."""

    def post(self, request: HttpRequest, study_instance_uid: str = "") -> HttpResponse:
        try:
            answer_type = _answer_type(request)
            boundary = _boundary(request)
            expected = _expected(study_instance_uid)
            sender = sender_of(request)
            with RequestBody(request.META) as body:
                response = _store(
                    Multipart(body.read, boundary=boundary),
                    sender=sender,
                    expected=expected,
                    answer_type=answer_type,
                )
                body.discard()
                return response
        except _RefusedError as error:
            return _sentence(error.status, str(error))
        except (NotAuthorisedError, BodyError) as error:
            return _sentence(_status(error), str(error))


def _store(
    multipart: Multipart, *, sender: Sender, expected: ClaimedUids | None, answer_type: str
) -> HttpResponse:
    archive = configured_archive()
    outcomes: list[store_response.Outcome] = []
    try:
        once_in_process(
            archive=archive, partial_files=configured_partial_files(), clock=timezone.now
        )
        run = actions.start_run(
            centre_code=sender.centre_code,
            source=IngestRun.Source.STOW,
            by=sender.person,
            at=timezone.now(),
            peer=sender.peer,
        )
        incoming = IncomingParts(
            run=run,
            by=sender.person,
            intake=shared_intake(clock=timezone.now),
            archive=archive,
            expected=expected,
        )
        outcomes = incoming.outcomes
        try:
            incoming.take_in(multipart)
        finally:
            actions.finish_run(run=run, by=sender.person, at=timezone.now())
    except (MultipartError, BodyError) as error:
        stored = sum(outcome.is_stored for outcome in outcomes)
        return _sentence(_status(error), str(error) + STORED_BEFORE.format(stored=stored))
    except (StorageFaultError, QuotaExceededError) as error:
        return _unavailable(error, str(error))
    except UNAVAILABLE as error:
        return _unavailable(error, NOT_STORED)
    if not outcomes:
        return _sentence(HTTPStatus.BAD_REQUEST, NO_PART)
    response = store_response.data_set(outcomes)
    write = store_response.as_xml if answer_type == DICOM_XML else store_response.as_json
    return HttpResponse(
        write(response),
        content_type=answer_type,
        status=store_response.status(outcomes),
    )


def _answer_type(request: HttpRequest) -> str:
    preferred = request.get_preferred_type([DICOM_JSON, DICOM_XML])
    if preferred is None and not request.accepts("application/json"):
        raise _RefusedError(HTTPStatus.NOT_ACCEPTABLE, NO_SUCH_ANSWER)
    return preferred or DICOM_JSON


def _boundary(request: HttpRequest) -> bytes:
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, NO_ENCODING)
    try:
        media_type = MediaType.parse(request.headers.get("Content-Type", ""))
    except MediaTypeError as error:
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, NO_SUCH_TYPE) from error
    if not media_type.is_dicom_parts:
        raise _RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, NO_SUCH_TYPE)
    try:
        return media_type.boundary
    except MediaTypeError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, NO_BOUNDARY) from error


def _expected(study_instance_uid: str) -> ClaimedUids | None:
    """What the address says of every part; None where it says nothing."""
    if not study_instance_uid:
        return None
    try:
        check_uid((study_instance_uid,), tag=0x0020000D, required=True)
    except DicomError as error:
        raise _RefusedError(HTTPStatus.BAD_REQUEST, NO_STUDY) from error
    return ClaimedUids(study_instance_uid=study_instance_uid)


def _status(error: Exception, *, otherwise: HTTPStatus = HTTPStatus.BAD_REQUEST) -> HTTPStatus:
    by_kind = (status for kind, status in _STATUS_BY_ERROR.items() if isinstance(error, kind))
    return next(by_kind, otherwise)


def _unavailable(error: Exception, sentence: str) -> HttpResponse:
    status = _status(error, otherwise=HTTPStatus.SERVICE_UNAVAILABLE)
    response = _sentence(status, sentence)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _sentence(status: HTTPStatus, sentence: str) -> HttpResponse:
    response = HttpResponse(sentence + "\n", content_type="text/plain", status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="Crescent", Basic realm="Crescent"'
    return response
