"""Every way in: programs of others, the pages, the commands.

Each sends the files as its users would: with the sender's own defaults, and with whatever that
sender makes of the encoding.
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
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

import pydicom
from dicomweb_client.api import DICOMwebClient

from tests.faults.installation import LONGEST_SECONDS, Installation
from tests.faults.orthanc import AE_TITLE, Orthanc
from tests.faults.senders import Browser, UploadSender
from tests.faults.services import ReceiveService, WebService

CALLING, CALLED = "WAYS", "CRESCENT"
PART_BYTES = 8 * 1024 * 1024
COUNTED = re.compile(rb"<li[^>]*><strong>(\d+)</strong> ([a-z]+)")

Send = Callable[[Sequence[Path]], None]
"""Sends studies, each a folder of files."""


class EveryWayIn:
    """An installation with its services, and whoever sends to it.

    Parameters
    ----------
    studies
        What an archive of others has from the beginning.
    folder
        Where senders keep what they need.
    """

    def __init__(
        self, installation: Installation, *, studies: Sequence[Path], folder: Path
    ) -> None:
        self._installation = installation
        self._studies = studies
        self._folder = folder
        self._numbers = count()
        self._running = ExitStack()
        folder.mkdir()
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
    def ways(self) -> dict[str, Send]:
        return {
            "storescu": lambda studies: self._dcmtk("storescu", studies=studies),
            "storescu, implicit": lambda studies: self._dcmtk("storescu", "-xi", studies=studies),
            "dcmsend": lambda studies: self._dcmtk("dcmsend", studies=studies),
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
        """One that has all studies."""
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
        orthanc.take_in(_files(self._studies))
        self._manage(
            "add_remote_archive", "orthanc", "--centre", "DEMO", "--url", orthanc.dicomweb,
            "--private-network",
        )  # fmt: skip
        return orthanc

    def _dcmtk(self, *command: str, studies: Sequence[Path]) -> None:
        done = subprocess.run(
            [
                *command, "-aet", CALLING, "-aec", CALLED, "127.0.0.1", str(self._receive.port),
                *map(str, _files(studies)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-2000:]

    def _orthanc_c_store(self, studies: Sequence[Path]) -> None:
        said = self._orthanc.send("crescent", self._as_orthanc_calls(studies))
        assert (said["InstancesCount"], said["FailedInstancesCount"]) == (len(_files(studies)), 0)

    def _orthanc_stow(self, studies: Sequence[Path]) -> None:
        said = self._orthanc.store("crescent", self._as_orthanc_calls(studies))
        assert int(said["InstancesCount"]) == len(_files(studies))

    def _as_orthanc_calls(self, studies: Sequence[Path]) -> list[str]:
        return [self._orthanc.study(str(_header(study).StudyInstanceUID)) for study in studies]

    def _pull(self, studies: Sequence[Path]) -> None:
        """One study by its accession number, several as all of their patient."""
        header = _header(studies[0])
        search = ("--accession-number", header.AccessionNumber)
        if len(studies) > 1:
            search = ("--patient-id", header.PatientID)
        assert self._orthanc.dicomweb
        self._manage("pull", "orthanc", search[0], "--all", typed=f"{search[1]}\n")

    def _dicomweb_client(self, studies: Sequence[Path]) -> None:
        client = DICOMwebClient(
            f"{self._web.address}/dicom-web", headers={"Authorization": f"Bearer {self._token}"}
        )
        datasets = [pydicom.dcmread(file) for file in _files(studies)]
        said = client.store_instances(datasets)
        assert len(said.ReferencedSOPSequence) == len(datasets)

    def _upload(self, studies: Sequence[Path]) -> None:
        files = _files(studies)
        sender = UploadSender(files, browser=self._browser)
        sender.send()
        assert (len(sender.acknowledged), sender.refusals) == (len(files), [])

    def _upload_zip(self, studies: Sequence[Path]) -> None:
        """As the page sends what is large: begun, part by part, then taken in."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        content = self._zip(studies).read_bytes()
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

    def _command_line(self, studies: Sequence[Path]) -> None:
        self._manage("ingest", *map(str, studies), "--centre", "DEMO")

    def _command_line_zip(self, studies: Sequence[Path]) -> None:
        self._manage("ingest", str(self._zip(studies)), "--centre", "DEMO")

    def _watched_folder(self, studies: Sequence[Path]) -> None:
        watched = self._folder / f"watched-{next(self._numbers)}"
        for study in studies:
            shutil.copytree(study, watched / study.name)
        self._manage(
            "watch", str(watched), "--centre", "DEMO", "--stable-seconds", "0",
            "--quiet-seconds", "0", "--once",
        )  # fmt: skip

    def _zip(self, studies: Sequence[Path]) -> Path:
        path = self._folder / f"{next(self._numbers)}.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for study in studies:
                for file in _files([study]):
                    archive.write(file, f"{study.name}/{file.name}")
        return path

    def _manage(self, *arguments: str, typed: str = "") -> str:
        done = self._installation.manage(*arguments, typed=typed)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _files(studies: Sequence[Path]) -> list[Path]:
    return [file for study in studies for file in sorted(study.iterdir())]


def _header(study: Path) -> pydicom.Dataset:
    return pydicom.dcmread(next(study.iterdir()), stop_before_pixels=True)
