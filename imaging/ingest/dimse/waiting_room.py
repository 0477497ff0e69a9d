"""Connections before their association: watched by one thread, whatever their number.

Nobody here has said who they are yet. A caller gets a thread, and the database is asked about it,
once its whole request has come in; until then it costs a socket and the bytes it sent.
"""

import selectors
import socket
import ssl
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from .association_request import LONGEST_REQUEST_BYTES
from .pdu import ASSOCIATE_RQ, HEADER_BYTES, UNEXPECTED_PDU, abort, read_header
from .quiet_log import QuietLog
from .transport_security import certificate_sha256

REQUEST_SECONDS = 10.0
"""From connection to complete request, the TLS handshake included."""

MOST_WAITING = 256
MOST_WAITING_PER_ADDRESS = 64
"""A new connection beyond these takes the place of the oldest: whoever means it asks at once."""

ACCEPTED_AT_ONCE = 32
LONGEST_NAP_SECONDS = 1.0
NO_DESCRIPTOR_SECONDS = 0.25
"""Until it is tried again to accept, when the process has no descriptor left."""

READ_BYTES = 64 * 1024


@dataclass(frozen=True)
class Caller:
    """A connection with its complete request.

    Attributes
    ----------
    request
        The A-ASSOCIATE-RQ without its header.
    certificate_sha256
        "" without TLS.
    """

    connection: socket.socket
    address: str
    request: bytes
    certificate_sha256: str


@dataclass(eq=False)
class _Visitor:
    connection: socket.socket
    address: str
    since: float
    is_secure: bool
    received: bytearray = field(default_factory=bytearray)

    @property
    def missing(self) -> int:
        """Bytes until the header, then until the request is complete."""
        if len(self.received) < HEADER_BYTES:
            return HEADER_BYTES - len(self.received)
        _, length = read_header(self.received)
        return HEADER_BYTES + length - len(self.received)


class _WaitError(Exception):
    """Nothing more to do until the socket is ready for `event`."""

    def __init__(self, event: int) -> None:
        super().__init__()
        self.event = event


class _UnwantedError(Exception):
    """The visitor is to leave; `farewell` is what it is told."""

    def __init__(self, farewell: bytes = b"") -> None:
        super().__init__()
        self.farewell = farewell


