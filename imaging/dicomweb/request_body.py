"""The body of a request as it comes from the network: bounded in size and in patience."""

import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from gunicorn.http.errors import ParseException

MAX_BODY_BYTES = 20 * 1024**3
MOST_DISCARDED_BYTES = 64 * 1024**2
DISCARDED_AT_ONCE_BYTES = 256 * 1024
PATIENCE_SECONDS = 30.0
"""How long one piece of at most `READ_BYTES` may take: a sender of a byte now and then is let go
after once or twice this time, and does not keep others waiting."""


class BodyError(Exception):
    """The body cannot be read to its end; the message says why."""


class BodyLengthMissingError(BodyError):
    """Nothing says where the body ends."""


class BodyTooLargeError(BodyError):
    """The body is larger than the limit."""


class BodyBrokenOffError(BodyError):
    """The sender went away, fell silent or broke the rules of chunks."""


class RequestBody:
    """Reads what Django leaves alone: `request.body` would hold it all in memory.

    Parameters
    ----------
    environ
        The request as WSGI describes it (PEP 3333). Without a length the server itself must know
        where the body ends (`wsgi.input_terminated`), as it does for chunks.
    patience_seconds
        See `PATIENCE_SECONDS`; kept where the server gives its socket along.

    Raises
    ------
    BodyLengthMissingError, BodyTooLargeError
    """

    def __init__(
        self, environ: Mapping[str, Any], *, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._input = environ["wsgi.input"]
        self._socket: socket.socket | None = environ.get("gunicorn.socket")
        self._patience_seconds = patience_seconds
        self._left = _declared_length(environ)
        self._received = 0
        self._asked_at: float | None = None
        self._done = threading.Event()
        if self._left is not None and self._left > MAX_BODY_BYTES:
            raise BodyTooLargeError(_TOO_LARGE)
        if self._left is None and not environ.get("wsgi.input_terminated"):
            raise BodyLengthMissingError("Send a Content-Length, or send in chunks.")

    def __enter__(self) -> Self:
        if self._socket is not None:
            threading.Thread(target=self._watch, daemon=True, name="request-body").start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._done.set()

    def read(self, size: int) -> bytes:
        """At most so many bytes; none once the body has ended.

        Raises
        ------
        BodyTooLargeError, BodyBrokenOffError
        """
        wanted = size if self._left is None else min(size, self._left)
        if wanted == 0:
            return b""
        self._asked_at = time.monotonic()
        try:
            chunk: bytes = self._input.read(wanted)
        except (OSError, ParseException) as error:
            raise BodyBrokenOffError(_BROKEN_OFF) from error
        finally:
            self._asked_at = None
        self._received += len(chunk)
        if self._received > MAX_BODY_BYTES:
            raise BodyTooLargeError(_TOO_LARGE)
        if self._left is not None:
            if not chunk:
                raise BodyBrokenOffError(_BROKEN_OFF)
            self._left -= len(chunk)
        return chunk

    def discard(self) -> None:
        """Read on for a while: a sender that is still sending would not hear why it is refused."""
        end = self._received + MOST_DISCARDED_BYTES
        with suppress(BodyError):
            while self._received < end and self.read(DISCARDED_AT_ONCE_BYTES):
                pass

    def _watch(self) -> None:
        """End the wait for a piece that does not come; what waits is the server's own loop."""
        assert self._socket is not None
        while not self._done.wait(self._patience_seconds):
            asked_at = self._asked_at
            if asked_at is not None and time.monotonic() - asked_at > self._patience_seconds:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RD)
                return


_TOO_LARGE = f"The body exceeds {MAX_BODY_BYTES // 1024**3} GiB. Send it in several requests."
_BROKEN_OFF = "The body broke off before its end, or came too slowly."


def _declared_length(environ: Mapping[str, Any]) -> int | None:
    """Content-Length; None where there is none or the body comes in chunks."""
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        return None
    text = environ.get("CONTENT_LENGTH") or ""
    return int(text) if text.isascii() and text.isdecimal() else None
