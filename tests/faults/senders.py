"""Clients that send files and remember only what they were told."""

import http.client
import json
import re
import subprocess
import threading
import urllib.parse
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path

import pydicom

from tests.faults.installation import LONGEST_SECONDS, PASSWORD, SENDER

FILES_PER_REQUEST = 4
TAKEN_IN = ("indexed", "duplicate")
REFERENCED_SOP_SEQUENCE, SOP_INSTANCE_UID = "00081199", "00081155"
SENDING_FILE = re.compile(r"^I: Sending file: (.+)$")
STORE_RESPONSE = re.compile(r"^[IWE]: Received Store Response \((.+)\)$")
GONE = (OSError, http.client.HTTPException)
"""What a client sees of a server that was killed."""


class Sender(threading.Thread):
    """Sends in a thread of its own; `acknowledged` grows only by what an answer confirmed."""

    def __init__(self, files: Sequence[Path]) -> None:
        super().__init__(daemon=True)
        self.files = list(files)
        self.acknowledged: list[Path] = []
        self.refusals: list[str] = []
        """Answers that were no confirmation; no answer at all is not among them."""

    def run(self) -> None:
        try:
            self.send()
        except GONE:
            return

    def send(self) -> None:
        raise NotImplementedError


class Browser:
    """What a browser keeps between requests."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._cookies: dict[str, str] = {}

    def at(self, port: int) -> "Browser":
        """The same person at the same service, started again."""
        browser = Browser(port)
        browser._cookies = dict(self._cookies)
        return browser

    def sign_in(self, *, username: str = SENDER, password: str = PASSWORD) -> None:
        self.ask("GET", "/sign-in/")
        status, _ = self.ask(
            "POST",
            "/sign-in/",
            urllib.parse.urlencode({"username": username, "password": password}).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert status == 302, status

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            connection.request(
                method,
                path,
                body or None,
                {
                    "Accept": "application/json",
                    "Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items()),
                    "X-CSRFToken": self._cookies.get("csrftoken", ""),
                    **(headers or {}),
                },
            )
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self._cookies[name] = value
        return answer.status, content


class UploadSender(Sender):
    """The upload page: a few files per request."""

    def __init__(self, files: Sequence[Path], *, browser: Browser) -> None:
        super().__init__(files)
        self._browser = browser
        self.reasons: dict[Path, str] = {}

    def send(self) -> None:
        status, content = self._browser.ask(
            "POST",
            "/imaging/uploads/",
            b"centre_code=DEMO",
            {"Content-Type": "application/x-www-form-urlencoded"},
        )
        if status != 201:
            self.refusals.append(f"{status}")
            return
        urls = json.loads(content)["urls"]
        for start in range(0, len(self.files), FILES_PER_REQUEST):
            self._send_some(urls["files"], start)
        self._browser.ask("POST", urls["finish"])

    def _send_some(self, url: str, start: int) -> None:
        files = self.files[start : start + FILES_PER_REQUEST]
        boundary, body = form(files, first_position=start + 1)
        status, content = self._browser.ask(
            "POST", url, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        )
        if status != 200:
            self.refusals.append(f"{status}")
            return
        for row in json.loads(content)["files"]:
            file = self.files[row["position"] - 1]
            if row["result"] in TAKEN_IN:
                self.acknowledged.append(file)
            else:
                self.refusals.append(row["reason_code"])
                self.reasons[file] = row["reason_code"]


def form(files: Iterable[Path], *, first_position: int) -> tuple[str, bytes]:
    """A form with files and their positions: its boundary and its bytes."""
    boundary = uuid.uuid4().hex
    parts = []
    for position, file in enumerate(files, start=first_position):
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="position"\r\n\r\n'
            f"{position}\r\n--{boundary}\r\n"
            f'Content-Disposition: form-data; name="files"; filename="{file.name}"\r\n'
            "Content-Type: application/dicom\r\n\r\n".encode()
            + file.read_bytes()
            + b"\r\n"
        )
    return boundary, b"".join(parts) + f"--{boundary}--\r\n".encode()


class StowSender(Sender):
    """A DICOMweb client of a registered peer: a few instances per request (PS3.18 10.5)."""

    def __init__(self, files: Sequence[Path], *, port: int, token: str) -> None:
        super().__init__(files)
        self._port = port
        self._token = token

    def send(self) -> None:
        for start in range(0, len(self.files), FILES_PER_REQUEST):
            self._send_some(self.files[start : start + FILES_PER_REQUEST])

    def _send_some(self, files: list[Path]) -> None:
        boundary = uuid.uuid4().hex
        parts = [
            f"--{boundary}\r\nContent-Type: application/dicom\r\n\r\n".encode()
            + file.read_bytes()
            + b"\r\n"
            for file in files
        ]
        status, content = Browser(self._port).ask(
            "POST",
            "/dicom-web/studies",
            b"".join(parts) + f"--{boundary}--\r\n".encode(),
            {
                "Accept": "application/dicom+json",
                "Authorization": f"Bearer {self._token}",
                "Content-Type": f'multipart/related; type="application/dicom"; boundary={boundary}',
            },
        )
        if status not in (200, 202):
            self.refusals.append(f"{status}")
            return
        answer = json.loads(content)
        stored = {
            item[SOP_INSTANCE_UID]["Value"][0]
            for item in answer.get(REFERENCED_SOP_SEQUENCE, {}).get("Value", [])
        }
        confirmed = [file for file in files if instance_uid(file) in stored]
        self.acknowledged += confirmed
        self.refusals += ["not stored"] * (len(files) - len(confirmed))


class StorescuSender(Sender):
    """DCMTK's storescu: one association, one C-STORE per file."""

    def __init__(self, files: Sequence[Path], *, port: int, calling: str, called: str) -> None:
        super().__init__(files)
        self._command = [
            "storescu", "-v", "-aet", calling, "-aec", called, "127.0.0.1", str(port),
        ]  # fmt: skip

    def send(self) -> None:
        done = subprocess.run(
            [*self._command, *map(str, self.files)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
        sending: Path | None = None
        for line in done.stdout.splitlines():
            if found := SENDING_FILE.search(line):
                sending = Path(found[1])
            elif found := STORE_RESPONSE.search(line):
                assert sending is not None
                if found[1] == "Success":
                    self.acknowledged.append(sending)
                else:
                    self.refusals.append(found[1])


def instance_uid(file: Path) -> str:
    dataset = pydicom.dcmread(file, specific_tags=["SOPInstanceUID"], stop_before_pixels=True)
    return str(dataset.SOPInstanceUID)
