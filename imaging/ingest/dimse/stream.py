"""Bytes of an associated peer: read in large pieces, never faster or slower than allowed."""

import socket
import time

BUFFER_BYTES = 256 * 1024
"""Two of the largest PDUs we take."""

SMALL_BUFFER_BYTES = 16 * 1024
"""Enough for commands: most associations that do harm, or only echo, never need more."""

SLOWEST_BYTES_PER_SECOND = 64 * 1024
"""Who sends a message more slowly than this holds a thread for nothing."""

QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
"""Linux only; elsewhere the system acknowledges when it likes."""


class PeerGoneError(Exception):
    """The connection ended without a word."""


class PeerTooSlowError(Exception):
    """Nothing, or next to nothing, came for too long."""


class Stream:
    """The bytes of one connection in the order they were sent.

    Parameters
    ----------
    network_seconds
        How long the peer may be silent, and how long a message may take beyond what its size
        explains.
    """

    def __init__(self, connection: socket.socket, *, network_seconds: float) -> None:
        self._connection = connection
        self._network_seconds = network_seconds
        connection.settimeout(network_seconds)
        is_tcp = connection.family in (socket.AF_INET, socket.AF_INET6)
        self._quick_ack = QUICK_ACK if is_tcp else None
        self._view = memoryview(bytearray(SMALL_BUFFER_BYTES))
        self._start = self._end = 0
        self._deadline = 0.0

    def begin_message(self) -> None:
        """Give the next message its own time, counted from its first bytes."""
        self._deadline = 0.0

    def exactly(self, count: int) -> memoryview:
        """The next `count` bytes, fewer than the small buffer holds; valid until the next call.

        Raises
        ------
        PeerGoneError, PeerTooSlowError
        """
        if self._end - self._start < count:
            self._view[: self._end - self._start] = bytes(self._view[self._start : self._end])
            self._start, self._end = 0, self._end - self._start
            while self._end < count:
                self._receive()
        taken = self._view[self._start : self._start + count]
        self._start += count
        return taken

    def some(self, most: int) -> memoryview:
        """At least one and at most `most` of the next bytes; valid until the next call."""
        if self._start == self._end:
            if most > len(self._view) < BUFFER_BYTES:
                self._view = memoryview(bytearray(BUFFER_BYTES))
            self._start = self._end = 0
            self._receive()
        end = min(self._end, self._start + most)
        taken = self._view[self._start : end]
        self._start = end
        return taken

    def send(self, content: bytes) -> None:
        try:
            self._connection.sendall(content)
        except TimeoutError as error:
            raise PeerTooSlowError from error
        except OSError as error:
            raise PeerGoneError from error

    def _receive(self) -> None:
        try:
            received = self._connection.recv_into(self._view[self._end :])
        except TimeoutError as error:
            raise PeerTooSlowError from error
        except OSError as error:
            raise PeerGoneError from error
        if not received:
            raise PeerGoneError
        if self._quick_ack is not None:
            # Senders that know no TCP_NODELAY (DCMTK by default) hold the tail of each object back
            # until what came before is acknowledged, which a system puts off for 40 ms. The option
            # lasts for one acknowledgement.
            self._connection.setsockopt(socket.IPPROTO_TCP, self._quick_ack, 1)
        self._end += received
        now = time.monotonic()
        if not self._deadline:
            self._deadline = now + self._network_seconds
        self._deadline += received / SLOWEST_BYTES_PER_SECOND
        if now > self._deadline:
            raise PeerTooSlowError
