"""Requests and PDUs that would fill the memory if their own numbers were believed.

Each is refused while others are served, and costs the service next to nothing.
"""

import gzip
import http.client
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.factories.dicom_files import ct_instance
from tests.faults.bombs import MIB
from tests.faults.installation import Installation
from tests.faults.memory import children, forget_peak, peak_kib, processor_seconds, resident_kib
from tests.faults.routes import CStore, Stow
from tests.faults.senders import GONE, Browser, StowSender
from tests.faults.services import ReceiveService, Service, WebService

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

MOST_SECONDS = 2.0
HUNG_UP = 0
"""Instead of a status: the service did not listen to the end."""

MOST_EXTRA_KIB = 128 * 1024
LINE = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Web:
    """A running web service with somebody signed in, and the token of a peer."""

    service: WebService
    browser: Browser
    token: str

    def stow(self, body: bytes, **headers: str) -> int:
        sent = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": 'multipart/related; type="application/dicom"; boundary=edge',
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        try:
            return Browser(self.service.port).ask("POST", "/dicom-web/studies", body, sent)[0]
        except GONE:
            return HUNG_UP


@pytest.fixture
def web(service: Installation, tmp_path: Path) -> Iterator[Web]:
    route = Stow(service)
    with WebService(service) as running:
        browser = Browser(running.port)
        browser.sign_in()
        warm = route.sender(running, [ct_instance(tmp_path / "warm.dcm")])
        assert isinstance(warm, StowSender)
        warm.send()
        assert warm.refusals == []
        yield Web(running, browser, route.token)


def _many_fields(web: Web) -> int:
    body = "&".join(f"f{number}=" for number in range(100_000)).encode()
    return web.browser.ask("POST", "/imaging/uploads/", body, LINE)[0]


def _many_files(web: Web) -> int:
    part = (
        b'--edge\r\nContent-Disposition: form-data; name="files"; filename="a.dcm"\r\n'
        b"Content-Type: application/dicom\r\n\r\n\r\n"
    )
    return web.browser.ask(
        "POST",
        "/imaging/uploads/new/",
        part * 10_000 + b"--edge--\r\n",
        {"Content-Type": "multipart/form-data; boundary=edge"},
    )[0]


def _many_parts(web: Web, content: bytes = b"") -> int:
    part = b"--edge\r\nContent-Type: application/dicom\r\n\r\n" + content + b"\r\n"
    return web.stow(part * 100_000 + b"--edge--\r\n")


def _many_parts_with_a_preamble(web: Web) -> int:
    """Long enough to be read."""
    return _many_parts(web, bytes(128) + b"DICM" + b"\2\0\0\0UL\4\0\0\0\0\0")


def _gzip(web: Web) -> int:
    body = gzip.compress(b"--edge\r\nContent-Type: application/dicom\r\n\r\n" + bytes(200 * MIB))
    return web.stow(body, Content_Encoding="gzip")


def _endless_boundary(web: Web) -> int:
    body = b"--edge\r\nContent-Type: application/dicom\r\n\r\n"
    return web.stow(body, Content_Type='multipart/related; boundary="' + "x" * 5000 + '"')


def _large_part_header(web: Web) -> int:
    return web.stow(b"--edge\r\nX: " + b"x" * (8 * MIB) + b"\r\n\r\n\r\n--edge--\r\n")


def _announced_4_gib(web: Web) -> int:
    """Nothing follows: a service that prepared for it would show it."""
    connection = http.client.HTTPConnection("127.0.0.1", web.service.port, timeout=3)
    try:
        connection.putrequest("POST", "/dicom-web/studies")
        connection.putheader("Authorization", f"Bearer {web.token}")
        connection.putheader("Content-Type", "multipart/related; boundary=edge")
        connection.putheader("Content-Length", str(2**32))
        connection.endheaders()
        connection.send(b"--edge\r\n")
        return connection.getresponse().status
    except GONE:
        return HUNG_UP
    finally:
        connection.close()


REFUSED = frozenset({400, 406, 409, 411, 413, 415, 431})
OR_HUNG_UP = REFUSED | {HUNG_UP}
WEB_BOMBS: dict[str, tuple[Callable[[Web], int], frozenset[int]]] = {
    "X09 100,000 form fields": (_many_fields, REFUSED),
    "X09 10,000 files of one form": (_many_files, REFUSED),
    "N19 100,000 parts": (_many_parts, REFUSED),
    "N19 100,000 parts with a preamble": (_many_parts_with_a_preamble, REFUSED),
    "N19 gzip, 200 kB to 200 MB": (_gzip, REFUSED),
    "N19 a boundary of 5,000 characters": (_endless_boundary, REFUSED),
    "N19 a part header of 8 MB": (_large_part_header, REFUSED),
    "N19 4 GiB announced and not sent": (_announced_4_gib, OR_HUNG_UP),
}


@pytest.mark.parametrize("name", WEB_BOMBS)
def test_a_request_is_refused_quickly_and_in_little_memory(name: str, web: Web):
    send, refused = WEB_BOMBS[name]
    cost = _Cost(web.service)
    assert send(web) in refused
    cost.assert_small()
    assert web.service.answers()


def test_a_first_pdu_of_2_gib_costs_nothing(service: Installation):
    """N05: announced by somebody who is no peer, and followed by as much as he may send."""
    CStore(service)
    with ReceiveService(service) as running:
        cost = _Cost(running)
        with socket.create_connection(("127.0.0.1", running.port), timeout=10) as caller:
            caller.sendall(struct.pack(">BBI", 1, 0, 0x7FFFFFFF))
            sent = _as_much_as_possible(caller)
        assert sent < 16 * MIB
        cost.assert_small()
        assert running.answers()


def _as_much_as_possible(caller: socket.socket) -> int:
    """How many bytes the service took before it hung up."""
    sent, deadline = 0, time.monotonic() + 5
    try:
        while time.monotonic() < deadline:
            sent += caller.send(bytes(64 * 1024))
    except OSError:
        return sent
    return sent


class _Cost:
    """Memory and processor time that a service and its processes take from now on."""

    def __init__(self, service: Service) -> None:
        self._processes = [service.pid, *children(service.pid)]
        self._resident = {pid: resident_kib(pid) for pid in self._processes}
        self._seconds = sum(processor_seconds(pid) for pid in self._processes)
        for pid in self._processes:
            forget_peak(pid)

    def assert_small(self) -> None:
        grown = {pid: peak_kib(pid) - self._resident[pid] for pid in self._processes}
        assert max(grown.values()) < MOST_EXTRA_KIB
        seconds = sum(processor_seconds(pid) for pid in self._processes) - self._seconds
        assert seconds < MOST_SECONDS
