"""When a request is there, however it came, and what is answered from its head alone."""

import os
import re
import socket
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.workers.gthread import TConn

from config.measured_socket import MeasuredSocket
from config.web_worker import READ_AHEAD_BYTES, Arrival, WebWorker
from imaging.dicomweb.frames_at_hand import GRANT, FramesAtHand, Grant
from imaging.dicomweb.verified_frames import FrameFile, VerifiedFrames
from imaging.ingest.stored_images import file_status

HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


def arrived(received: bytes) -> Arrival:
    return Arrival(until=0.0, received=bytearray(received))


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        HEAD + b"Content-Length: 3\r\n\r\nabc",
        HEAD + b"content-length:\t3 \r\n\r\nabc",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n",
        HEAD + b"Content-Length: 200000\r\n\r\n" + bytes(READ_AHEAD_BYTES),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + bytes(READ_AHEAD_BYTES),
    ],
)
def test_a_request_is_here_with_its_last_byte_and_not_before(request_):
    assert arrived(request_).is_here()
    piecemeal = arrived(b"")
    for number in range(len(request_)):
        assert not piecemeal.is_here()
        piecemeal.received += request_[number : number + 1]
    assert piecemeal.is_here()


@pytest.mark.parametrize("length", [b"-1", b"x", b"9" * 30, b""])
def test_a_length_that_is_none_is_left_to_the_parser(length):
    assert arrived(HEAD + b"Content-Length: " + length + b"\r\n\r\n").is_here()


def test_a_header_without_end_is_left_to_the_parser_too():
    assert arrived(HEAD + b"X: " + b"x" * READ_AHEAD_BYTES).is_here()


