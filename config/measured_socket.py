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

    Attributes
    ----------
    moved_bytes
        Read or written for the request at hand.
    """

    def begin(self) -> None:
        """Measure anew, for the next request."""
        self.moved_bytes = 0
        self._waited_seconds = 0.0
        self._waiting_since: float | None = None
        self._is_given_up = False

    def give_up(self) -> None:
        """End the wait of its thread, from another one."""
        self._is_given_up = True
        with suppress(OSError):
            self.shutdown(socket.SHUT_RDWR)

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
                received = super().recv(size, flags | socket.MSG_DONTWAIT)
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
                self._wait(select.POLLOUT)
                sent += self._send_some(rest[sent:], flags)

    def send_file(self, descriptor: int, offset: int, length: int) -> None:
        """A part of an open file, which never passes through this process.

        Raises
        ------
        ConnectionResetError
            The caller is too slow, or the file ends before its part does.
        """
        end = offset + length
        os.set_blocking(self.fileno(), False)
        try:
            while offset < end:
                self._wait(select.POLLOUT)
                offset += self._send_some_of_file(descriptor, offset, end - offset)
        finally:
            os.set_blocking(self.fileno(), self.getblocking())

    def recv_now(self, size: int) -> bytes:
        """What has come already; BlockingIOError when that is nothing."""
        return super().recv(size, socket.MSG_DONTWAIT)

    def is_readable_within(self, seconds: float) -> bool:
        """Whether something comes, or the end; this wait is ours and not measured."""
        poll = select.poll()
        poll.register(self, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def send(self, data: Any, flags: int = 0) -> int:
        self._wait(select.POLLOUT)
        return self._send_some(data, flags)

    def _send_some(self, data: Any, flags: int) -> int:
        try:
            sent = super().send(data, flags | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return 0
        self.moved_bytes += sent
        return sent

    def _send_some_of_file(self, descriptor: int, offset: int, length: int) -> int:
        try:
            sent = os.sendfile(self.fileno(), descriptor, offset, length)
        except BlockingIOError:
            return 0
        if not sent:
            raise ConnectionResetError(errno.ECONNRESET, ENDED)
        self.moved_bytes += sent
        return sent

    def _wait(self, event: int) -> None:
        """Wait until the network is ready.

        Raises
        ------
        ConnectionResetError
            The caller is too slow. What came of its request is not all of it.
        """
        allowed = GRACE_SECONDS + self.moved_bytes / SLOWEST_BYTES_PER_SECOND
        seconds = max(0.0, allowed - self._waited_seconds)
        if (own := self.gettimeout()) is not None:
            seconds = min(seconds, own)
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
