"""Issue line 6 and reliability group N: nobody keeps an honest sender waiting, or costs memory."""

import os
import random
import resource
import socket
import struct
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pydicom
import pytest

from imaging.ingest.dimse import association, waiting_room
from imaging.ingest.dimse import service as service_module
from imaging.models import IngestRun
from tests.factories.dicom_files import ct_instance
from tests.factories.dimse import (
    ABORT,
    ECHO,
    RELEASE,
    VERIFICATION,
    associate_request,
    command,
    p_data,
    receive_pdu,
    status_of,
    store_command,
)
from tests.integration.imaging.dimse.conftest import (
    echoscu,
    eventually,
    results,
    slices,
    spool_is_empty,
    storescu,
)

ACCEPTED, REJECTED, DATA, RELEASED, ABORTED, CLOSED = 2, 3, 4, 6, 7, 0

BOUND_SECONDS = 2.0
"""Issue line 6."""


def call(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def associated(port, **request):
    connection = call(port)
    connection.sendall(associate_request(**request))
    assert receive_pdu(connection)[0] == ACCEPTED
    return connection


def echo_seconds(port):
    """How long an honest sender takes from connecting to being answered and released."""
    began = time.monotonic()
    with call(port) as connection:
        connection.sendall(associate_request())
        assert receive_pdu(connection)[0] == ACCEPTED
        connection.sendall(ECHO)
        kind, body = receive_pdu(connection)
        assert (kind, status_of(body)) == (DATA, 0)
        connection.sendall(RELEASE)
        assert receive_pdu(connection)[0] == RELEASED
    return time.monotonic() - began


class Dripping:
    """Sends one byte to each of many connections again and again."""

    def __init__(self, connections, content):
        self._connections = connections
        self._content = content
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._drip)

    def __enter__(self):
        self._thread.start()

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _drip(self):
        for byte in self._content:
            for connection in self._connections:
                try:
                    connection.sendall(bytes((byte,)))
                except OSError:
                    continue
            if self._over.wait(0.05):
                return


def test_two_hundred_idle_and_dripping_sockets_keep_nobody_waiting(service, tmp_path):
    with ExitStack() as stack:
        idle = [stack.enter_context(call(service.port)) for _ in range(150)]
        dripping = [stack.enter_context(call(service.port)) for _ in range(50)]
        with Dripping(dripping, associate_request()[:60]):
            assert max(echo_seconds(service.port) for _ in range(5)) < BOUND_SECONDS
            assert echoscu(service.port).returncode == 0
            assert storescu(service.port, *slices(tmp_path / "ct", 2)) == (0, ["Success"] * 2)
        assert len(idle) == 150


def test_two_hundred_idle_associations_keep_nobody_waiting(service):
    """They know the titles and come from the right address; they only say nothing more."""
    with ExitStack() as stack:
        for _ in range(service_module.MOST_ASSOCIATIONS):
            stack.enter_context(associated(service.port))
        time.sleep(service_module.SILENT_SECONDS)
        assert echo_seconds(service.port) < BOUND_SECONDS


def test_two_hundred_associations_that_stop_within_a_message_keep_nobody_waiting(service):
    with ExitStack() as stack:
        for _ in range(service_module.MOST_ASSOCIATIONS):
            connection = stack.enter_context(associated(service.port))
            connection.sendall(ECHO[:20])
        time.sleep(service_module.SILENT_SECONDS)
        assert echo_seconds(service.port) < BOUND_SECONDS


def test_a_waiting_socket_is_closed_when_its_time_is_up(serve, peer):
    with (
        serve(request_seconds=0.3) as service,
        call(service.port) as idle,
        call(service.port) as dripping,
        Dripping([dripping], associate_request()[:60]),
    ):
        assert receive_pdu(idle) == (CLOSED, b"")
        assert receive_pdu(dripping) == (CLOSED, b"")