def test_whoever_asks_before_sending_is_told_once():
    arrival = arrived(HEAD + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    assert arrival.is_expected()
    assert not arrival.is_expected()
    arrival.received += b"abc"
    assert arrival.is_here()
    assert arrival.received == HEAD + b"Content-Length: 3\r\n\r\nabc"


def test_an_expectation_within_the_body_is_content():
    body = b"\r\nExpect: 100-continue\r\n"
    assert not arrived(HEAD + b"Content-Length: 30\r\n\r\n" + body).is_expected()


PATH = "/dicom-web/studies/1.2/series/1.2.3/instances/1.2.3.{}/frames/1"
FIRST = f"GET {PATH.format(1)} HTTP/1.1\r\nHost: here\r\nCookie: a=b\r\n\r\n".encode()
SECOND = FIRST.replace(b"1.2.3.1/", b"1.2.3.2/")
FRAME = bytes(range(256)) * 40
HERE = "192.0.2.7"


@dataclass
class Application:
    """Lets everybody see the series, at once or read by gunicorn; counts what was read."""

    files: VerifiedFrames
    read: list[str] = field(default_factory=list)

    def __post_init__(self):
        self._at_hand = FramesAtHand(self._whole_way, version=lambda: 1, clock=lambda: 0.0)
        self.at_once = self._at_hand.at_once

    def __call__(self, environ, start_response):
        self.read.append(environ["REQUEST_METHOD"] + environ["wsgi.input"].read().decode())
        return self._at_hand(environ, start_response)

    def _whole_way(self, environ, start_response):
        if GRANT in environ:
            environ[GRANT] = Grant(self.files, "application/octet-stream", "a/b")
        body = b"whole way"
        start_response(
            "200 OK",
            [
                ("ETag", '"one"'),
                ("Content-Type", "multipart/related"),
                ("X-Of-All", "100 %(etag)s"),
                ("Content-Length", str(len(body))),
            ],
        )
        return [body]


class Server:
    """A worker of the web server without its loop, and one caller on a connection that is kept."""

    def __init__(self, application, *, address=HERE, **settings):
        config = Config()
        for name, value in settings.items():
            config.set(name, value)
        self.worker = WebWorker(0, os.getpid(), [], application, 30, config, Logger(config))
        self.worker.app = SimpleNamespace(wsgi=lambda: application)
        self.worker.load_wsgi()
        self._config = config
        self.call(address)

    def call(self, address=HERE):
        self.close()
        ours, self._caller = socket.socketpair()
        self._conn = TConn(
            self._config, MeasuredSocket(ours.detach()), (address, 50000), ("127.0.0.1", 80)
        )
        self._conn.init()

    def asked(self, *requests: bytes) -> tuple[bytes, bool]:
        """What came back, but for dates and boundaries, and whether the connection is kept."""
        self._conn.parser.unreader.unread(b"".join(requests))
        self._caller.setblocking(False)
        kept = self.worker.handle(self._conn)
        content = self._caller.recv(10_000_000)
        content = re.sub(rb"Date: [^\r]*", b"Date", content)
        for boundary in set(re.findall(rb"boundary=([0-9a-f]{32})", content)):
            content = content.replace(boundary, b"BOUNDARY")
        return content, bool(kept)

    def close(self):
        if hasattr(self, "_conn"):
            self._conn.sock.close()
            self._caller.close()


@pytest.fixture
def files(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(FRAME)
    files = VerifiedFrames()
    for number in (1, 2):
        files._files[f"1.2.3.{number}"] = FrameFile(
            path, f"{number}" * 64, file_status(path.stat()), 0, len(FRAME), 1
        )
    return files


@pytest.fixture
def serve(files):
    """A server by its settings; those of a test end with it."""
    servers = []

    def served(application=None, **settings):
        servers.append(Server(application or Application(files), **settings))
        return servers[-1]

    yield served
    for server in servers:
        server.close()
        server.worker.tmp.close()


@pytest.fixture
def both(serve, files):
    """Two servers that have given somebody the first frame; the second one reads each request."""
    fast, slow = serve(), serve()
    slow.worker._at_once = None
    for server in (fast, slow):
        server.asked(FIRST)
        server.worker.wsgi.read.clear()
    return fast, slow


def test_the_answer_is_the_same_to_the_last_byte(both):
    fast, slow = both
    answer = fast.asked(SECOND)
    assert answer == slow.asked(SECOND)
    assert (fast.worker.wsgi.read, slow.worker.wsgi.read) == ([], ["GET"])
    assert b'ETag: W/"' + b"2" * 64 in answer[0]
    assert FRAME in answer[0]
    assert answer[1]


def test_requests_in_one_piece_are_answered_one_after_the_other(both):
    fast, slow = both
    other = SECOND.replace(b"Cookie", b"Range: bytes=0-1\r\nCookie")
    unfinished = SECOND[:-2]
    requests = SECOND, FIRST, other, SECOND, unfinished
    answer = fast.asked(*requests)
    assert answer == slow.asked(*requests)
    assert answer[0].count(b"HTTP/1.1 200 OK") == 4
    assert fast.worker.wsgi.read == ["GET"]
    for server in both:
        assert server._conn.parser.unreader.take_buffered() == unfinished


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"GET", b"HEAD"),
        (b"HTTP/1.1", b"HTTP/1.0"),
        (b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"),
        (b"\r\n\r\n", b"\r\nRange: bytes=0-1\r\n\r\n"),
        (b"\r\n\r\n", b"\r\nIf-None-Match: *\r\n\r\n"),
        (b"a=b", b"a=c"),
        (b"Cookie: a=b", b"Authorization: Bearer x"),
        (b"Host: here", b"Host: there"),
        (b"\r\n\r\n", b"\r\nContent-Length: 4\r\n\r\nGET "),
        (b"\r\n\r\n", b"\r\nContent-Length: 4\r\nContent-Length: 0\r\n\r\nGET "),
        (b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nGET \r\n0\r\n\r\n"),
        (b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"),
        (b"\r\n\r\n", b"\r\nHost: there\r\n\r\n"),
        (b"\r\n\r\n", b"\r\n folded: line\r\n\r\n"),
        (b"\r\n\r\n", b"\r\nX: " + b"x" * 70_000 + b"\r\n\r\n"),
        (b"HTTP/1.1\r\n", b"HTTP/1.1\n"),
        (b"frames/1", b"frames/2"),
        (b"frames/1", b"frames/0001"),
        (b"frames/1", b"frames/1%0d%0aX:%20y"),
        (b"GET /", b"GET http://elsewhere/"),
        (b"GET ", b"\r\nGET "),
    ],
)
def test_whatever_differs_ends_as_if_it_were_read(both, old, new):
    fast, slow = both
    requests = (SECOND.replace(old, new, 1), SECOND)
    for _ in range(2):  # what was remembered of the first one changes nothing
        assert fast.asked(*requests) == slow.asked(*requests)
        for server in both:
            server.call()


def test_the_same_head_from_another_address_is_read(both):
    fast, _ = both
    fast.call("192.0.2.8")
    fast.asked(SECOND)
    assert fast.worker.wsgi.read == ["GET"]


def test_a_request_with_a_body_is_read_however_often_it_comes(both):
    fast, _ = both
    request = SECOND.replace(b"\r\n\r\n", b"\r\nContent-Length: 4\r\n\r\nGET ")
    for _ in range(3):
        fast.asked(request)
    assert fast.worker.wsgi.read == ["GETGET "] * 3


def hook(worker, request):
    return None


@pytest.mark.parametrize(
    "told",
    [
        {"accesslog": "-"},
        {"proxy_protocol": "auto"},
        {"pre_request": hook},
        {"post_request": lambda worker, request, environ, response: None},
        {"keepalive": 0},
        {"worker_connections": 0},
    ],
    ids=lambda told: next(iter(told)),
)
def test_where_gunicorn_has_more_to_do_with_a_request_it_reads_each(serve, told):
    server = serve(**told)
    for _ in range(3):
        server.call()
        server.asked(FIRST)
    assert len(server.worker.wsgi.read) == 3


def test_answers_are_counted_and_the_last_one_says_so(serve):
    server = serve(max_requests=3)
    assert [server.asked(FIRST)[1] for _ in range(3)] == [True, True, False]
    assert server.worker.wsgi.read == ["GET", "GET"]
    assert not server.worker.alive


def test_a_worker_that_ends_says_so_with_its_next_answer(serve):
    server = serve()
    server.asked(FIRST)
    server.worker.alive = False
    content, kept = server.asked(FIRST)
    assert b"Connection: close" in content
    assert not kept


def test_an_application_that_answers_nothing_at_once_is_asked_for_everything(serve):
    def application(environ, start_response):
        start_response("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    assert serve(application).asked(FIRST, SECOND)[0].count(b"\r\n\r\nok") == 2


def test_whoever_hangs_up_leaves_no_file_open(both):
    fast, _ = both
    before = os.listdir("/proc/self/fd")
    fast._caller.shutdown(socket.SHUT_RDWR)
    fast._conn.parser.unreader.unread(SECOND)
    assert fast.worker.handle(fast._conn) is False
    assert os.listdir("/proc/self/fd") == before
    assert fast.worker.wsgi.read == []


def test_what_is_sent_at_once_is_measured(both):
    fast, _ = both
    content, _ = fast.asked(SECOND)
    assert fast._conn.sock.moved_bytes > len(FRAME)
    assert len(content) > len(FRAME)
