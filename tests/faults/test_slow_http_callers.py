"""Issue line 6 for pages and STOW-RS: silent and slow callers keep no honest one waiting."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.factories.dicom_files import ct_instance
from tests.faults.installation import Installation
from tests.faults.routes import Stow
from tests.faults.senders import Browser
from tests.faults.services import WebService

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

BOUND_SECONDS = 2.0
"""Issue line 6."""

THREADS = 4
"""Of `WebService`; gunicorn.conf.py has more."""

UNFINISHED_HEADER = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
FORM = b"Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
UNFINISHED_BODY = (
    b"POST /sign-in/ HTTP/1.1\r\n" + FORM + b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n"
    b"Content-Length: 400000\r\n\r\ncsrfmiddlewaretoken="
)
ASKED_AND_NOT_CLOSED = b"GET /health/live HTTP/1.0\r\nHost: localhost\r\n\r\n"


class Honest:
    """Somebody who is signed in, and a peer."""

    def __init__(self, installation: Installation, service: WebService, folder: Path) -> None:
        self._route = Stow(installation)
        self._service = service
        self._browser = Browser(service.port)
        self._browser.sign_in()
        self._images = iter([ct_instance(folder / f"{n}.dcm", index=n) for n in range(20)])
        self.seconds()  # whoever comes first waits for the reading processes

    def seconds(self) -> float:
        """How long a page and an image take, whichever takes longer."""
        began = time.monotonic()
        assert self._browser.ask("GET", "/")[0] in (200, 302)
        page = time.monotonic() - began
        sender = self._route.sender(self._service, [next(self._images)])
        began = time.monotonic()
        sender.send()
        assert len(sender.acknowledged) == 1, sender.refusals
        return max(page, time.monotonic() - began)


@pytest.fixture(scope="module")
def web(
    empty_service: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[WebService, Honest]]:
    folder = tmp_path_factory.mktemp("slow")
    copy = empty_service.copy_to(folder / "service")
    with WebService(copy) as running:
        yield running, Honest(copy, running, folder)
    copy.database.drop()


@pytest.fixture
def honest(web: tuple[WebService, Honest]) -> Honest:
    return web[1]


@pytest.fixture
def calls(web: tuple[WebService, Honest]) -> Iterator["Calls"]:
    with Calls(web[0].port) as calls:
        yield calls


class Calls(ExitStack):
    """Connections that stay open until the test is over."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port = port

    def open(self, count: int, said: bytes = b"", *, window: int = 0) -> list[socket.socket]:
        opened = []
        for _ in range(count):
            connection = self.enter_context(socket.socket())
            if window:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
            connection.settimeout(30)
            connection.connect(("127.0.0.1", self._port))
            connection.sendall(said)
            opened.append(connection)
        return opened

    def drip(self, connections: list[socket.socket]) -> None:
        over = threading.Event()

        def send() -> None:
            while not over.wait(0.2):
                for connection in connections:
                    try:
                        connection.sendall(b"a")
                    except OSError:
                        continue

        thread = threading.Thread(target=send)
        thread.start()
        self.callback(thread.join)
        self.callback(over.set)


def test_two_hundred_idle_and_two_hundred_dripping_callers_keep_nobody_waiting(
    calls: Calls, honest: Honest
):
    calls.open(200)
    calls.drip(calls.open(100, UNFINISHED_HEADER) + calls.open(100, UNFINISHED_BODY))
    assert max(honest.seconds() for _ in range(5)) < BOUND_SECONDS


def test_two_hundred_callers_that_do_not_hang_up_keep_nobody_waiting(calls: Calls, honest: Honest):
    """gunicorn alone waits two seconds for each of them, in the thread that accepts."""
    calls.open(200, ASKED_AND_NOT_CLOSED)
    assert max(honest.seconds() for _ in range(3)) < BOUND_SECONDS


def test_when_all_threads_wait_for_the_network_the_slowest_caller_leaves(
    calls: Calls, honest: Honest
):
    """Half a megabyte announced and a fifth sent, so that each has a thread."""
    held = calls.open(THREADS, UNFINISHED_BODY + b"a" * 100_000)
    assert honest.seconds() < 10
    assert any(_is_over(connection) for connection in held)


def test_a_caller_that_does_not_read_its_answer_keeps_nobody_waiting(calls: Calls, honest: Honest):
    """More is asked for than the network takes in between."""
    asked = b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 400
    calls.open(THREADS, asked, window=4096)
    assert honest.seconds() < 10


def _is_over(connection: socket.socket) -> bool:
    connection.settimeout(0.1)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def test_requests_in_pieces_of_any_size_are_answered(calls: Calls):
    """Header and body byte by byte, in chunks with a trailer, one behind the other."""
    [one] = calls.open(1)
    for byte in b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n":
        one.sendall(bytes((byte,)))
    assert one.recv(65536).startswith(b"HTTP/1.1 200")
    one.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3)
    assert _statuses(one, 3) == 3
    [other] = calls.open(1, b"POST /sign-in/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + FORM)
    other.sendall(b"\r\n3\r\na=b\r\n0\r\nX-Trailer: 1\r\n\r\n")
    assert other.recv(65536).startswith(b"HTTP/1.1 403")


def test_the_next_request_may_begin_on_the_heels_of_an_answer_and_end_later(calls: Calls):
    whole = b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
    [one] = calls.open(1)
    for cut in (0, 1, 10, len(whole) - 1):
        one.sendall(whole)
        assert _statuses(one, 1) == 1
        one.sendall(whole[:cut])
        calls.open(1, whole)[0].recv(65536)  # others are answered meanwhile
        one.sendall(whole[cut:])
        assert _statuses(one, 1) == 1


def test_callers_that_ask_without_a_pause_keep_nobody_waiting(calls: Calls, honest: Honest):
    over = threading.Event()
    answered = []

    def ask(connection: socket.socket) -> None:
        while not over.is_set():
            connection.sendall(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
            answered.append(_statuses(connection, 1))

    asking = [threading.Thread(target=ask, args=(one,)) for one in calls.open(4 * THREADS)]
    for thread in asking:
        thread.start()
    try:
        assert max(honest.seconds() for _ in range(3)) < BOUND_SECONDS
    finally:
        over.set()
        for thread in asking:
            thread.join()
    assert set(answered) == {1}


def test_a_caller_that_asks_before_it_sends_is_told_to_go_on(calls: Calls):
    said = b"POST /sign-in/ HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 3\r\n"
    [caller] = calls.open(1, said + FORM + b"\r\n")
    assert caller.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
    caller.sendall(b"a=b")
    assert caller.recv(65536).startswith(b"HTTP/1.1 403")


def _statuses(connection: socket.socket, count: int) -> int:
    """How many answers came, of so many that are waited for."""
    received = b""
    while received.count(b"HTTP/1.1 200") < count:
        piece = connection.recv(65536)
        if not piece:
            break
        received += piece
    return received.count(b"HTTP/1.1 200")
