"""An installation of its own for tests that kill, trace or starve real processes."""

import hashlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
ANSWER = re.compile(r"(\d+) (indexed|duplicate)")
RUN = re.compile(r"run ([0-9a-f-]{36})")
PIXEL_BYTES = 64 * 64 * 2
"""Of the slices these tests send; the pixels are the last bytes of each file."""


@dataclass(frozen=True)
class Stored:
    """An instance as the database names it."""

    sha256: str
    pixel_offset: int
    pixel_length: int


class Installation:
    """Data folder, SQLite database and code of one installation.

    Parameters
    ----------
    code
        The tree to run: the project itself, or a copy with a fault planted in it.
    """

    def __init__(self, data: Path, *, code: Path = PROJECT) -> None:
        self.data = data
        self.code = code

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "CRESCENT_DEMO": "1",
            "CRESCENT_DATA": str(self.data),
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    @property
    def database(self) -> Path:
        return self.data / "crescent.sqlite3"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.code / "manage.py"), *arguments]

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(),
            cwd=self.code,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ingest(self, *folders: Path) -> subprocess.CompletedProcess[str]:
        return self.manage("ingest", *map(str, folders), "--centre", "DEMO", "--json")

    def start_ingest(self, *folders: Path) -> subprocess.Popen[str]:
        return self.start("ingest", *map(str, folders), "--centre", "DEMO", "--json")

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command as the leader of its own process group."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment(),
            cwd=self.code,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def create(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        for arguments in (
            ["migrate", "--verbosity", "0", "--skip-checks"],
            ["add_centre", "DEMO", "Demo", "--time-zone", "UTC", "--skip-checks"],
        ):
            done = self.manage(*arguments)
            assert done.returncode == 0, done.stderr

    def copy_to(self, data: Path, *, code: Path | None = None) -> "Installation":
        shutil.copytree(self.data, data)
        return Installation(data, code=code or self.code)

    def stored_of_run(self, run: str) -> dict[int, Stored]:
        """By position, what the run's files were recorded as."""
        with self._connection() as connection:
            rows = connection.execute(
                "SELECT f.position, i.stored_sha256, i.pixel_offset, i.pixel_length"
                " FROM imaging_ingestedfile f JOIN imaging_ingestrun r ON r.id = f.run_id"
                " JOIN imaging_instance i ON i.id = f.instance_id WHERE r.public_id = ?",
                [uuid.UUID(run).hex],
            ).fetchall()
        return {position: Stored(*stored) for position, *stored in rows}

    def stored_hashes(self) -> list[str]:
        with self._connection() as connection:
            (integrity,) = connection.execute("PRAGMA integrity_check").fetchone()
            assert integrity == "ok"
            return [
                row[0] for row in connection.execute("SELECT stored_sha256 FROM imaging_instance")
            ]

    def blob(self, sha256: str) -> Path:
        return self.data / "archive" / sha256[:2] / sha256[2:4] / f"{sha256}.dcm"

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            # Constraints of the registry use it; Django brings it along elsewhere.
            connection.create_function(
                "REGEXP", 2, lambda pattern, text: bool(re.search(pattern, str(text)))
            )
            yield connection


def kill_group(process: "subprocess.Popen[str]") -> str:
    """Kill the process with all its children at once; returns what it still had to say."""
    assert process.stdout is not None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    said = process.stdout.read()
    process.wait()
    process.stdout.close()
    return said


def acknowledged(output: str) -> dict[int, str]:
    """Result by position, from the complete lines of an ingest's output."""
    lines = output.splitlines(keepends=True)
    answers = [ANSWER.fullmatch(line.rstrip("\n")) for line in lines if line.endswith("\n")]
    return {int(answer[1]): answer[2] for answer in answers if answer}


def assert_kept(installation: Installation, *, output: str, sources: list[Path]) -> int:
    """Every acknowledged file is there with the right bytes; returns how many there were."""
    run = RUN.search(output)
    answers = acknowledged(output)
    stored = installation.stored_of_run(run[1]) if run else {}
    for position in answers:
        content = installation.blob(stored[position].sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == stored[position].sha256
        start = stored[position].pixel_offset
        pixels = content[start : start + stored[position].pixel_length]
        assert pixels == sources[position - 1].read_bytes()[-PIXEL_BYTES:]
    return len(answers)


def assert_no_row_without_bytes(installation: Installation) -> None:
    for sha256 in installation.stored_hashes():
        content = installation.blob(sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
