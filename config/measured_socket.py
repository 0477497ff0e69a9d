"""A connection that knows how long it has kept its thread waiting, and has an end to that."""

import errno
import os
import select
import socket
import time
from contextlib import suppress
from typing import Any

GRACE_SECONDS = 30.0
SLOWEST_BYTES_PER_SECOND = 4096
"""A caller may keep a thread waiting for the grace, and longer if bytes come at this rate."""

TOO_SLOW = "the caller is too slow"
ENDED = "the file ends before what was announced"


class MeasuredSocket(socket.socket):
    """The socket of one caller; reading and writing block, and are measured.

    Each is tried first. Whether and how long it then waits is decided here: the descriptor itself
    never blocks, whatever is set.

    Attributes
    ----------
    moved_bytes
        Read or written for the request at hand.
    request_head
        Of the request at hand, where one that begins with the same bytes may be answered at once.
    """

    def __init__(self, fileno: int) -> None:
        super().__init__(fileno=fileno)
        super().setblocking(False)
        self._own_seconds: float | None = None
        self.begin()

    def begin(self) -> None:
        """Measure anew, for the next request."""
        self.moved_bytes = 0
        self.request_head = b""
        self._waited_seconds = 0.0
        self._waiting_since: float | None = None
        self._is_given_up = False

    def give_up(self) -> None:
        """End the wait of its thread, from another one."""
        self._is_given_up = True
        with suppress(OSError):
            self.shutdown(socket.SHUT_RDWR)

    def setblocking(self, flag: bool) -> None:
        self.settimeout(None if flag else 0.0)

    def settimeout(self, value: float | None) -> None:
        self._own_seconds = value

    def gettimeout(self) -> float | None:
        return self._own_seconds

    @property
    def waited_seconds(self) -> float:
        """How long the thread has waited for the network, in this request."""
        return self._waited_seconds + self.silent_seconds

    @property
    def silent_seconds(self) -> float:
        """For how long nothing has moved while the thread waited for it."""
        since = self._waiting_since
        return 0.0 if since is None else time.monotonic() - since

    def recv(self, size: int, flags: int = 0) -> bytes:
        while True:
            try:
                received = super().recv(size, flags)
                break
            except BlockingIOError:
                self._wait(select.POLLIN)
        if self._is_given_up:
            raise ConnectionResetError(errno.ECONNRESET, TOO_SLOW)
        self.moved_bytes += len(received)
        return received

    def sendall(self, data: Any, flags: int = 0) -> None:
        with memoryview(data) as view, view.cast("B") as rest:
            sent = 0
            while sent < len(rest):
                sent += self.send(rest[sent:], flags)

    def send_file(self, descriptor: int, offset: int, length: int) -> None:
        """A part of an open file, which never passes through this process.

        Raises
        ------
        ConnectionResetError
            The caller is too slow, or the file ends before its part does.
        """
        end = offset + length
        while offset < end:
            try:
                sent = os.sendfile(self.fileno(), descriptor, offset, end - offset)
            except BlockingIOError:
                self._wait(select.POLLOUT)
                continue
            if not sent:
                raise ConnectionResetError(errno.ECONNRESET, ENDED)
            self.moved_bytes += sent
            offset += sent

    def send(self, data: Any, flags: int = 0) -> int:
        while True:
            try:
                sent = super().send(data, flags)
            except BlockingIOError:
                self._wait(select.POLLOUT)
                continue
            self.moved_bytes += sent
            return sent

    def recv_now(self, size: int) -> bytes:
        """What has come already; BlockingIOError when that is nothing."""
        return super().recv(size)

    def is_readable_within(self, seconds: float) -> bool:
        """Whether something comes, or the end; this wait is ours and not measured."""
        poll = select.poll()
        poll.register(self, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def _wait(self, event: int) -> None:
        """Wait until the network is ready.

        Raises
        ------
        ConnectionResetError
            The caller is too slow. What came of its request is not all of it.
        """
        allowed = GRACE_SECONDS + self.moved_bytes / SLOWEST_BYTES_PER_SECOND
        seconds = max(0.0, allowed - self._waited_seconds)
        if self._own_seconds is not None:
            seconds = min(seconds, self._own_seconds)
        poll = select.poll()
        poll.register(self, event)
        self._waiting_since = time.monotonic()
        try:
            ready = poll.poll(seconds * 1000)
        finally:
            self._waited_seconds = self.waited_seconds
            self._waiting_since = None
        if not ready or self._is_given_up:
            raise ConnectionResetError(errno.ECONNRESET, TOO_SLOW)
