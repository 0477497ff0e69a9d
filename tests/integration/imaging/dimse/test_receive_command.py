"""`manage.py receive` as the operating system sees it."""

import os
import signal
import socket
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.dicom_files import ct_instance
from tests.factories.dimse import associate_request, p_data, receive_pdu, status_of, store_command
from tests.integration.imaging.dimse.conftest import CALLED, CALLING, echoscu

ROOT = Path(__file__).resolve().parents[4]


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
def installation(tmp_path):
    """Folder, environment and a running service with its port; stopped at the end."""
    environment = {
        "PATH": os.environ["PATH"],
        "CRESCENT_DEMO": "1",
        "CRESCENT_DATA": str(tmp_path / "installed"),
    }

    def manage(*arguments):
        return [sys.executable, str(ROOT / "manage.py"), *arguments]

    for arguments in (
        ["migrate", "--verbosity", "0"],
        ["add_centre", "DEMO", "Demo", "--time-zone", "UTC"],
        ["add_peer", "ct", "--centre", "DEMO", "--calling", CALLING, "--called", CALLED,
         "--network", "127.0.0.1"],
    ):  # fmt: skip
        subprocess.run(manage(*arguments), env=environment, check=True, capture_output=True)
    process = subprocess.Popen(
        manage("receive", "--port", "0", "--workers", "1"),
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said = process.stdout.readline()
    port = int(said.split("port ")[1].split()[0])
    yield process, port, tmp_path / "installed"
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    process.stdout.close()


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


def test_interrupting_it_ends_it_soundly(installation):
    process, port, _ = installation
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0
