"""A process of the web server: threads meet requests that have come, and not silent callers.

gunicorn gives a thread to every connection and lets it wait there; it also lets the thread that
accepts wait until a caller hangs up. A few silent callers then keep everybody waiting. Here the
accepting thread reads ahead, for all connections at once: a request gets a thread when its header
and body are there, or as much of the body as is read ahead. When all threads are taken and others
wait, the slowest callers leave. See docs/adr/0013-slow-callers.md.
"""

import errno
import math
import re
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gunicorn import SERVER
from gunicorn.errors import ConfigError
from gunicorn.glogging import Logger
from gunicorn.util import http_date
from gunicorn.workers.gthread import TConn, ThreadWorker

from config.measured_socket import MeasuredSocket

READ_AHEAD_BYTES = 64 * 1024
ARRIVAL_SECONDS = 30.0
"""For a header and what is read ahead of its body."""

LEAVING_SECONDS = 2.0
MOST_DISCARDED_BYTES = 64 * 1024
PATIENCE_SECONDS = 1.0
"""So long a thread may have waited for a caller before that one may have to leave."""

SLOW_BYTES_PER_SECOND = 16 * 1024
TURN_SECONDS = 0.25
NEXT_REQUEST_SECONDS = 0.005
"""So long a thread stays with a caller it has answered; who asks for one slice after the other
asks again by then, and is not passed from thread to thread."""


_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*([0-9]{1,19})[ \t]*\r\n", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_EXPECTED = re.compile(rb"\r\nexpect:[^\r\n]*(?=\r\n)", re.IGNORECASE)
_END_OF_HEADER = b"\r\n\r\n"
_OPENING = f"HTTP/1.1 200 OK\r\nServer: {SERVER}\r\nDate: %s\r\nConnection: keep-alive\r\n"
_HUNG_UP = frozenset({errno.EPIPE, errno.ECONNRESET, errno.ENOTCONN})


AtOnce = Callable[[bytes, str], Any]
"""What an application may offer: the head of a request and the address of the caller in, None out
or an answer with status 200, its headers and a part of a file. Whoever asks closes it."""


@dataclass
class Arrival:
    """A request on its way."""

    until: float
    received: bytearray = field(default_factory=bytearray)
    _header_bytes: int = 0

    def is_expected(self) -> bool:
        """Whether the caller waits for leave to send its body; forgotten once it was asked."""
        header_bytes = self._end_of_header()
        found = _EXPECTED.search(self.received, 0, header_bytes) if header_bytes else None
        if found is None:
            return False
        del self.received[found.start() : found.end()]
        self._header_bytes -= found.end() - found.start()
        return True

    def is_here(self) -> bool:
        """Whether a thread need not wait for it."""
        header_bytes = self._end_of_header()
        if len(self.received) >= READ_AHEAD_BYTES + header_bytes:
            return True
        if not header_bytes:
            return False
        if _CHUNKED.search(self.received, 0, header_bytes):
            # The last chunk ends like this, with trailers or without; another one rarely does.
            ended = self.received.endswith(_END_OF_HEADER)
            return ended and len(self.received) > header_bytes
        length = _LENGTH.search(self.received, 0, header_bytes)
        return len(self.received) >= header_bytes + (int(length[1]) if length else 0)

    def has_header(self) -> bool:
        return self._end_of_header() > 0

    def _end_of_header(self) -> int:
        if not self._header_bytes and (end := self.received.find(_END_OF_HEADER)) >= 0:
            self._header_bytes = end + len(_END_OF_HEADER)
        return self._header_bytes


