"""Crescent on the same study, each way in with an installation of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.generated_study import parts_of
from tests.benchmarks.processes import LOOPBACK, free_port, server, storescu
from tests.benchmarks.stow import stow

ROOT = Path(__file__).resolve().parents[2]
CALLED = "CRESCENT"
REQUESTS_TO_WARM_UP = 8
"""Each of the two web workers gets some, and starts its reading processes."""


class Installation:
    """A data folder with an empty database and one centre."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self.environment = {
            name: value for name, value in os.environ.items() if name != "DATABASE_URL"
        } | {"CRESCENT_DEMO": "1", "CRESCENT_DATA": str(data)}
        self.manage("migrate", "--verbosity", "0")
        self.manage("add_centre", "BENCH", "Benchmark", "--time-zone", "UTC")

    def manage(self, *arguments: str, typed: str = "") -> str:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            input=typed,
            text=True,
        ).stdout

    def instances(self) -> int:
        return sum(1 for _ in (self._data / "archive").rglob("*.dcm"))


def command_line(source: Path, run: Path, *, workers: int) -> float:
    """The command's own time, less that of the same command for a single slice.

    What is left is the work; starting Python, Django and the reading processes is taken off.
    """
    installation = Installation(run / "data")
    one = _one(source, run)
    command = ("--centre", "BENCH", "--workers", str(workers), "--json")

    def seconds(folder: Path) -> float:
        start = time.perf_counter()
        installation.manage("ingest", str(folder), *command)
        return time.perf_counter() - start

    starting = seconds(one)
    working = seconds(source) - starting
    _expect_all(installation, source)
    return working


@contextmanager
def receiving(run: Path) -> Iterator[tuple[Installation, int, int]]:
    """Installation, port and process id of a running C-STORE service."""
    installation = Installation(run / "data")
    installation.manage(
        *("add_peer", "bench", "--centre", "BENCH", "--calling", "BENCH", "--called", CALLED),
        *("--network", LOOPBACK),
    )
    port = free_port()
    with server(
        [sys.executable, "manage.py", "receive", "--port", str(port)],
        ports=[port],
        log=run / "receive.log",
        environment=installation.environment,
        folder=ROOT,
    ) as process:
        yield installation, port, process.pid


def c_store(source: Path, run: Path, *, associations: int) -> float:
    folders = parts_of(source, run / "parts", count=associations)
    with receiving(run) as (installation, port, _):
        _warm_up(source, run, port)
        seconds = storescu(folders, port=port, called=CALLED)
        _expect_all(installation, source)
    return seconds


def stow_rs(source: Path, run: Path) -> float:
    installation = Installation(run / "data")
    token = installation.manage("add_dicomweb_peer", "bench", "--centre", "BENCH").strip()
    port = free_port()
    gunicorn = Path(sys.executable).with_name("gunicorn")
    with server(
        [
            *(str(gunicorn), "config.wsgi", "--bind", f"{LOOPBACK}:{port}", "--workers", "2"),
            *("--threads", "4", "--timeout", "120", "--log-level", "warning"),
        ],
        ports=[port],
        log=run / "gunicorn.log",
        environment=installation.environment,
        folder=ROOT,
    ):
        headers = {"Authorization": f"Bearer {token}"}
        one = _one(source, run)
        for _ in range(REQUESTS_TO_WARM_UP):
            stow(one, port=port, path="/dicom-web/studies", headers=headers)
        seconds = stow(source, port=port, path="/dicom-web/studies", headers=headers)
        _expect_all(installation, source)
    return seconds


def _warm_up(source: Path, run: Path, port: int) -> None:
    """Send one slice, so that the reading processes are running as they would be in a hospital."""
    storescu([_one(source, run)], port=port, called=CALLED)


def _one(source: Path, run: Path) -> Path:
    """A folder with the first slice."""
    one = run / "one"
    one.mkdir()
    first, *_ = sorted(source.iterdir())
    (one / first.name).hardlink_to(first)
    return one


def _expect_all(installation: Installation, source: Path) -> None:
    stored, sent = installation.instances(), len(list(source.iterdir()))
    if stored != sent:
        raise RuntimeError(f"{stored} of {sent} slices were stored")
