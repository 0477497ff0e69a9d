"""What others do with the same study: copying, DCMTK, Orthanc."""

import http.client
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.processes import LOOPBACK, free_port, server, storescu
from tests.benchmarks.stow import SECONDS_TO_ANSWER, post_each, stow

DICOMWEB_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")


def copy_and_sync(source: Path, run: Path) -> float:
    """The practical limit of copying."""
    start = time.perf_counter()
    subprocess.run(["cp", "-r", str(source), str(run / "copy")], check=True)
    os.sync()
    return time.perf_counter() - start


def storescp(source: Path, run: Path) -> float:
    """DCMTK's receiver: keeps no promise on power loss, de-identifies nothing."""
    received = run / "received"
    received.mkdir()
    port = free_port()
    command = ["storescp", "-od", str(received), "-pdu", "131072", str(port)]
    with server(command, ports=[port], log=run / "storescp.log"):
        return storescu([source], port=port)


@dataclass(frozen=True)
class Orthanc:
    """A running Orthanc with an empty store."""

    dicom_port: int
    http_port: int

    def get(self, path: str, *, method: str = "GET", body: str = "") -> object:
        connection = http.client.HTTPConnection(LOOPBACK, self.http_port, timeout=SECONDS_TO_ANSWER)
        connection.request(method, path, body)
        content = json.loads(connection.getresponse().read())
        connection.close()
        return content


def has_orthanc() -> bool:
    return shutil.which("Orthanc") is not None


def has_orthanc_dicomweb() -> bool:
    return has_orthanc() and DICOMWEB_PLUGIN.exists()


@contextmanager
def orthanc(run: Path) -> Iterator[Orthanc]:
    """Orthanc as the Debian package brings it: index in SQLite, storage on disk."""
    store = run / "orthanc"
    ports = Orthanc(free_port(), free_port())
    configuration = run / "orthanc.json"
    configuration.write_text(
        json.dumps(
            {
                "Name": "Benchmark",
                "StorageDirectory": str(store),
                "IndexDirectory": str(store),
                "DicomAet": "ORTHANC",
                "DicomPort": ports.dicom_port,
                "HttpPort": ports.http_port,
                "RemoteAccessAllowed": False,
                "AuthenticationEnabled": False,
                "MaximumPduLength": 131072,
                "Plugins": [str(DICOMWEB_PLUGIN)] if DICOMWEB_PLUGIN.exists() else [],
            }
        )
    )
    with server(
        ["Orthanc", str(configuration)],
        ports=[ports.dicom_port, ports.http_port],
        log=run / "orthanc.log",
    ):
        yield ports


def orthanc_c_store(source: Path, run: Path) -> float:
    with orthanc(run) as peer:
        return storescu([source], port=peer.dicom_port, called="ORTHANC")


def orthanc_c_store_and_anonymise(source: Path, run: Path) -> float:
    """Like for like: stored, and stored once more without names."""
    with orthanc(run) as peer:
        seconds = storescu([source], port=peer.dicom_port, called="ORTHANC")
        studies = peer.get("/studies")
        assert isinstance(studies, list)
        start = time.perf_counter()
        for study in studies:
            peer.get(f"/studies/{study}/anonymize", method="POST", body="{}")
        return seconds + time.perf_counter() - start


def orthanc_rest(source: Path, run: Path) -> float:
    with orthanc(run) as peer:
        return post_each(source, port=peer.http_port, path="/instances", threads=4)


def orthanc_stow(source: Path, run: Path) -> float:
    with orthanc(run) as peer:
        return stow(source, port=peer.http_port, path="/dicom-web/studies")
