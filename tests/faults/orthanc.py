"""Orthanc with its DICOMweb plugin, on the loopback, as somebody else's archive."""

import json
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.faults.installation import LONGEST_SECONDS
from tests.faults.services import ASK_EVERY_SECONDS, START_SECONDS, free_port

PLUGIN = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so"
AE_TITLE = "ORTHANC"


class Orthanc:
    """A server of its own, with its data below a folder.

    Parameters
    ----------
    servers
        DICOMweb servers it may send to, by name: Url, Username, Password.
    modalities
        C-STORE services it may send to, by name: AE title and port on the loopback.
    """

    def __init__(
        self,
        folder: Path,
        *,
        servers: Mapping[str, Mapping[str, str]],
        modalities: Mapping[str, tuple[str, int]] | None = None,
    ) -> None:
        folder.mkdir()
        self.port = free_port()
        configuration = folder / "orthanc.json"
        configuration.write_text(
            json.dumps(
                {
                    "StorageDirectory": str(folder),
                    "IndexDirectory": str(folder),
                    "HttpPort": self.port,
                    "DicomServerEnabled": False,
                    "DicomAet": AE_TITLE,
                    "DicomModalities": {
                        name: [ae_title, "127.0.0.1", port]
                        for name, (ae_title, port) in (modalities or {}).items()
                    },
                    "AuthenticationEnabled": False,
                    "RemoteAccessAllowed": False,
                    "Plugins": [PLUGIN],
                    "DicomWeb": {"Enable": True, "Servers": servers},
                }
            )
        )
        self._log = (folder / "log").open("ab")
        self._process = subprocess.Popen(
            ["Orthanc", str(configuration)], stdout=self._log, stderr=self._log
        )

    @property
    def dicomweb(self) -> str:
        return f"http://127.0.0.1:{self.port}/dicom-web"

    def __enter__(self) -> Self:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.ask("/system")
            except (urllib.error.URLError, OSError):
                assert self._process.poll() is None, "Orthanc does not start"
                assert time.monotonic() < deadline, "Orthanc does not answer"
                time.sleep(ASK_EVERY_SECONDS)
            else:
                return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.wait(timeout=60)
        self._log.close()

    def ask(self, path: str, body: bytes | None = None) -> Any:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body)
        with urllib.request.urlopen(request, timeout=LONGEST_SECONDS) as answer:
            return json.loads(answer.read())

    def file(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=120) as answer:
            content: bytes = answer.read()
            return content

    def take_in(self, files: Iterable[Path]) -> None:
        for file in files:
            self.ask("/instances", file.read_bytes())

    def study(self, uid: str) -> str:
        """What it calls the study with this Study Instance UID."""
        [found] = self.ask("/tools/lookup", uid.encode())
        return str(found["ID"])

    def store_all(self, server: str) -> dict[str, Any]:
        """Send every study to a server (STOW-RS)."""
        return self.store(server, self.ask("/studies"))

    def store(self, server: str, studies: Sequence[str]) -> dict[str, Any]:
        said: dict[str, Any] = self.ask(
            f"/dicom-web/servers/{server}/stow",
            json.dumps({"Resources": studies, "Synchronous": True}).encode(),
        )
        return said

    def send_all(self, modality: str) -> dict[str, Any]:
        """Send every study to a modality (C-STORE)."""
        return self.send(modality, self.ask("/studies"))

    def send(self, modality: str, studies: Sequence[str]) -> dict[str, Any]:
        said: dict[str, Any] = self.ask(
            f"/modalities/{modality}/store", json.dumps(studies).encode()
        )
        return said
