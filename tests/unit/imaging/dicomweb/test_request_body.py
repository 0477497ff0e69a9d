"""Bodies of known and of unknown length, short, long and slow."""

import io
import socket
import threading

import pytest
from gunicorn.http.errors import InvalidChunkSize

from imaging.dicomweb.request_body import (
    MAX_BODY_BYTES,
    BodyBrokenOffError,
    BodyLengthMissingError,
    BodyTooLargeError,
    RequestBody,
)


def environ(content, **more):
    return {"wsgi.input": io.BytesIO(content), **more}


def test_no_more_is_read_than_was_announced():
    body = RequestBody(environ(b"abcdef", CONTENT_LENGTH="4"))
    assert (body.read(3), body.read(3), body.read(3)) == (b"abc", b"d", b"")


def test_what_was_announced_and_does_not_come_is_missed():
    body = RequestBody(environ(b"ab", CONTENT_LENGTH="4"))
    assert body.read(4) == b"ab"
    with pytest.raises(BodyBrokenOffError):
        body.read(4)


def test_chunks_are_read_to_their_end_whatever_the_length_says():
    body = RequestBody(
        environ(
            b"abcdef",
            CONTENT_LENGTH="2",
            HTTP_TRANSFER_ENCODING="chunked",
            **{"wsgi.input_terminated": True},
        )
    )
    assert (body.read(9), body.read(9)) == (b"abcdef", b"")


@pytest.mark.parametrize("length", ["", "-1", "+5", "1e3", "²", "0x10"])
def test_without_a_length_or_chunks_nothing_is_read(length):
    with pytest.raises(BodyLengthMissingError):
        RequestBody(environ(b"abc", CONTENT_LENGTH=length))


def test_a_body_that_announces_too_much_is_refused_before_it_comes():
    with pytest.raises(BodyTooLargeError):
        RequestBody(environ(b"", CONTENT_LENGTH=str(MAX_BODY_BYTES + 1)))


def test_a_body_in_chunks_that_grows_too_large_is_refused(monkeypatch):
    monkeypatch.setattr("imaging.dicomweb.request_body.MAX_BODY_BYTES", 10)
    body = RequestBody(environ(b"x" * 20, **{"wsgi.input_terminated": True}))
    body.read(8)
    with pytest.raises(BodyTooLargeError):
        body.read(8)


@pytest.mark.parametrize("error", [ConnectionResetError(), InvalidChunkSize(b"-1")])
def test_what_the_server_finds_wrong_with_a_body_has_a_name(error):
    class Broken:
        def read(self, size):
            raise error

    with pytest.raises(BodyBrokenOffError):
        RequestBody({"wsgi.input": Broken(), "wsgi.input_terminated": True}).read(8)


def test_a_sender_that_falls_silent_is_let_go():
    ours, theirs = socket.socketpair()
    with ours, theirs, ours.makefile("rb") as stream:
        theirs.send(b"a")
        given = {"wsgi.input": stream, "CONTENT_LENGTH": "2", "gunicorn.socket": ours}
        with RequestBody(given, patience_seconds=0.05) as body:
            received = iter(lambda: body.read(2), b"")
            with pytest.raises(BodyBrokenOffError):
                list(received)


def test_what_is_left_of_a_refused_body_is_read_up_to_a_limit(monkeypatch):
    monkeypatch.setattr("imaging.dicomweb.request_body.MOST_DISCARDED_BYTES", 10)
    monkeypatch.setattr("imaging.dicomweb.request_body.DISCARDED_AT_ONCE_BYTES", 4)
    stream = io.BytesIO(bytes(100))
    body = RequestBody({"wsgi.input": stream, "CONTENT_LENGTH": "100"})
    body.read(20)
    body.discard()
    assert stream.tell() == 32


def test_discarding_a_body_that_broke_off_is_no_error():
    RequestBody(environ(b"ab", CONTENT_LENGTH="4")).discard()


def test_the_watch_over_a_body_ends_with_it():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        given = {"wsgi.input": ours, "CONTENT_LENGTH": "2", "gunicorn.socket": ours}
        with RequestBody(given):
            watches = [one for one in threading.enumerate() if one.name == "request-body"]
            assert watches
        for watch in watches:
            watch.join(timeout=10)
            assert not watch.is_alive()
