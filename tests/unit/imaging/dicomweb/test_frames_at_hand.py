"""What is given out at once, and what goes the whole way."""

import os

import pytest

from imaging.dicomweb.frames_at_hand import (
    BELIEVED_SECONDS,
    GRANT,
    MOST_GRANTS,
    SOCKET,
    FramesAtHand,
    Grant,
)
from imaging.dicomweb.verified_frames import FrameFile, VerifiedFrames
from imaging.ingest.stored_images import file_status

SERIES = "/dicom-web/studies/1.2/series/1.2.3"
FIRST, SECOND = f"{SERIES}/instances/1.2.3.1/frames/1", f"{SERIES}/instances/1.2.3.2/frames/2"


class World:
    """An application that lets everybody see the series, a clock and a database."""

    def __init__(self, folder):
        self.asked: list[str] = []
        self.version: int | None = 1
        self.seconds = 0.0
        self.status = "200 OK"
        self.headers = [
            ("Content-Type", "multipart/related"),
            ("X-Frame-Options", "DENY"),
            ("Content-Length", "9"),
            ("ETag", '"one"'),
        ]
        self.grants = True
        self.path = folder / "file"
        self.path.write_bytes(b"header" + b"AAAA" + b"BBBB")
        self.files = VerifiedFrames()
        self.files._files["1.2.3.2"] = FrameFile(
            self.path, "ab" * 32, file_status(self.path.stat()), 6, 4, 2
        )
        self.at_hand = FramesAtHand(
            self._application, version=lambda: self.version, clock=lambda: self.seconds
        )

    def _application(self, environ, start_response):
        self.asked.append(environ["PATH_INFO"])
        if self.grants and GRANT in environ:
            environ[GRANT] = Grant(self.files, "application/octet-stream", "a/b")
        start_response(self.status, self.headers)
        return [b"whole way"]

    def get(self, path, **environ):
        told = {}

        def start(status, headers):
            told.update(status=status, headers=dict(headers))

        given = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "HTTP_COOKIE": "mine"} | environ
        answer = self.at_hand(given, start)
        told["body"] = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        return told


@pytest.fixture
def world(tmp_path):
    world = World(tmp_path)
    world.get(FIRST)
    assert world.asked == [FIRST]
    world.asked.clear()
    return world


def test_another_frame_of_the_series_is_given_with_the_headers_of_the_first(world):
    answer = world.get(SECOND)
    assert world.asked == []
    assert answer["status"] == "200 OK"
    headers = answer["headers"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["ETag"] == f'W/"{"ab" * 32}-frame-2"'
    assert int(headers["Content-Length"]) == len(answer["body"])
    boundary = headers["Content-Type"].partition("boundary=")[2].encode()
    assert answer["body"] == (
        b"--" + boundary + b"\r\nContent-Type: a/b\r\n\r\nBBBB\r\n--" + boundary + b"--\r\n"
    )


class SendingSocket:
    """Takes down what it is asked to send."""

    def __init__(self):
        self.sent = []

    def send_file(self, descriptor, offset, length):
        self.sent.append(os.pread(descriptor, length, offset))


def test_a_server_that_can_sends_the_frame_itself_between_what_stands_around_it(world):
    caller = SendingSocket()
    body = world.get(SECOND, **{SOCKET: caller})["body"]
    assert caller.sent == [b"BBBB"]
    assert b"BBBB" not in body
    assert body.startswith(b"--")
    assert body.endswith(b"--\r\n")


def test_the_file_is_closed_when_the_caller_left_before_anything_was_sent(world):
    before = os.listdir("/proc/self/fd")
    answer = world.at_hand(
        {"REQUEST_METHOD": "GET", "PATH_INFO": SECOND, "HTTP_COOKIE": "mine"}, print
    )
    answer.close()
    assert os.listdir("/proc/self/fd") == before


def goes_the_whole_way(world, path=SECOND, **environ) -> bool:
    world.asked.clear()
    answer = world.get(path, **environ)
    return world.asked == [path] and answer["body"] == b"whole way"


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "another's"},
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_ACCEPT": "image/jpeg"},
        {"HTTP_HOST": "elsewhere"},
        {"REMOTE_ADDR": "192.0.2.1"},
        {"wsgi.url_scheme": "https"},
        {"QUERY_STRING": "accept=image/jpeg"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"REQUEST_METHOD": "HEAD"},
        {"REQUEST_METHOD": "POST"},
    ],
    ids=lambda environ: "-".join(environ),
)
def test_who_or_what_is_another_is_asked_about_anew(world, environ):
    assert goes_the_whole_way(world, **environ)


