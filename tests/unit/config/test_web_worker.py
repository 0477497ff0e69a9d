"""When a request is there, however it came."""

import pytest

from config.web_worker import READ_AHEAD_BYTES, Arrival

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
