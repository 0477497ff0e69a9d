"""The long-running processes of an installation, started for real and ended without mercy."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.faults.installation import Installation
from tests.faults.preloaded import Preloaded, log_of

START_SECONDS = 60.0
END_SECONDS = 60.0
ASK_EVERY_SECONDS = 0.02


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """One service in a process group of its own.

    Parameters
    ----------
    command
        Arguments of `gunicorn` or `manage.py`, which is their first one.
    preloaded
        Who forks it; it is started anew without one.
    below
        What runs it, such as a tracer.
    """

    def __init__(
        self,
        installation: Installation,
        command: list[str],
        *,
        port: int,
        preloaded: Preloaded | None = None,
        below: Sequence[str] = (),
    ) -> None:
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        if preloaded is not None:
            self.pid = preloaded.start(command)
        else:
            with (log_of(installation)).open("ab") as log:
                self._process = subprocess.Popen(
                    [*below, sys.executable, *_run(command)],
                    env=installation.environment(),
                    cwd=installation.code,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
            self.pid = self._process.pid
        self._log = log_of(installation)
        try:
            self._wait()
        except AssertionError:
            self.kill()
            raise

    def kill(self) -> None:
        """End the service with all its children, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(signal.SIGTERM)

    def send(self, sent: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, sent)

    def answers(self) -> bool:
        """Whether somebody listens."""
        with socket.socket() as probe:
            probe.settimeout(5)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()

    def _end(self, sent: signal.Signals) -> None:
        self.send(sent)
        deadline = time.monotonic() + END_SECONDS
        while self._is_alive() and time.monotonic() < deadline:
            time.sleep(ASK_EVERY_SECONDS)
        self.send(signal.SIGKILL)

    def _is_alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        try:
            with open(f"/proc/{self.pid}/stat") as status:
                return status.read().rpartition(")")[2].split()[0] != "Z"
        except FileNotFoundError:
            return False

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            said = self._log.read_text()[-2000:]
            assert self._is_alive(), said
            assert time.monotonic() < deadline, said
            time.sleep(ASK_EVERY_SECONDS)


def _run(command: list[str]) -> list[str]:
    return ["-m", *command] if command[0] == "gunicorn" else command


class WebService(Service):
    """Pages, uploads and DICOMweb under gunicorn, as `make demo` starts them."""

    def __init__(
        self,
        installation: Installation,
        *,
        preloaded: Preloaded | None = None,
        below: Sequence[str] = (),
        port: int | None = None,
    ) -> None:
        port = port or free_port()
        super().__init__(
            installation,
            [
                "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1",
                "--threads", "4", "--timeout", "120", "--log-level", "warning",
            ],
            port=port,
            preloaded=preloaded,
            below=below,
        )  # fmt: skip

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health/live", timeout=5) as answer:
                alive: bool = answer.status == 200
                return alive
        except (urllib.error.URLError, OSError):
            return False


class ReceiveService(Service):
    """`manage.py receive`: C-STORE and C-ECHO."""

    def __init__(
        self,
        installation: Installation,
        *,
        preloaded: Preloaded | None = None,
        below: Sequence[str] = (),
    ) -> None:
        port = free_port()
        super().__init__(
            installation,
            ["manage.py", "receive", "--port", str(port), "--workers", "1"],
            port=port,
            preloaded=preloaded,
            below=below,
        )
