"""Reading from a socket with a limit on patience."""

import socket
import time

import pytest

from imaging.ingest.dimse import stream
from imaging.ingest.dimse.stream import PeerGoneError, PeerTooSlowError, Stream


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_bytes_come_in_their_order_however_they_are_asked_for(ends):
    ours, theirs = ends
    sent = bytes(range(256)) * 40
    theirs.sendall(sent)
    reading = Stream(ours, network_seconds=5)
    got = bytes(reading.exactly(6))
    while len(got) < 5000:
        got += bytes(reading.some(1000))
    got += bytes(reading.exactly(len(sent) - len(got)))
    assert got == sent


@pytest.mark.parametrize("small", [16, 64])
def test_more_than_the_buffer_holds_comes_in_pieces(ends, monkeypatch, small):
    monkeypatch.setattr(stream, "BUFFER_BYTES", 64)
    monkeypatch.setattr(stream, "SMALL_BUFFER_BYTES", small)
    ours, theirs = ends
    sent = bytes(range(200))
    theirs.sendall(sent)
    reading = Stream(ours, network_seconds=5)
    got = b""
    while len(got) < len(sent):
        got += bytes(reading.some(100)) if len(got) % 2 else bytes(reading.exactly(1))
    assert got == sent


def test_the_end_of_the_connection_is_named(ends):
    ours, theirs = ends
    theirs.sendall(b"abc")
    theirs.close()
    with pytest.raises(PeerGoneError):
        Stream(ours, network_seconds=5).exactly(4)


def test_silence_is_named(ends):
    with pytest.raises(PeerTooSlowError):
        Stream(ends[0], network_seconds=0.05).exactly(1)


def test_a_message_that_only_drips_is_given_up(ends):
    """Each byte comes well within the patience for silence."""
    ours, theirs = ends
    reading = Stream(ours, network_seconds=0.2)
    reading.begin_message()

    def drip():
        for _ in range(100):
            theirs.sendall(b"x")
            reading.exactly(1)
            time.sleep(0.02)

    with pytest.raises(PeerTooSlowError):
        drip()


def test_the_next_message_has_its_own_time(ends):
    ours, theirs = ends
    reading = Stream(ours, network_seconds=0.2)
    for _ in range(4):
        reading.begin_message()
        theirs.sendall(b"x")
        assert bytes(reading.exactly(1)) == b"x"
        time.sleep(0.1)


def test_sending_to_nobody_is_named(ends):
    ours, theirs = ends
    theirs.close()
    with pytest.raises(PeerGoneError):
        Stream(ours, network_seconds=5).send(b"x" * 10)


def test_what_came_is_acknowledged_at_once_also_in_a_conversation():
    """Else the system keeps the acknowledgement for the answer, and the sender waits for it."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as theirs,
        server.accept()[0] as ours,
    ):
        reading = Stream(ours, network_seconds=5)
        at_once = []
        for _ in range(4):
            theirs.sendall(b"?")
            reading.exactly(1)
            at_once.append(
                stream.QUICK_ACK is None or ours.getsockopt(socket.IPPROTO_TCP, stream.QUICK_ACK)
            )
            reading.send(b"!")
            theirs.recv(1)
    assert all(at_once)