class WaitingRoom:
    """Accepts connections and hands them over once they have asked for an association.

    Parameters
    ----------
    hand_over
        Called in the thread of `run` and must not wait.
    at_every_turn
        Called at least once a second.
    """

    def __init__(
        self,
        listener: socket.socket,
        *,
        tls: ssl.SSLContext | None,
        hand_over: Callable[[Caller], None],
        at_every_turn: Callable[[], None],
        log: QuietLog,
        request_seconds: float = REQUEST_SECONDS,
    ) -> None:
        self._listener = listener
        self._log = log
        self._tls = tls
        self._hand_over = hand_over
        self._at_every_turn = at_every_turn
        self._request_seconds = request_seconds
        self._accepting_from = 0.0
        self._visitors: dict[_Visitor, None] = {}
        self._per_address: Counter[str] = Counter()
        self._stopping = False
        self._wake, self._woken = socket.socketpair()
        for one in (self._wake, self._woken, listener):
            one.setblocking(False)

    def run(self) -> None:
        """Serve until `stop`, then close the listener and everybody who still waits."""
        with selectors.DefaultSelector() as self._selector:
            self._selector.register(self._woken, selectors.EVENT_READ)
            while not self._stopping:
                self._listen()
                for key, _ in self._selector.select(self._nap_seconds()):
                    if key.fileobj is self._listener:
                        self._accept()
                    elif isinstance(key.data, _Visitor) and key.data in self._visitors:
                        self._attend(key.data)
                self._send_away_the_late()
                self._at_every_turn()
            for visitor in list(self._visitors):
                self._dismiss(visitor)
        self._listener.close()
        self._wake.close()
        self._woken.close()

    def stop(self) -> None:
        """End `run` soon; may be called from a signal handler and from any thread."""
        self._stopping = True
        with suppress(OSError):
            self._wake.send(b"\0")

    def _nap_seconds(self) -> float:
        now = time.monotonic()
        due = [now + LONGEST_NAP_SECONDS]
        if self._visitors:
            due.append(next(iter(self._visitors)).since + self._request_seconds)
        if now < self._accepting_from:
            due.append(self._accepting_from)
        return max(0.0, min(due) - now)

    def _listen(self) -> None:
        """Let connections wait where they are while there is no descriptor for them."""
        is_listening = self._listener in self._selector.get_map()
        if time.monotonic() < self._accepting_from:
            if is_listening:
                self._selector.unregister(self._listener)
        elif not is_listening:
            self._selector.register(self._listener, selectors.EVENT_READ)

    def _accept(self) -> None:
        for _ in range(ACCEPTED_AT_ONCE):
            try:
                connection, name = self._listener.accept()
            except BlockingIOError:
                return
            except ConnectionError:
                continue
            except OSError:
                # No descriptor left: whoever waits longest makes room.
                if self._visitors:
                    self._dismiss(next(iter(self._visitors)))
                else:
                    # Associations hold them all; the listener stays readable and must not spin.
                    self._accepting_from = time.monotonic() + NO_DESCRIPTOR_SECONDS
                return
            self._admit(connection, address=name[0])

    def _admit(self, connection: socket.socket, *, address: str) -> None:
        try:
            connection.setblocking(False)
            # Answers are short: without this they wait for acknowledgements.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                connection = self._tls.wrap_socket(
                    connection, server_side=True, do_handshake_on_connect=False
                )
        except OSError:
            connection.close()
            return
        if self._per_address[address] >= MOST_WAITING_PER_ADDRESS:
            self._dismiss(next(one for one in self._visitors if one.address == address))
        elif len(self._visitors) >= MOST_WAITING:
            self._dismiss(next(iter(self._visitors)))
        visitor = _Visitor(connection, address, time.monotonic(), is_secure=self._tls is None)
        self._visitors[visitor] = None
        self._per_address[address] += 1
        self._selector.register(connection, selectors.EVENT_READ, visitor)
        self._attend(visitor)

    def _attend(self, visitor: _Visitor) -> None:
        """Do as much as can be done without waiting."""
        try:
            if not visitor.is_secure:
                self._shake_hands(visitor)
            self._read(visitor)
        except _WaitError as wait:
            self._selector.modify(visitor.connection, wait.event, visitor)
        except _UnwantedError as unwanted:
            self._dismiss(visitor, farewell=unwanted.farewell)
        except OSError:
            self._dismiss(visitor)
        else:
            self._leave(visitor)
            tls = visitor.connection if isinstance(visitor.connection, ssl.SSLSocket) else None
            self._hand_over(
                Caller(
                    connection=visitor.connection,
                    address=visitor.address,
                    request=bytes(visitor.received[HEADER_BYTES:]),
                    certificate_sha256=certificate_sha256(tls) if tls else "",
                )
            )

    def _shake_hands(self, visitor: _Visitor) -> None:
        assert isinstance(visitor.connection, ssl.SSLSocket)
        try:
            visitor.connection.do_handshake()
        except ssl.SSLWantReadError as error:
            raise _WaitError(selectors.EVENT_READ) from error
        except ssl.SSLWantWriteError as error:
            raise _WaitError(selectors.EVENT_WRITE) from error
        except ssl.SSLEOFError:
            # Whoever only looks whether somebody listens: a health check, for example.
            raise
        except ssl.SSLError as error:
            # The reason is a word of OpenSSL, such as CERTIFICATE_VERIFY_FAILED.
            self._log.warn("A TLS handshake failed", visitor.address, error.reason or "UNKNOWN")
            raise
        visitor.is_secure = True

    def _read(self, visitor: _Visitor) -> None:
        while visitor.missing > 0:
            try:
                received = visitor.connection.recv(min(visitor.missing, READ_BYTES))
            except (BlockingIOError, ssl.SSLWantReadError) as error:
                raise _WaitError(selectors.EVENT_READ) from error
            except ssl.SSLWantWriteError as error:
                raise _WaitError(selectors.EVENT_WRITE) from error
            if not received:
                raise _UnwantedError
            visitor.received += received
            if len(visitor.received) == HEADER_BYTES:
                pdu_type, length = read_header(visitor.received)
                # Before anything is set aside for it: the length may be any number.
                if pdu_type != ASSOCIATE_RQ or not 0 < length <= LONGEST_REQUEST_BYTES:
                    raise _UnwantedError(farewell=abort(UNEXPECTED_PDU))

    def _send_away_the_late(self) -> None:
        latest = time.monotonic() - self._request_seconds
        while self._visitors and (first := next(iter(self._visitors))).since <= latest:
            self._dismiss(first)

    def _dismiss(self, visitor: _Visitor, *, farewell: bytes = b"") -> None:
        self._leave(visitor)
        if farewell:
            with suppress(OSError):
                visitor.connection.send(farewell)
        visitor.connection.close()

    def _leave(self, visitor: _Visitor) -> None:
        del self._visitors[visitor]
        self._per_address[visitor.address] -= 1
        if not self._per_address[visitor.address]:
            del self._per_address[visitor.address]
        self._selector.unregister(visitor.connection)
