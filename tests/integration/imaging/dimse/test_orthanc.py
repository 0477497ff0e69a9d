"""Orthanc as sender: a real archive that others run beside Crescent."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.integration.imaging.dimse.conftest import register, results, slices, stored, storescu

AE_TITLE = "ORTHANC"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Orthanc:
    def __init__(self, folder, *, modality_port):
        self._port = free_port()
        folder.mkdir()
        configuration = folder / "orthanc.json"
        configuration.write_text(
            json.dumps(
                {
                    "StorageDirectory": str(folder),
                    "IndexDirectory": str(folder),
                    "HttpPort": self._port,
                    "DicomPort": free_port(),
                    "DicomAet": AE_TITLE,
                    "RemoteAccessAllowed": False,
                    "AuthenticationEnabled": False,
                    "Plugins": [],
                    "DicomModalities": {"crescent": ["CRESCENT", "127.0.0.1", modality_port]},
                }
            )
        )
        self._log = (folder / "log").open("wb")
        self._process = subprocess.Popen(
            [shutil.which("Orthanc"), str(configuration)], stdout=self._log, stderr=self._log
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                self.ask("/system")
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.1)
            else:
                return
        self.close()
        raise AssertionError("Orthanc does not answer")

    def ask(self, path, content=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}{path}", data=content)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def close(self):
        self._process.terminate()
        self._process.wait(60)
        self._log.close()


@pytest.fixture
def orthanc(service, tmp_path):
    register("archive", calling_ae_title=AE_TITLE)
    running = Orthanc(tmp_path / "orthanc", modality_port=service.port)
    yield running
    running.close()


@pytest.mark.parametrize("first", ["orthanc", "storescu"])
def test_orthanc_stores_the_same_bytes_as_another_sender(orthanc, service, tmp_path, first):
    files = slices(tmp_path / "ct", 4)

    def send():
        for file in files:
            orthanc.ask("/instances", file.read_bytes())
        (study,) = orthanc.ask("/studies")
        sent = orthanc.ask("/modalities/crescent/store", study.encode())
        assert (sent["InstancesCount"], sent["FailedInstancesCount"]) == (4, 0)

    ways = [send, lambda: storescu(service.port, *files)]
    if first == "storescu":
        ways.reverse()
    ways[0]()
    before = stored()
    assert len(before) == 4
    ways[1]()
    assert stored() == before
    assert results() == ["indexed"] * 4 + ["duplicate"] * 4


def test_orthanc_is_answered_when_it_asks_whether_we_are_there(orthanc):
    assert orthanc.ask("/modalities/crescent/echo", b"{}") == {}