@pytest.mark.parametrize(
    "path",
    [
        "/dicom-web/studies/1.2/series/1.2.4/instances/1.2.3.2/frames/1",
        "/dicom-web/studies/1.3/series/1.2.3/instances/1.2.3.2/frames/1",
        f"{SERIES}/instances/1.2.3.9/frames/1",
        f"{SERIES}/instances/1.2.3.2/frames/3",
        f"{SERIES}/instances/1.2.3.2/frames/0",
        f"{SERIES}/instances/1.2.3.2/frames/1,2",
        f"{SERIES}/instances/1.2.3.2/frames/1/",
        f"{SERIES}/instances/1.2.3.2/metadata",
        "/",
    ],
)
def test_whatever_is_no_known_frame_goes_the_whole_way(world, path):
    assert goes_the_whole_way(world, path)


def test_after_anything_was_written_the_application_is_asked_again(world):
    world.version = 2
    assert goes_the_whole_way(world)
    world.asked.clear()
    world.get(SECOND)
    assert world.asked == [], "granted anew"


def test_where_nobody_can_tell_whether_anything_was_written_nothing_is_believed(world):
    world.version = None
    assert goes_the_whole_way(world)


def test_what_was_granted_is_believed_for_a_minute(world):
    world.seconds = BELIEVED_SECONDS - 0.1
    assert not goes_the_whole_way(world)
    world.seconds = BELIEVED_SECONDS
    assert goes_the_whole_way(world)


@pytest.mark.parametrize("change", ["written", "shorter", "gone"])
def test_a_file_that_is_not_what_it_was_goes_the_whole_way(world, change):
    if change == "gone":
        world.path.unlink()
    else:
        content = b"header" + (b"CCCCDDDD" if change == "written" else b"A")
        world.path.write_bytes(content)
    assert goes_the_whole_way(world)


@pytest.mark.parametrize(
    ("status", "headers", "grants"),
    [
        ("404 Not Found", [], True),
        ("200 OK", [("Set-Cookie", "a=b")], True),
        ("200 OK", [], False),
    ],
)
def test_only_what_was_granted_and_answered_is_remembered(tmp_path, status, headers, grants):
    world = World(tmp_path)
    world.status, world.headers, world.grants = status, headers, grants
    world.get(FIRST)
    assert goes_the_whole_way(world)


def test_no_cookie_and_no_token_is_kept_in_clear(world):
    world.get(SECOND, HTTP_COOKIE="session=canary", HTTP_AUTHORIZATION="Bearer canary")
    assert "canary" not in repr(world.at_hand._given)


HEAD = "GET {} HTTP/1.1\r\nHost: here\r\nCookie: mine\r\n\r\n"
HERE = "192.0.2.7"


class KnownSocket:
    """Knows the head of the request at hand."""

    def __init__(self, head):
        self.request_head = head.encode()


def read(world, path=FIRST, head=HEAD, **environ):
    """The request goes the whole way, its head known, as our server asks."""
    return world.get(
        path, **{SOCKET: KnownSocket(head.format(path)), "REMOTE_ADDR": HERE} | environ
    )


def at_once(world, path=SECOND, head=HEAD, address=HERE) -> bytes | None:
    answer = world.at_hand.at_once(head.format(path).encode(), address)
    if answer is None:
        return None
    [frame] = answer.frame.pieces(None)
    answer.close()
    return answer.head + frame + answer.after


def test_a_head_that_was_read_before_is_answered_by_its_bytes(world):
    assert at_once(world) is None
    read(world)
    answer = at_once(world)
    boundary = answer.partition(b"boundary=")[2][:32]
    assert answer.replace(boundary, b"BOUNDARY") == (
        b'Content-Type: multipart/related; type="application/octet-stream"; boundary=BOUNDARY\r\n'
        b"X-Frame-Options: DENY\r\nContent-Length: 101\r\n"
        b'ETag: W/"' + b"ab" * 32 + b'-frame-2"\r\n\r\n'
        b"--BOUNDARY\r\nContent-Type: a/b\r\n\r\nBBBB\r\n--BOUNDARY--\r\n"
    )


