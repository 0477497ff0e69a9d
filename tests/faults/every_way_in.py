"""One study on every way in: programs of others, the pages, the commands.

Each way delivers the same files to the same installation, as its users would: with the sender's
own defaults, and with whatever that sender makes of the encoding.
"""

import json
import re
import shutil
import subprocess
import uuid
import zipfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

import pydicom
from dicomweb_client.api import DICOMwebClient

from tests.faults.installation import Installation
from tests.faults.orthanc import AE_TITLE, Orthanc
from tests.faults.senders import Browser, UploadSender
from tests.faults.services import ReceiveService, WebService

CALLING, CALLED = "WAYS", "CRESCENT"
SECONDS = 1800
PART_BYTES = 8 * 1024 * 1024
COUNTED = re.compile(rb"<li[^>]*><strong>(\d+)</strong> ([a-z]+)")


class EveryWayIn:
    """An installation with its services, and the ways to send one study to it.

    Parameters
    ----------
    files
        The study, in one folder of its own.
    folder
        Where senders keep what they need.
    """

    def __init__(self, installation: Installation, *, files: Sequence[Path], folder: Path) -> None:
        self._installation = installation
        self._files = list(files)
        self._folder = folder
        self._running = ExitStack()
        folder.mkdir(exist_ok=True)
        self._token = self._manage("add_dicomweb_peer", "stow", "--centre", "DEMO").strip()
        for name, calling in (("dimse", CALLING), ("orthanc-dimse", AE_TITLE)):
            self._manage(
                "add_peer", name, "--centre", "DEMO", "--calling", calling, "--called", CALLED,
                "--network", "127.0.0.1",
            )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._running.close()

    @property
    def ways(self) -> dict[str, Callable[[], None]]:
        return {
            "storescu": lambda: self._storescu(),
            "storescu, implicit": lambda: self._storescu("-xi"),
            "dcmsend": self._dcmsend,
            "Orthanc, C-STORE": self._orthanc_c_store,
            "Orthanc, STOW-RS": self._orthanc_stow,
            "dicomweb-client": self._dicomweb_client,
            "upload": self._upload,
            "zip upload in parts": self._upload_zip,
            "command line": self._command_line,
            "zip, command line": self._command_line_zip,
            "watched folder": self._watched_folder,
            "pull from Orthanc": self._pull,
        }

    def results(self) -> dict[str, int]:
        rows = self._installation.database.rows(
            "SELECT result, count(*) FROM imaging_ingestedfile GROUP BY result"
        )
        return dict(rows)

    def shown_on_run_pages(self) -> list[dict[str, int]]:
        """What the page of each delivery counts, in words of the page."""
        rows = self._installation.database.rows("SELECT public_id FROM imaging_ingestrun")
        runs = [uuid.UUID(str(row[0])) for row in rows]
        pages = [self._browser.ask("GET", f"/imaging/runs/{run}/") for run in runs]
        assert [status for status, _ in pages] == [200] * len(pages)
        return [
            {word.decode(): int(number) for number, word in COUNTED.findall(page)}
            for _, page in pages
        ]

    def _manage(self, *arguments: str, typed: str = "") -> str:
        done = self._installation.manage(*arguments, typed=typed)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @cached_property
    def _web(self) -> WebService:
        return self._running.enter_context(WebService(self._installation))

    @cached_property
    def _receive(self) -> ReceiveService:
        return self._running.enter_context(ReceiveService(self._installation))

    @cached_property
    def _browser(self) -> Browser:
        browser = Browser(self._web.port)
        browser.sign_in()
        return browser

    @cached_property
    def _orthanc(self) -> Orthanc:
        """One that has the study."""
        server = {
            "Url": f"{self._web.address}/dicom-web/",
            "Username": "stow",
            "Password": self._token,
        }
        orthanc = self._running.enter_context(
            Orthanc(
                self._folder / "orthanc",
                servers={"crescent": server},
                modalities={"crescent": (CALLED, self._receive.port)},
            )
        )
        orthanc.take_in(self._files)
        self._manage(
            "add_remote_archive", "orthanc", "--centre", "DEMO", "--url", orthanc.dicomweb,
            "--private-network",
        )  # fmt: skip
        return orthanc

    @cached_property
    def _zip(self) -> Path:
        path = self._folder / "study.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in self._files:
                archive.write(file, f"CT/{file.name}")
        return path

    def _send(self, *command: str) -> None:
        done = subprocess.run(
            [*command[:1], "-aet", CALLING, "-aec", CALLED, *command[1:]],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-2000:]

    def _storescu(self, *options: str) -> None:
        self._send("storescu", *options, "127.0.0.1", str(self._receive.port), *self._names)

    def _dcmsend(self) -> None:
        self._send("dcmsend", "127.0.0.1", str(self._receive.port), *self._names)

    @property
    def _names(self) -> list[str]:
        return [str(file) for file in self._files]

    def _orthanc_c_store(self) -> None:
        said = self._orthanc.send_all("crescent")
        assert (said["InstancesCount"], said["FailedInstancesCount"]) == (len(self._files), 0)

    def _orthanc_stow(self) -> None:
        assert int(self._orthanc.store_all("crescent")["InstancesCount"]) == len(self._files)

    def _pull(self) -> None:
        patient = str(pydicom.dcmread(self._files[0], stop_before_pixels=True).PatientID)
        assert self._orthanc is not None
        self._manage("pull", "orthanc", "--patient-id", "--json", typed=f"{patient}\n")

    def _dicomweb_client(self) -> None:
        client = DICOMwebClient(
            f"{self._web.address}/dicom-web", headers={"Authorization": f"Bearer {self._token}"}
        )
        said = client.store_instances([pydicom.dcmread(file) for file in self._files])
        assert len(said.ReferencedSOPSequence) == len(self._files)

    def _upload(self) -> None:
        sender = UploadSender(self._files, browser=self._browser)
        sender.send()
        assert (len(sender.acknowledged), sender.refusals) == (len(self._files), [])

    def _upload_zip(self) -> None:
        """As the page sends what is large: begun, part by part, then taken in."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        content = self._zip.read_bytes()
        status, said = self._browser.ask("POST", "/imaging/uploads/", b"centre_code=DEMO", form)
        assert status == 201, said
        urls = json.loads(said)["urls"]
        status, said = self._browser.ask(
            "POST", urls["parts"], f"position=1&name=study.zip&size={len(content)}".encode(), form
        )
        assert status == 201, said
        for offset in range(0, len(content), PART_BYTES):
            part = content[offset : offset + PART_BYTES]
            status, said = self._browser.ask(
                "PUT", f"{urls['parts']}/1", part, {"Upload-Offset": str(offset)}
            )
            assert status == 200, said
        status, said = self._browser.ask("POST", f"{urls['parts']}/1/take-in")
        assert (status, json.loads(said.splitlines()[-1])["done"]) == (200, True)
        self._browser.ask("POST", urls["finish"])

    def _command_line(self) -> None:
        self._manage("ingest", str(self._files[0].parent), "--centre", "DEMO")

    def _command_line_zip(self) -> None:
        self._manage("ingest", str(self._zip), "--centre", "DEMO")

    def _watched_folder(self) -> None:
        watched = self._folder / "watched"
        shutil.copytree(self._files[0].parent, watched, dirs_exist_ok=True)
        self._manage(
            "watch", str(watched), "--centre", "DEMO", "--stable-seconds", "0",
            "--quiet-seconds", "0", "--once",
        )  # fmt: skip
