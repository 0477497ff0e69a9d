"""`manage.py receive` as the operating system sees it."""

import os
import signal
import socket
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.dicom_files import ct_instance
from tests.factories.dimse import associate_request, p_data, receive_pdu, status_of, store_command
from tests.integration.imaging.dimse.conftest import CALLED, CALLING, echoscu


@pytest.mark.usefixtures("centre")
def test_an_empty_list_of_peers_does_not_start():
    """N01."""
    with pytest.raises(CommandError, match="No DICOM network peer is registered"):
        call_command("receive", port=0)


@pytest.mark.usefixtures("peer")
@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"bind": "0.0.0.0"}, "--without-tls"),
        ({"bind": "::"}, "--without-tls"),
        ({"bind": "localhost"}, "takes an IP address"),
        ({"workers": 0}, "--workers"),
        ({"port": 99999}, "--port"),
        ({"bind": "192.0.2.1", "without_tls": True}, "Cannot listen"),
        ({"tls_key": Path("key.pem")}, "together"),
        ({"tls_key": Path("a"), "tls_certificate": Path("b"), "tls_ca": Path("c")}, "b and a"),
    ],
)
def test_what_cannot_work_or_is_not_safe_does_not_start(options, words, settings):
    settings.CRESCENT_DEMO = False
    with pytest.raises(CommandError, match=words):
        call_command("receive", **({"port": 0} | options), stdout=StringIO())


@pytest.mark.usefixtures("peer")
def test_the_demo_listens_on_this_machine_only(settings):
    settings.CRESCENT_DEMO = True
    with pytest.raises(CommandError, match="loopback"):
        call_command("receive", bind="192.0.2.1", without_tls=True, port=0)


@pytest.fixture
def installation(empty_installation, tmp_path):
    """A running service with its port and its folder; stopped at the end."""
    installation = empty_installation.copy_to(tmp_path / "installed")
    added = installation.manage(
        "add_peer", "ct", "--centre", "DEMO", "--calling", CALLING, "--called", CALLED,
        "--network", "127.0.0.1",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    process = installation.start("receive", "--port", "0", "--workers", "1")
    said = process.stdout.readline()
    port = int(said.split("port ")[1].split()[0])
    yield process, port, installation.data
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    process.stdout.close()


@pytest.mark.one_database
def test_a_stop_lets_the_object_on_its_way_finish(installation, tmp_path):
    """SIGTERM to the whole group, as some supervisors send it: the object is answered."""
    process, port, data = installation
    assert echoscu(port).returncode == 0
    content = ct_instance(tmp_path / "ct.dcm", SOPInstanceUID="1.2.3").read_bytes()
    data_set = content[content.index(b"\x08\x00\x05\x00CS") :]
    with (
        socket.create_connection(("127.0.0.1", port), timeout=60) as busy,
        socket.create_connection(("127.0.0.1", port), timeout=60) as idle,
    ):
        for connection in (busy, idle):
            connection.sendall(associate_request())
            assert receive_pdu(connection)[0] == 2
        busy.sendall(
            p_data(store_command(b"1.2.3\0"), control=3) + p_data(data_set[:500], control=0)
        )
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGTERM)
        assert receive_pdu(idle)[0] == 7
        busy.sendall(p_data(data_set[500:]))
        kind, body = receive_pdu(busy)
        assert (kind, status_of(body)) == (4, 0)
        assert receive_pdu(busy)[0] == 7
    assert process.wait(60) == 0
    assert process.stdout.read().strip() == "stopped"
    assert len(list((data / "archive").rglob("*.dcm"))) == 1
    assert not list((data / "spool").iterdir())


@pytest.mark.one_database
def test_interrupting_it_ends_it_soundly(installation):
    process, port, _ = installation
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
