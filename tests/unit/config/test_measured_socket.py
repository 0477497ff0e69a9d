"""How long a caller keeps its thread, on a pair of sockets."""

import socket
import threading
from collections.abc import Iterator

import pytest

from config import measured_socket
from config.measured_socket import MeasuredSocket


@pytest.fixture
def pair() -> Iterator[tuple[MeasuredSocket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with MeasuredSocket(fileno=ours.detach()) as measured, theirs:
        measured.begin()
        yield measured, theirs


def test_what_is_read_and_written_is_counted_until_the_next_request(pair):
    measured, theirs = pair
    theirs.sendall(b"abc")
    assert measured.recv(10) == b"abc"
    measured.sendall(b"defg")
    assert theirs.recv(10) == b"defg"
    assert measured.moved_bytes == 7
    measured.begin()
    assert measured.moved_bytes == 0


def test_more_than_the_network_holds_is_written_to_its_end(pair):
    measured, theirs = pair
    content = bytes(range(256)) * 20_000
    received = bytearray()

    def read() -> None:
        while len(received) < len(content):
            received.extend(theirs.recv(65536))

    reader = threading.Thread(target=read)
    reader.start()
    measured.sendall(content)
    reader.join()
    assert received == content


def test_a_part_of_a_file_is_sent_and_counted_to_its_end(pair, tmp_path):
    measured, theirs = pair
    content = bytes(range(256)) * 20_000
    (tmp_path / "file").write_bytes(b"before" + content + b"after")
    received = bytearray()

    def read() -> None:
        while len(received) < len(content):
            received.extend(theirs.recv(65536))

    reader = threading.Thread(target=read)
    reader.start()
    with (tmp_path / "file").open("rb") as file:
        measured.send_file(file.fileno(), 6, len(content))
    reader.join()
    assert received == content
    assert measured.moved_bytes == len(content)


def test_a_file_that_ends_too_early_ends_the_connection(pair, tmp_path):
    (tmp_path / "file").write_bytes(b"short")
    with (tmp_path / "file").open("rb") as file, pytest.raises(ConnectionResetError):
        pair[0].send_file(file.fileno(), 0, 6)


def test_a_caller_is_given_the_grace_and_no_more(pair, monkeypatch, tmp_path):
    monkeypatch.setattr(measured_socket, "GRACE_SECONDS", 0.05)
    monkeypatch.setattr(measured_socket, "SLOWEST_BYTES_PER_SECOND", 10**9)
    measured, _ = pair
    with pytest.raises(ConnectionResetError):
        measured.recv(10)
    assert measured.waited_seconds >= 0.05
    measured.begin()
    with pytest.raises(ConnectionResetError):
        measured.sendall(bytes(50_000_000))
    (tmp_path / "file").write_bytes(bytes(50_000_000))
    measured.begin()
    with (tmp_path / "file").open("rb") as file, pytest.raises(ConnectionResetError):
        measured.send_file(file.fileno(), 0, 50_000_000)


def test_what_was_given_up_is_never_taken_for_the_end_of_a_request(pair):
    measured, _ = pair
    threading.Timer(0.05, measured.give_up).start()
    with pytest.raises(ConnectionResetError):
        measured.recv(10)


def test_nobody_waits_for_what_has_come_already(pair):
    measured, theirs = pair
    with pytest.raises(BlockingIOError):
        measured.recv_now(10)
    theirs.sendall(b"abc")
    assert measured.recv_now(10) == b"abc"
