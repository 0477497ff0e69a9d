"""One question to a registered archive over HTTP: the checked address, no detours, bounded.

The standard library's client is used as it does little by itself: it follows no redirect, asks no
proxy, keeps no cookie and unpacks nothing.
"""

import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus

from imaging.dicomweb.endpoint import Endpoint, IPAddress

SILENCE_SECONDS = 30.0
LONGEST_BEGIN_SECONDS = 60.0
LONGEST_SECONDS = 4 * 3600.0
"""Until an answer begins, and until it has ended; without them an archive could keep us busy with
interim answers or single bytes for ever."""
SLOWEST_BYTES_PER_SECOND = 256 * 1024
"""Of what we send: so much longer an answer may take to begin."""
USER_AGENT = "Crescent"
SOUND = frozenset({HTTPStatus.OK, HTTPStatus.NO_CONTENT, HTTPStatus.PARTIAL_CONTENT})


class ArchiveUnreachableError(Exception):
    """No connection, or no permission there; the message says which and what to do."""


class ArchiveAnswerError(Exception):
    """The archive answered, but not what was agreed; the message says what."""


@dataclass(frozen=True, repr=False)
class Credentials:
    """What the archive wants to see: `name:password`, or a token."""

    authentication: str
    secret: str = ""

    @property
    def headers(self) -> dict[str, str]:
        if self.authentication == "basic":
            return {"Authorization": "Basic " + base64.b64encode(self.secret.encode()).decode()}
        if self.authentication == "bearer":
            return {"Authorization": f"Bearer {self.secret}"}
        return {}


@dataclass(frozen=True)
class Body:
    """What is sent with a question, which makes it a POST."""

    content_type: str
    length: int
    chunks: Iterable[bytes]


class ArchiveAnswer:
    """The body of an answer, read in pieces."""

    def __init__(
        self, response: http.client.HTTPResponse, *, most_bytes: int, hung_up: threading.Event
    ) -> None:
        self.content_type = response.getheader("Content-Type") or ""
        self._hung_up = hung_up
        self._response = response
        self._most_bytes = most_bytes
        self._received = 0

    def read(self, size: int) -> bytes:
        """At most so many bytes; none once the answer has ended.

        Raises
        ------
        ArchiveAnswerError
        """
        try:
            chunk = self._response.read1(size)
        except (OSError, http.client.HTTPException) as error:
            raise ArchiveAnswerError("The archive's answer broke off or takes too long.") from error
        self._received += len(chunk)
        if self._received > self._most_bytes:
            raise ArchiveAnswerError("The archive's answer is larger than the limit.")
        if not chunk and (self._response.length or self._hung_up.is_set()):
            raise ArchiveAnswerError("The archive's answer broke off or takes too long.")
        return chunk


@contextmanager
def answer_to(
    target: str,
    *,
    endpoint: Endpoint,
    addresses: list[IPAddress],
    credentials: Credentials,
    accept: str,
    most_bytes: int,
    tls: ssl.SSLContext | None = None,
    body: Body | None = None,
    statuses: Collection[int] = SOUND,
    longest_seconds: float | None = None,
) -> Iterator[ArchiveAnswer]:
    """Ask for `target` below the endpoint, or send a body to it.

    Parameters
    ----------
    addresses
        Checked addresses of the endpoint's host; the name is not looked up again.
    tls
        Whom to trust; the certificate authorities of the system by default.
    statuses
        Those of an answer that was agreed.
    longest_seconds
        How long the answer may take from its begin to its end; None: as long as any.

    Raises
    ------
    ArchiveUnreachableError, ArchiveAnswerError
    """
    connection = http.client.HTTPConnection(endpoint.host, endpoint.port, timeout=SILENCE_SECONDS)
    try:
        connection.sock = connected = _connected(endpoint, addresses, tls)
        headers = {
            "Host": endpoint.host_header,
            "Accept": accept,
            "Accept-Encoding": "identity",
            "User-Agent": USER_AGENT,
            **credentials.headers,
        }
        begin_seconds = LONGEST_BEGIN_SECONDS
        if body is not None:
            headers |= {"Content-Type": body.content_type, "Content-Length": str(body.length)}
            begin_seconds += body.length / SLOWEST_BYTES_PER_SECOND
        try:
            with _at_most(begin_seconds, connected):
                connection.request(
                    "POST" if body else "GET",
                    endpoint.path + target,
                    body=body.chunks if body else None,
                    headers=headers,
                )
                response = connection.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ArchiveAnswerError("The archive hung up or does not speak HTTP.") from error
        _require_sound(response, statuses)
        with _at_most(longest_seconds or LONGEST_SECONDS, connected) as hung_up:
            yield ArchiveAnswer(response, most_bytes=most_bytes, hung_up=hung_up)
    finally:
        connection.close()


@contextmanager
def _at_most(seconds: float, connected: socket.socket) -> Iterator[threading.Event]:
    """Hang up when it lasts longer, whatever the archive keeps sending."""
    hung_up = threading.Event()

    def hang_up() -> None:
        hung_up.set()
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield hung_up
    finally:
        timer.cancel()


def _connected(
    endpoint: Endpoint, addresses: list[IPAddress], tls: ssl.SSLContext | None
) -> socket.socket:
    failure: OSError | None = None
    for address in addresses:
        try:
            plain = socket.create_connection((str(address), endpoint.port), SILENCE_SECONDS)
        except OSError as error:
            failure = error
            continue
        if endpoint.scheme != "https":
            return plain
        try:
            context = tls or ssl.create_default_context()
            return context.wrap_socket(plain, server_hostname=endpoint.host)
        except ssl.SSLCertVerificationError as error:
            plain.close()
            raise ArchiveUnreachableError(
                "The archive's certificate is not trusted here, or is that of another machine."
            ) from error
        except OSError as error:
            plain.close()
            failure = error
    raise ArchiveUnreachableError("The archive does not answer.") from failure


def _require_sound(response: http.client.HTTPResponse, statuses: Collection[int]) -> None:
    status = response.status
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise ArchiveUnreachableError(
            "The archive does not accept our credentials. Register it again with the right ones."
        )
    if 300 <= status < 400:
        raise ArchiveAnswerError(
            "The archive sends us elsewhere, where we do not go. Register its final address."
        )
    if status not in statuses:
        raise ArchiveAnswerError(f"The archive answered with status {status}.")
    if (response.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise ArchiveAnswerError("The archive packed its answer, which was not asked for.")