class WebWorker(ThreadWorker):  # type: ignore[misc]
    """Knows each connection as arriving, with a thread, kept for its next request, or leaving."""

    _at_once: AtOnce | None = None

    @classmethod
    def check_config(cls, cfg: Any, log: Any) -> None:
        if cfg.is_ssl:
            raise ConfigError("TLS is the task of the proxy in front; see docs/operations.md.")
        super().check_config(cfg, log)

    def init_process(self) -> None:
        self._arriving: dict[TConn, Arrival] = {}
        self._served: dict[TConn, Future[Any]] = {}
        self._leaving: dict[TConn, tuple[float, int]] = {}
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        try:
            accepted, address = listener.accept()
        except OSError:  # gone again, taken by another process, or no descriptor left
            return
        self.nr_conns += 1
        caller = MeasuredSocket(fileno=accepted.detach())
        conn = TConn(self.cfg, caller, address, listener.getsockname())
        if self.nr_conns >= self.worker_connections:
            self._make_room()
        self._expect(conn)

    def on_client_socket_readable(self, conn: TConn, client: socket.socket) -> None:
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._expect(conn)

    def load_wsgi(self) -> None:
        """Nothing is answered at once where gunicorn has more to do with each request."""
        super().load_wsgi()
        hooks = (self.cfg.settings[name] for name in ("pre_request", "post_request"))
        if (
            not self.log.access_log_enabled
            and type(self.log) is Logger
            and self.cfg.proxy_protocol == "off"
            and all(hook.get() == hook.default for hook in hooks)
        ):
            self._at_once = getattr(self.wsgi, "at_once", None)

    def handle(self, conn: TConn) -> Any:
        """Answer a request, and those that follow on its heels as long as a turn lasts."""
        until = time.monotonic() + TURN_SECONDS
        conn.sock.setblocking(True)
        kept = self._answer(conn)
        while kept and self.alive and time.monotonic() < until and _has_next(conn):
            conn.sock.begin()
            kept = self._answer(conn)
        return kept

    def _answer(self, conn: TConn) -> Any:
        """At once, where the application knows the request by its head; else as gunicorn does."""
        may_be_kept = (
            self.alive
            and self.cfg.keepalive
            and self.nr + 1 < self.max_requests
            and len(self.keepalived_conns) < self.max_keepalived
        )
        if self._at_once is None or not may_be_kept:
            return super().handle(conn)
        unreader = conn.parser.unreader
        received = unreader.take_buffered()
        head, end, rest = received.partition(_END_OF_HEADER)
        answer = self._at_once(head + end, _address(conn))
        if answer is None:
            unreader.unread(received)
            conn.sock.request_head = head + end
            return super().handle(conn)
        unreader.unread(rest)
        self.nr += 1
        with closing(answer):
            return self._send(conn.sock, answer)

    def _send(self, caller: MeasuredSocket, answer: Any) -> bool:
        """The same bytes as by gunicorn; whether the connection is kept."""
        try:
            opening = _OPENING % http_date()
            caller.sendall(opening.encode() + answer.head, socket.MSG_MORE)
            frame = answer.frame
            caller.send_file(frame.descriptor, frame.offset, frame.length)
            caller.sendall(answer.after)
        except OSError as error:
            if error.errno not in _HUNG_UP:
                self.log.exception("Socket error while a frame was sent.")
            return False
        return True

    def finish_request(self, conn: TConn, answered: Future[Any]) -> None:
        self._served.pop(conn, None)
        kept = not answered.cancelled() and answered.exception() is None and answered.result()
        if not kept:
            self._let_go(conn)
        elif begun := conn.parser.unreader.take_buffered():
            self._expect(conn, begun)
        else:
            super().finish_request(conn, answered)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, TURN_SECONDS))
        self._spare_threads()

    def murder_pending(self) -> None:
        """Close what takes too long to arrive or to leave; all that arrives, when stopping."""
        now = time.monotonic()
        late = [conn for conn, one in self._arriving.items() if one.until < now or not self.alive]
        late += [conn for conn, (until, _) in self._leaving.items() if until < now]
        for conn in late:
            self._close(conn)

    def _expect(self, conn: TConn, begun: bytes = b"") -> None:
        conn.sock.setblocking(False)
        self._arriving[conn] = Arrival(
            until=time.monotonic() + ARRIVAL_SECONDS, received=bytearray(begun)
        )
        self._listen(conn, self._receive)
        if begun:
            self._go_on(conn)
        self._receive(conn, conn.sock)

    def _receive(self, conn: TConn, caller: Any) -> None:
        arrival = self._arriving.get(conn)
        if arrival is None:
            return
        piece = _heard(caller)
        if piece is None:
            return
        if piece:
            arrival.received += piece
            self._go_on(conn)
        elif arrival.has_header():
            # Nothing more comes, but the caller may still listen: it hears what is missing.
            self._serve(conn)
        else:
            self._close(conn)

    def _go_on(self, conn: TConn) -> None:
        arrival = self._arriving[conn]
        if arrival.is_expected():
            with suppress(OSError):
                conn.sock.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if arrival.is_here():
            self._serve(conn)

    def _serve(self, conn: TConn) -> None:
        arrival = self._arriving.pop(conn)
        self.poller.unregister(conn.sock)
        conn.sock.begin()
        conn.data_ready = True
        conn.init()
        conn.parser.unreader.unread(bytes(arrival.received))
        answered = self._served[conn] = self.tpool.submit(self.handle, conn)
        answered.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def _spare_threads(self) -> None:
        """Let the most silent callers go, as many as there are requests without a thread."""
        without = sum(
            not answered.running() and not answered.done() for answered in self._served.values()
        )
        if not without:
            return
        slow = [
            conn.sock
            for conn, answered in self._served.items()
            if answered.running() and _is_slow(conn.sock)
        ]
        slow.sort(key=lambda caller: caller.silent_seconds, reverse=True)
        for caller in slow[:without]:
            caller.give_up()

    def _let_go(self, conn: TConn) -> None:
        """Say that nothing more comes, and close once the caller has heard it (RFC 9112 9.6)."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self._leaving[conn] = (time.monotonic() + LEAVING_SECONDS, 0)
        self._listen(conn, self._discard)

    def _discard(self, conn: TConn, caller: Any) -> None:
        if conn not in self._leaving:
            return
        piece = _heard(caller)
        if piece is None:
            return
        until, discarded = self._leaving[conn]
        self._leaving[conn] = (until, discarded + len(piece))
        if not piece or discarded > MOST_DISCARDED_BYTES:
            self._close(conn)

    def _listen(self, conn: TConn, then: Callable[[TConn, Any], None]) -> None:
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(then, conn))

    def _make_room(self) -> None:
        """Close who has been leaving or arriving for longest."""
        for conns in (self._leaving, self._arriving):
            for conn in conns:
                self._close(conn)
                return

    def _close(self, conn: TConn) -> None:
        self._arriving.pop(conn, None)
        self._leaving.pop(conn, None)
        with suppress(KeyError, ValueError, OSError):
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()


def _address(conn: TConn) -> str:
    """What the application knows as REMOTE_ADDR."""
    return conn.client if isinstance(conn.client, str) else conn.client[0]


def _has_next(conn: TConn) -> bool:
    """Whether the next request is here, to be read from the parser.

    What has come of one that is not whole is left there too, for the accepting thread.
    """
    unreader = conn.parser.unreader
    begun = unreader.take_buffered()
    if not begun and conn.sock.is_readable_within(NEXT_REQUEST_SECONDS):
        begun = _heard(conn.sock) or b""
    unreader.unread(begun)
    arrival = Arrival(until=math.inf, received=bytearray(begun))
    return not arrival.is_expected() and arrival.is_here()


def _heard(caller: MeasuredSocket) -> bytes | None:
    """What has come; b"" when nothing more comes, None when nothing has come yet."""
    try:
        return caller.recv_now(READ_AHEAD_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""


def _is_slow(caller: MeasuredSocket) -> bool:
    """Whether its thread waits for it and has done so for long."""
    silent, waited = caller.silent_seconds, caller.waited_seconds
    if not silent:
        return False
    dripping = waited > PATIENCE_SECONDS and caller.moved_bytes < waited * SLOW_BYTES_PER_SECOND
    return silent > PATIENCE_SECONDS or dripping
