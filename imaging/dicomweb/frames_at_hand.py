"""Frames of a series that somebody was let see, given out without asking everything anew.

Who gets one frame of a series asks for the others within milliseconds. Who they are and what they
may see was found out for the first one; it stays true as long as nobody writes to the database,
and is believed for a minute, since sessions end by the clock. Whatever is out of the ordinary goes
the whole way. See docs/adr/0019-frames-at-hand.md.
"""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from imaging.dicomweb.multipart_answer import MultipartAnswer, OutgoingPart
from imaging.dicomweb.verified_frames import OpenFrame, SendFile, VerifiedFrames

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

GRANT = "crescent.grant"
"""Where in the environ of a request a view may leave what it let somebody see; None until then."""

SOCKET = "gunicorn.socket"
"""Where the server leaves the caller's socket; ours can send a file."""

MOST_GRANTS = 64
BELIEVED_SECONDS = 60.0

_FRAME = re.compile(
    r"(/dicom-web/studies/[0-9.]+/series/[0-9.]+)/instances/([0-9.]+)/frames/([0-9]{1,4})"
)
_DECISIVE = (
    "HTTP_AUTHORIZATION", "HTTP_COOKIE", "HTTP_ACCEPT", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_FOR", "HTTP_ORIGIN", "REMOTE_ADDR", "wsgi.url_scheme",
)  # fmt: skip
"""What of a request has a say in its answer, beside its address."""

_CONDITIONS = (
    "QUERY_STRING", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE",
)  # fmt: skip
"""Whoever has one of these is answered the whole way."""

_OK = f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"
_OF_ONE_FRAME = frozenset({"content-type", "content-length", "etag"})


@dataclass(frozen=True, slots=True)
class Grant:
    """What a view let somebody see: frames of a series, in this form.

    Attributes
    ----------
    files
        The frames of the series whose files were found sound.
    media_type, content_type
        Of the answer as it was asked for, and of its parts.
    """

    files: VerifiedFrames
    media_type: str
    content_type: str


@dataclass(frozen=True, slots=True)
class _Given:
    """A grant, with what it depends on and how it was answered."""

    grant: Grant
    version: object
    until: float
    headers: Headers


class _FrameAnswer:
    """The one part of an answer that comes from an open file, and that file's end."""

    def __init__(self, grant: Grant, frame: OpenFrame, send_file: SendFile | None) -> None:
        part = OutgoingPart(grant.content_type, frame.length, partial(frame.pieces, send_file))
        self._answer = MultipartAnswer(grant.media_type, [part])
        self._frame = frame

    @property
    def headers(self) -> Headers:
        return [
            ("Content-Type", self._answer.content_type),
            ("Content-Length", str(self._answer.length)),
        ]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer)

    def close(self) -> None:
        """Called by the server whatever happened (PEP 3333)."""
        self._frame.close()


class FramesAtHand:
    """Stands before the application; gives out what it knows and hands on the rest.

    Parameters
    ----------
    version
        Of the database: another one after anything was written, None where nobody can tell.
    clock
        Seconds that only go on.
    """

    def __init__(
        self,
        application: Application,
        *,
        version: Callable[[], object | None],
        clock: Callable[[], float],
    ) -> None:
        self._application = application
        self._version = version
        self._clock = clock
        self._mutex = threading.Lock()
        self._given: OrderedDict[bytes, _Given] = OrderedDict()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked = _asked(environ)
        version = self._version() if asked else None
        if asked is None or version is None:
            return self._application(environ, start_response)
        key, sop_instance_uid, number = asked
        given = self._valid(key, version)
        file = given.grant.files.get(sop_instance_uid) if given else None
        if given is not None and file is not None and 1 <= number <= file.frames:
            frame = file.open(number - 1)
            if frame is not None:
                send_file = getattr(environ.get(SOCKET), "send_file", None)
                answer = _FrameAnswer(given.grant, frame, send_file)
                etag = frame_etag(file.stored_sha256, number)
                start_response(_OK, [*given.headers, *answer.headers, ("ETag", etag)])
                return answer
        return self._asked_of_application(environ, start_response, key, version)

    def _valid(self, key: bytes, version: object) -> _Given | None:
        with self._mutex:
            given = self._given.get(key)
            if given is None:
                return None
            if given.version == version and self._clock() < given.until:
                self._given.move_to_end(key)
                return given
            del self._given[key]
            return None

    def _asked_of_application(
        self,
        environ: Environ,
        start_response: StartResponse,
        key: bytes,
        version: object,
    ) -> Iterable[bytes]:
        """The whole way; what is granted on it is remembered."""
        until = self._clock() + BELIEVED_SECONDS

        def start(status: str, headers: Headers, *more: Any) -> Any:
            grant = environ.get(GRANT)
            names = {name.lower() for name, _ in headers}
            if grant is not None and status.startswith("200") and "set-cookie" not in names:
                kept = [one for one in headers if one[0].lower() not in _OF_ONE_FRAME]
                with self._mutex:
                    self._given[key] = _Given(grant, version, until, kept)
                    while len(self._given) > MOST_GRANTS:
                        self._given.popitem(last=False)
            return start_response(status, headers, *more)

        environ[GRANT] = None
        return self._application(environ, start)


def _asked(environ: Environ) -> tuple[bytes, str, int] | None:
    """What a grant is remembered by, and which frame of which instance; None: something else."""
    if environ["REQUEST_METHOD"] != "GET" or any(environ.get(name) for name in _CONDITIONS):
        return None
    found = _FRAME.fullmatch(environ.get("PATH_INFO", ""))
    if found is None:
        return None
    series, sop_instance_uid, number = found.groups()
    decisive = repr((series, *(environ.get(name) for name in _DECISIVE)))
    # Hashed, so that no cookie or token is kept in clear.
    return hashlib.sha256(decisive.encode()).digest(), sop_instance_uid, int(number)


def frame_etag(stored_sha256: str, number: int) -> str:
    """Weak, as the boundary of the answer is another one each time."""
    return f'W/"{stored_sha256}-frame-{number}"'
