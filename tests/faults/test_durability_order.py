"""A trace of system calls shows that nobody is answered before his file is durable.

`kill -9` cannot show it: the page cache survives the end of a process. Copies of the code with
one flush removed must fail the same check, or the check proves nothing.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.durability_order import read_trace, violations
from tests.faults.installation import PROJECT, RUN, Installation

pytestmark = pytest.mark.faults

TRACER = Path(__file__).with_name("syscall_trace.py")
CODE = ("config", "imaging", "registry", "manage.py", "pyproject.toml")


@dataclass(frozen=True)
class Mutant:
    """One line of the code replaced, and what the check must then find missing."""

    file: str
    line: str
    replacement: str
    missing: str


MUTANTS = {
    "file not flushed": Mutant(
        "imaging/archive/local_files.py",
        "list(self._flushing.map(flush_file, [source for source, _ in moves]))",
        "pass",
        "fsync of the file",
    ),
    "folder not flushed": Mutant(
        "imaging/archive/local_files.py",
        "entered[target.parent] = None",
        "pass",
        "fsync of the folder",
    ),
    "parent of a new folder not flushed": Mutant(
        "imaging/archive/local_files.py",
        "flush_folder(self._archive)",
        "pass",
        "fsync of the parent",
    ),
    "no folder flushed": Mutant(
        "imaging/archive/local_files.py",
        "list(self._flushing.map(flush_folder, entered))",
        "pass",
        "fsync of the folder",
    ),
    "database log not flushed": Mutant(
        "config/settings.py",
        "PRAGMA synchronous=FULL",
        "PRAGMA synchronous=NORMAL",
        "fsync of the database's log",
    ),
}


def test_every_answer_follows_fsync_rename_folder_fsync_and_commit(
    empty_installation: Installation, series_folder: Path, tmp_path: Path
):
    installation = empty_installation.copy_to(tmp_path / "installation")
    assert _violations(installation, series_folder, trace=tmp_path / "trace") == []


@pytest.mark.parametrize("name", MUTANTS)
def test_a_copy_with_one_flush_removed_is_caught(
    name: str, empty_installation: Installation, series_folder: Path, tmp_path: Path
):
    code = _copy_with(MUTANTS[name], tmp_path / "code")
    installation = empty_installation.copy_to(tmp_path / "installation", code=code)
    found = _violations(installation, series_folder, trace=tmp_path / "trace")
    assert any(MUTANTS[name].missing in violation for violation in found)


def _violations(installation: Installation, folder: Path, *, trace: Path) -> list[str]:
    done = subprocess.run(
        [
            sys.executable,
            str(TRACER),
            str(trace),
            "--",
            *installation.command("ingest", str(folder), "--centre", "DEMO"),
        ],
        env=installation.environment(),
        cwd=installation.code,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    run = RUN.search(done.stdout)
    assert run is not None
    stored = installation.stored_of_run(run[1])
    return violations(
        read_trace(trace),
        data=installation.data,
        stored={position: one.sha256 for position, one in stored.items()},
    )


def _copy_with(mutant: Mutant, code: Path) -> Path:
    code.mkdir()
    for name in CODE:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(
                source, code / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules")
            )
        else:
            shutil.copy2(source, code / name)
    path = code / mutant.file
    content = path.read_text()
    assert content.count(mutant.line) == 1
    path.write_text(content.replace(mutant.line, mutant.replacement))
    return code
