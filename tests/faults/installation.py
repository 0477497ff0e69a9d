"""An installation of its own for tests that kill, trace or starve real processes."""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.faults.database import Database, SqliteDatabase

PROJECT = Path(__file__).resolve().parents[2]
ANSWER = re.compile(r"(\d+) (indexed|duplicate)")
RUN = re.compile(r"run ([0-9a-f-]{36})")
SENDER, PASSWORD = "sender", "crescent-demo-2016"
LONGEST_SECONDS = 3600
"""It only ends what hangs; thousands of files on a busy machine take their time."""

PIXEL_BYTES = 64 * 64 * 2
"""Of the slices these tests send; the pixels are the last bytes of each file."""


@dataclass(frozen=True)
class Stored:
    """An instance as the database names it."""

    sha256: str
    pixel_offset: int
    pixel_length: int


class Installation:
    """Data folder, database and code of one installation.

    Parameters
    ----------
    database
        Below the data folder when none is given.
    code
        The tree to run: the project itself, or a copy with a fault planted in it.
    """

    def __init__(
        self, data: Path, *, database: Database | None = None, code: Path = PROJECT
    ) -> None:
        self.data = data
        self.database = database or SqliteDatabase(data)
        self.code = code

    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            "CRESCENT_DEMO": "1",
            "CRESCENT_DATA": str(self.data),
            "DATABASE_URL": self.database.url,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.code / "manage.py"), *arguments]

    def manage(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(),
            cwd=self.code,
            input=typed,
            capture_output=True,
            text=True,
            timeout=LONGEST_SECONDS,
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
        self.database.create()
        for arguments in (
            ["migrate", "--verbosity", "0"],
            ["add_centre", "DEMO", "Demo", "--time-zone", "UTC"],
            ["add_user", SENDER, "--centre", "DEMO", "--role", "data_manager"],
        ):
            done = self.manage(*arguments, "--skip-checks", typed=f"{PASSWORD}\n")
            assert done.returncode == 0, done.stderr

    def copy_to(self, data: Path, *, code: Path | None = None) -> "Installation":
        shutil.copytree(self.data, data)
        return Installation(data, database=self.database.copy_to(data), code=code or self.code)

    def stored_of_run(self, run: str) -> dict[int, Stored]:
        """By position, what the run's files were recorded as."""
        rows = self.database.rows(
            "SELECT f.position, i.stored_sha256, i.pixel_offset, i.pixel_length"
            " FROM imaging_ingestedfile f JOIN imaging_ingestrun r ON r.id = f.run_id"
            " JOIN imaging_instance i ON i.id = f.instance_id WHERE r.public_id = ?",
            uuid.UUID(run).hex,
        )
        return {position: Stored(*stored) for position, *stored in rows}

    def stored_by_pixels(self) -> dict[str, Stored]:
        """By the hash of its pixels, what every image was recorded as."""
        rows = self.database.rows(
            "SELECT stored_sha256, pixel_offset, pixel_length FROM imaging_instance"
        )
        return {self._pixel_sha256(one): one for one in (Stored(*row) for row in rows)}

    def _pixel_sha256(self, one: Stored) -> str:
        content = self.blob(one.sha256).read_bytes()
        pixels = content[one.pixel_offset : one.pixel_offset + one.pixel_length]
        return hashlib.sha256(pixels).hexdigest()

    def stored_hashes(self) -> list[str]:
        self.database.assert_sound()
        return [row[0] for row in self.database.rows("SELECT stored_sha256 FROM imaging_instance")]

    def blob(self, sha256: str) -> Path:
        return self.data / "archive" / sha256[:2] / f"{sha256}.dcm"


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


def assert_all_kept(installation: Installation, *, sources: Iterable[Path]) -> None:
    """Every one of these files is stored, with its own pixels and the hash it was recorded with.

    Which row is a file's is told from its pixels, so they must differ from file to file; this
    needs to know nothing of the way it came.
    """
    stored = installation.stored_by_pixels()
    for source in sources:
        pixels = source.read_bytes()[-PIXEL_BYTES:]
        one = stored[hashlib.sha256(pixels).hexdigest()]
        content = installation.blob(one.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == one.sha256
        assert content[one.pixel_offset : one.pixel_offset + one.pixel_length] == pixels


def assert_no_row_without_bytes(installation: Installation) -> None:
    for sha256 in installation.stored_hashes():
        content = installation.blob(sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == sha256