def test_the_oldest_makes_room_at_the_same_address_only(serve, peer, monkeypatch):
    monkeypatch.setattr(waiting_room, "MOST_WAITING_PER_ADDRESS", 3)
    with serve() as service, ExitStack() as stack:
        waiting = [stack.enter_context(call(service.port)) for _ in range(3)]
        stack.enter_context(call(service.port))
        assert receive_pdu(waiting[0]) == (CLOSED, b"")
        for connection in waiting[1:]:
            connection.sendall(associate_request())
            assert receive_pdu(connection)[0] == ACCEPTED


@pytest.mark.parametrize("length", [0x7FFFFFFF, 0xFFFFFFFF, 256 * 1024 + 1, 0])
def test_a_lying_length_is_seen_after_six_bytes(service, length):
    """N05: pynetdicom alone grew by 600 MiB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with call(service.port) as connection:
        connection.sendall(struct.pack(">BxI", 1, length))
        assert receive_pdu(connection) == (ABORTED, bytes((0, 0, 2, 2)))
        assert receive_pdu(connection) == (CLOSED, b"")
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kib < 16 * 1024


@pytest.mark.parametrize(
    "first", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", RELEASE, ECHO, ABORT]
)
def test_whoever_does_not_begin_with_a_request_is_closed(service, first):
    with call(service.port) as connection:
        connection.sendall(first)
        assert receive_pdu(connection)[0] in (ABORTED, CLOSED)
    assert echoscu(service.port).returncode == 0


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ({"application": "1.2.3"}, (1, 1, 2)),
        ({"version": 2}, (1, 2, 2)),
        ({"max_length": 8}, (1, 2, 1)),
    ],
)
def test_requests_of_another_kind_are_rejected_with_the_reason(service, request_, answer):
    with call(service.port) as connection:
        connection.sendall(associate_request(**request_))
        assert receive_pdu(connection) == (REJECTED, bytes((0, *answer)))


UNSOUND = {
    "second request": associate_request(),
    "release answer": struct.pack(">BxII", 6, 4, 0),
    "unknown": b"\x09\0\0\0\0\0",
    "too long": struct.pack(">BxI", 4, 0x7FFFFFFF),
    "fragment longer than its PDU": struct.pack(">BxIIBB", 4, 6, 99, 3, 3),
    "data without command": p_data(b"data"),
    "context not accepted": p_data(b"data", context_id=99),
    "empty fragments": p_data(b"", control=1) * 2,
    "command without end": p_data(bytes(16000), control=1) * 3,
    "no command": p_data(b"\xff" * 40, control=3),
    "an answer": p_data(command(0x8001, data_set=False), control=3),
    "command within data": p_data(store_command(b"1.2"), control=3)
    + p_data(b"data", control=0)
    + p_data(store_command(b"1.3"), control=3),
    "other context within data": p_data(store_command(b"1.2"), control=3)
    + p_data(b"data", context_id=1),
    "release within data": p_data(store_command(b"1.2"), control=3)
    + p_data(b"data", control=0)
    + RELEASE,
}


@pytest.mark.parametrize("kind", UNSOUND)
def test_what_is_out_of_order_is_aborted_and_leaves_nothing(service, kind, crescent_data):
    """N06."""
    with associated(service.port) as connection:
        connection.sendall(UNSOUND[kind])
        answer, body = receive_pdu(connection)
        assert (answer, body[2]) == (ABORTED, 2)
    assert eventually(lambda: service.association_count == 0)
    assert spool_is_empty(crescent_data)
    assert results() == []
    assert echoscu(service.port).returncode == 0


def test_a_peer_that_vanishes_within_an_object_leaves_nothing(service, crescent_data):
    """N10."""
    for farewell in (b"", ABORT):
        with associated(service.port) as connection:
            connection.sendall(p_data(store_command(b"1.2"), control=3))
            connection.sendall(p_data(bytes(10_000), control=0) + farewell)
        assert eventually(lambda: service.association_count == 0)
        assert spool_is_empty(crescent_data)
    assert results() == []


def test_a_peer_that_vanishes_while_its_object_is_read_leaves_nothing(
    service, tmp_path, crescent_data
):
    """N10, of an object that is long enough to be read before it is complete."""
    files = slices(tmp_path / "ct", 5, rows=256, columns=256)
    storescu(service.port, *files)
    with associated(service.port) as connection:
        for path, length in ((files[0], None), (files[1], -50_000)):
            uid = str(pydicom.dcmread(path).SOPInstanceUID).encode()
            connection.sendall(p_data(store_command(uid + b"\0" * (len(uid) % 2)), control=3))
            data_set = data_set_of(path)[:length]
            for at in range(0, len(data_set), 16_000):
                is_last = length is None and at + 16_000 >= len(data_set)
                part = data_set[at : at + 16_000]
                connection.sendall(p_data(part, control=2 if is_last else 0))
            if length is None:
                assert status_of(receive_pdu(connection)[1]) == 0
    assert eventually(lambda: service.association_count == 0)
    storescu(service.port, files[2])
    assert eventually(lambda: spool_is_empty(crescent_data))
    assert results() == ["indexed"] * 5 + ["duplicate"] * 2


def test_a_peer_that_falls_silent_within_an_object_is_given_up(serve, peer, crescent_data):
    with serve(network_seconds=0.3) as service, associated(service.port) as connection:
        connection.sendall(p_data(store_command(b"1.2"), control=3))
        connection.sendall(p_data(bytes(10_000), control=0))
        assert receive_pdu(connection)[0] == ABORTED
        assert eventually(lambda: service.association_count == 0)
        assert spool_is_empty(crescent_data)


def test_an_object_beyond_the_limit_is_aborted_and_named(service, monkeypatch, crescent_data):
    """N14."""
    monkeypatch.setattr(association, "MAX_FILE_BYTES", 50_000)
    with associated(service.port) as connection:
        connection.sendall(p_data(store_command(b"1.2"), control=3))
        connection.sendall(p_data(bytes(40_000), control=0) * 2)
        assert receive_pdu(connection)[0] == ABORTED
    assert eventually(lambda: service.association_count == 0)
    assert results() == ["rejected file_too_large"]
    assert spool_is_empty(crescent_data)


def answer_to(connection, *pdus):
    connection.sendall(b"".join(pdus))
    kind, body = receive_pdu(connection)
    assert kind == DATA
    return status_of(body)


def data_set_of(path):
    content = path.read_bytes()
    return content[content.index(b"\x08\x00\x05\x00CS") :]


def test_commands_that_cannot_be_served_have_their_status(service, tmp_path):
    """N15, N16, D17 to D19; the association stays usable."""
    data = data_set_of(ct_instance(tmp_path / "ct.dcm", SOPInstanceUID="1.2.3"))
    ct = b"1.2.840.10008.5.1.4.1.1.2\0"
    with associated(service.port) as connection:
        for sent, status in [
            (command(0x0020, data_set=True, e0002=ct), 0x0211),
            (command(0x0001, data_set=False, e0002=ct, e1000=b"1.2.3\0"), 0x0212),
            (store_command(b"1.2.3\0", sop_class_uid=b"1.2.840.10008.5.1.4.1.1.4"), 0x0122),
            (command(0x0030, data_set=False, e0002=VERIFICATION.encode()), 0x0122),
            (store_command(b"../../../etc/evil\0"), 0x0117),
            (store_command(b"1.2.4\0"), 0xA900),
            (store_command(b"1.2.3\0"), 0x0000),
        ]:
            fragments = [p_data(sent, control=3)]
            if sent.find(struct.pack("<HHIH", 0, 0x0800, 2, 0x0101)) < 0:
                fragments.append(p_data(data))
            assert answer_to(connection, *fragments) == status
        connection.sendall(RELEASE)
        assert receive_pdu(connection)[0] == RELEASED
    assert results() == ["rejected invalid_uid", "rejected uid_mismatch", "indexed"]
    assert IngestRun.objects.get().finished_at is not None


def test_a_cancel_is_passed_over(service):
    with associated(service.port) as connection:
        connection.sendall(p_data(command(0x0FFF, data_set=False), control=3))
        assert answer_to(connection, ECHO) == 0


def test_messages_sent_without_waiting_are_answered_in_order(service, tmp_path):
    """We announce one operation at a time; a sender that does not care is served all the same."""
    sent = b""
    for index in range(3):
        path = ct_instance(tmp_path / "ct.dcm", index=index, SOPInstanceUID=f"1.2.{index}")
        sent += p_data(store_command(f"1.2.{index}\0".encode()), control=3)
        sent += p_data(data_set_of(path))
    with associated(service.port) as connection:
        connection.sendall(sent)
        assert [status_of(receive_pdu(connection)[1]) for _ in range(3)] == [0, 0, 0]


def test_associations_that_are_broken_off_leave_nothing_behind(service):
    """N08."""
    chance = random.Random(4711)

    def cycle(number):
        with call(service.port) as connection:
            match number % 5:
                case 0:
                    return
                case 1:
                    connection.sendall(associate_request()[: chance.randrange(1, 200)])
                case 2:
                    connection.sendall(associate_request() + ABORT)
                case 3:
                    connection.sendall(associate_request(calling="NOBODY"))
                    receive_pdu(connection)
                case 4:
                    connection.sendall(associate_request())
                    receive_pdu(connection)

    def descriptors():
        """SQLite keeps some of its own until the last connection of the process is closed."""
        folder = Path("/proc/self/fd")
        named = [os.readlink(entry) for entry in folder.iterdir() if entry.is_symlink()]
        return len([name for name in named if ".sqlite3" not in name])

    def is_quiet():
        return service.association_count == 0 and not service._room._visitors

    for number in range(20):
        cycle(number)
    assert eventually(is_quiet)
    before = descriptors(), threading.active_count()
    for number in range(500):
        cycle(number)
    assert eventually(is_quiet)
    assert eventually(lambda: (descriptors(), threading.active_count()) == before)
    assert echoscu(service.port).returncode == 0


def test_mutated_streams_end_no_service(service, tmp_path, crescent_data):
    """Whole conversations with bytes changed, cut out and put in; honest senders get through."""
    chance = random.Random(815)
    data = data_set_of(ct_instance(tmp_path / "ct.dcm", SOPInstanceUID="1.2.3"))
    sound = [
        associate_request(),
        ECHO,
        p_data(store_command(b"1.2.3\0"), control=3),
        p_data(data[:500], control=0),
        p_data(data[500:]),
        RELEASE,
    ]
    for number in range(300):
        pdus = [bytearray(pdu) for pdu in sound]
        for _ in range(chance.randint(1, 3)):
            pdu = pdus[chance.randrange(len(pdus))]
            place = chance.randrange(len(pdu) or 1)
            match chance.randrange(5):
                case 0:
                    pdu[place : place + 1] = chance.randbytes(1)
                case 1:
                    del pdu[place : place + chance.randint(1, 8)]
                case 2:
                    pdu[place:place] = chance.randbytes(chance.randint(1, 8))
                case 3:
                    pdu[2:6] = struct.pack(">I", chance.choice([0, 1, 5, 0x7FFFFFFF, 0xFFFFFFFF]))
                case 4:
                    chance.shuffle(pdus)
        with call(service.port) as connection:
            try:
                connection.sendall(b"".join(pdus))
                connection.shutdown(socket.SHUT_WR)
                while receive_pdu(connection)[0] != CLOSED:
                    pass
            except (ConnectionError, OSError):
                pass
        if number % 100 == 0:
            assert echo_seconds(service.port) < 30
    assert eventually(lambda: service.association_count == 0)
    assert spool_is_empty(crescent_data)
    assert not IngestRun.objects.filter(finished_at=None).exists()