def test_another_head_of_somebody_known_is_remembered_when_it_was_read(world):
    read(world)
    other = HEAD.replace("Host", "host")
    assert at_once(world, head=other) is None
    world.asked.clear()
    read(world, SECOND, other)
    assert world.asked == []
    assert at_once(world, head=other)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("mine", "another's"),
        ("mine", "mine "),
        ("here", "elsewhere"),
        ("Host", "host"),
        ("GET", "HEAD"),
        ("GET", "get"),
        ("GET ", "GET  "),
        ("GET", "\r\nGET"),
        ("1.1", "1.0"),
        ("HTTP/1.1", "HTTP/1.1 "),
        ("{}", "{}?accept=image/jpeg"),
        ("{}", "http://here{}"),
        ("/frames/", "/frames/0"),
        ("\r\n\r\n", "\r\nRange: bytes=0-1\r\n\r\n"),
        ("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
        ("\r\n\r\n", "\r\nContent-Length: 5\r\n\r\n"),
        ("\r\n\r\n", "\r\n"),
        ("\r\n\r\n", "\r\n\r"),
        ("\r\n\r\n", "\n\n"),
        ("\r\n\r\n", "\r\n\r\n\r\n"),
        ("\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        ("\r\n", "\n"),
    ],
)
def test_a_head_that_differs_by_a_byte_is_not_known(world, old, new):
    read(world)
    changed = HEAD.replace("{}", SECOND) if old == "/frames/" else HEAD
    head = changed.replace(old, new)
    known = old == "/frames/"  # the number two in other digits
    assert (at_once(world, head=head) is not None) == known


@pytest.mark.parametrize("address", ["192.0.2.8", "", "192.0.2.7\0"])
def test_the_same_head_from_elsewhere_is_not_known(world, address):
    read(world)
    assert at_once(world, address=address) is None


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_CONNECTION": "close"},
        {"HTTP_CONNECTION": "keep-alive, close"},
        {"HTTP_RANGE": "bytes=0-1"},
        {"HTTP_IF_NONE_MATCH": "*"},
        {"QUERY_STRING": "a=b"},
        {"CONTENT_LENGTH": "0"},
        {"CONTENT_LENGTH": "5"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_EXPECT": "100-continue"},
        {"HTTP_UPGRADE": "h2c"},
        {"PATH_INFO": SECOND},
        {"REQUEST_METHOD": "HEAD"},
    ],
    ids=lambda environ: "-".join(environ),
)
def test_a_request_out_of_the_ordinary_is_not_remembered_by_its_head(world, environ):
    read(world, **environ)
    assert at_once(world) is None


def test_half_a_head_is_not_remembered(world):
    read(world, head=HEAD[:-2])
    assert at_once(world, head=HEAD[:-2]) is None
    assert at_once(world) is None


@pytest.mark.parametrize("kept", [BELIEVED_SECONDS - 0.1, BELIEVED_SECONDS])
def test_what_is_known_by_its_head_is_believed_as_long_as_what_was_read(world, kept):
    read(world)
    world.seconds = kept
    assert (at_once(world) is not None) == (kept < BELIEVED_SECONDS)


@pytest.mark.parametrize("version", [2, None])
def test_after_anything_was_written_no_head_is_known(world, version):
    read(world)
    world.version = version
    assert at_once(world) is None
    world.version = 1
    assert at_once(world) is None, "it was forgotten"


@pytest.mark.parametrize(
    "path",
    [f"{SERIES}/instances/1.2.3.{image}" for image in ("2/frames/0", "2/frames/3", "9/frames/1")],
)
def test_whatever_is_no_known_frame_is_not_known_by_its_head(world, path):
    read(world)
    assert at_once(world, path) is None


def test_a_file_that_was_replaced_is_not_known_by_its_head(world):
    read(world)
    world.path.write_bytes(b"headerCCCCDDDD")
    assert at_once(world) is None


def test_heads_are_forgotten_in_time_and_kept_in_no_clear_words(world):
    for number in range(MOST_GRANTS + 1):
        read(world, head=HEAD.replace("here", f"here{number}"))
    known = world.at_hand._given_by_head
    assert len(known) == MOST_GRANTS
    assert at_once(world, head=HEAD.replace("here", "here0")) is None
    assert "mine" not in repr(known)
