"""Frames of a series that somebody was let see, given out without asking everything anew.

Who gets one frame of a series asks for the others within milliseconds. Who they are and what they
may see was found out for the first one; it stays true as long as nobody writes to the database,
and is believed for a minute, since sessions end by the clock. A request whose head was read before,
byte for byte but for the image and its frame, is not even read again. Whatever is out of the
ordinary goes the whole way. See docs/adr/0019-frames-at-hand.md.
"""

import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
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
"""Where the server leaves the caller's socket; ours can send a file and knows the head."""

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

_FRAME_BY_HEAD = re.compile(
    rb"GET (/dicom-web/studies/[0-9.]+/series/[0-9.]+)"
    rb"(/instances/([0-9.]+)/frames/([0-9]{1,4})) (HTTP/1\.1\r\n.+\r\n\r\n)",
    re.DOTALL,
)
_MORE_THAN_A_HEAD = (
    "CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_EXPECT", "HTTP_UPGRADE",
)  # fmt: skip
"""Of a request with one of these the head is not all, so it is not remembered by its head."""

_OK = f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"
_OF_ONE_FRAME = frozenset({"content-type", "content-length", "etag"})
"""The headers that differ from frame to frame; every answer has them."""


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


class _Given:
    """A grant, with what it depends on and how it was answered."""

    def __init__(self, grant: Grant, version: object, until: float, headers: Headers) -> None:
        self._grant = grant
        self.version = version
        self.until = until
        self._headers = headers
        self._lines = "".join(_line(name, value) for name, value in headers) + "\r\n"

    def answer(self, sop_instance_uid: str, number: int) -> "FrameAnswer | None":
        """To be closed again; None where the whole way has to be gone."""
        file = self._grant.files.get(sop_instance_uid)
        if file is None or not 1 <= number <= file.frames:
            return None
        frame = file.open(number - 1)
        if frame is None:
            return None
        part = OutgoingPart(self._grant.content_type, frame.length, lambda: iter(()))
        body = MultipartAnswer(self._grant.media_type, [part])
        own = {
            "content-type": body.content_type,
            "content-length": str(body.length),
            "etag": frame_etag(file.stored_sha256, number),
        }
        before, after = body
        return FrameAnswer(self._headers, self._lines, own, before, frame, after)


@dataclass(slots=True)
class FrameAnswer:
    """A frame in an open file, what stands around it, and its headers."""

    _headers: Headers
    _lines: str
    _own: dict[str, str]
    before: bytes
    frame: OpenFrame
    after: bytes
    send_file: SendFile | None = None

    @property
    def headers(self) -> Headers:
        return [(name, self._own.get(name.lower(), value)) for name, value in self._headers]

    @property
    def head(self) -> bytes:
        """The headers as they are sent (RFC 9112 5), and what stands before the frame."""
        return (self._lines % self._own).encode("latin-1") + self.before

    def __iter__(self) -> Iterator[bytes]:
        yield self.before
        yield from self.frame.pieces(self.send_file)
        yield self.after

    def close(self) -> None:
        """Called by the server whatever happened (PEP 3333)."""
        self.frame.close()


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
        self._given_by_head: OrderedDict[bytes, _Given] = OrderedDict()

    def at_once(self, head: bytes, address: str) -> FrameAnswer | None:
        """What a request with this head gets, if it is known; to be closed again.

        The status is 200, and the connection is kept.

        Parameters
        ----------
        head
            All of the request, as it came.
        address
            Of whoever is at the other end of the connection.
        """
        asked = _asked_by_head(head, address)
        if asked is None:
            return None
        key, _, sop_instance_uid, number = asked
        given = self._valid(self._given_by_head, key, self._version())
        return given.answer(sop_instance_uid, number) if given else None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        asked = _asked(environ)
        version = self._version() if asked else None
        if asked is None or version is None:
            return self._application(environ, start_response)
        key, sop_instance_uid, number = asked
        given = self._valid(self._given, key, version)
        answer = given.answer(sop_instance_uid, number) if given else None
        if given is None or answer is None:
            return self._asked_of_application(environ, start_response, key, version)
        self._remember_head(environ, given)
        answer.send_file = getattr(environ.get(SOCKET), "send_file", None)
        start_response(_OK, answer.headers)
        return answer

    def _valid(
        self, known: OrderedDict[bytes, _Given], key: bytes, version: object | None
    ) -> _Given | None:
        with self._mutex:
            given = known.get(key)
            if given is None:
                return None
            if given.version == version and self._clock() < given.until:
                known.move_to_end(key)
                return given
            del known[key]
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
            written = start_response(status, headers, *more)
            grant = environ.get(GRANT)
            names = {name.lower() for name, _ in headers}
            own_alone = names >= _OF_ONE_FRAME and "set-cookie" not in names
            if grant is not None and status == _OK and own_alone:
                given = _Given(grant, version, until, list(headers))
                self._remember(self._given, key, given)
                self._remember_head(environ, given)
            return written

        environ[GRANT] = None
        return self._application(environ, start)

    def _remember_head(self, environ: Environ, given: _Given) -> None:
        """So that a request which differs from this one in its image alone need not be read."""
        head = getattr(environ.get(SOCKET), "request_head", b"")
        asked = _asked_by_head(head, environ.get("REMOTE_ADDR", ""))
        if (
            asked is not None
            and asked[1] == environ["PATH_INFO"]
            and environ.get("HTTP_CONNECTION", "keep-alive").lower() == "keep-alive"
            and not any(name in environ for name in _MORE_THAN_A_HEAD)
        ):
            self._remember(self._given_by_head, asked[0], given)

    def _remember(self, known: OrderedDict[bytes, _Given], key: bytes, given: _Given) -> None:
        with self._mutex:
            known[key] = given
            known.move_to_end(key)
            while len(known) > MOST_GRANTS:
                known.popitem(last=False)


def _line(name: str, value: str) -> str:
    """A header as it is sent, with a gap where it differs from frame to frame."""
    own = name.lower() in _OF_ONE_FRAME
    return f"{name}: %({name.lower()})s\r\n" if own else f"{name}: {value}\r\n".replace("%", "%%")


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


def _asked_by_head(head: bytes, address: str) -> tuple[bytes, str, str, int] | None:
    """What a grant is remembered by, the path, and which frame of which instance.

    Bytes that were read before are read the same way again. So those of the image and its frame
    are left out, and where they stand only digits and points can.
    """
    found = _FRAME_BY_HEAD.fullmatch(head)
    if found is None:
        return None
    series, image, sop_instance_uid, number, rest = found.groups()
    decisive = b"\0".join((address.encode(), series, rest))
    path = (series + image).decode()
    return hashlib.sha256(decisive).digest(), path, sop_instance_uid.decode(), int(number)


def frame_etag(stored_sha256: str, number: int) -> str:
    """Weak, as the boundary of the answer is another one each time."""
    return f'W/"{stored_sha256}-frame-{number}"'
