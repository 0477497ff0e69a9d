"""The long-running processes of an installation, started for real and ended without mercy."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.faults.installation import Installation

START_SECONDS = 60.0
ASK_EVERY_SECONDS = 0.05


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Service:
    """One service in a process group of its own."""

    def __init__(self, installation: Installation, command: list[str]) -> None:
        self.port = free_port()
        self._log = (installation.data / f"{type(self).__name__}.log").open("ab")
        self._process = subprocess.Popen(
            [part.format(port=self.port) for part in command],
            env=installation.environment(),
            cwd=installation.code,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        try:
            self._wait()
        except AssertionError:
            self.kill()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        """End the service with all its children, as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._end(signal.SIGTERM)

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
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, sent)
        self._process.wait(timeout=60)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._log.close()

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            said = Path(self._log.name).read_text()[-2000:]
            assert self._process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(ASK_EVERY_SECONDS)


class WebService(Service):
    """Pages, uploads and DICOMweb under gunicorn, as `make demo` starts them."""

    def __init__(self, installation: Installation, *, workers: int = 1) -> None:
        super().__init__(
            installation,
            [
                sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", "127.0.0.1:{port}",
                "--workers", str(workers), "--threads", "4", "--timeout", "120",
                "--log-level", "warning",
            ],
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
