"""A full or failing disk: no success answer that is not true, and recovery by sending again.

After SQLite's method: fail the N-th call and all later ones, for growing N; the state is then
"before" or "after", never a third.
"""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.conftest import SLICES
from tests.faults.installation import (
    LONGEST_SECONDS,
    Installation,
    acknowledged,
    assert_kept,
    assert_no_row_without_bytes,
)
from tests.faults.test_durability_order import TRACER

pytestmark = pytest.mark.faults

OF_FILES = [
    ("fsync", errno.EIO, 1),
    ("fsync", errno.EIO, 40),
    ("rename", errno.EIO, 1),
    ("rename", errno.EROFS, 20),
    ("mkdir", errno.ENOSPC, 6),
]
OF_SQLITE = [
    ("fdatasync", errno.EIO, 3),
    ("pwrite64", errno.ENOSPC, 30),
    ("pwrite64", errno.ENOSPC, 120),
]
"""PostgreSQL meets such faults in its own server."""


def _named(fault: tuple[str, int, int]) -> str:
    call, number, first = fault
    return f"{call} {first} {errno.errorcode[number]}"


@pytest.mark.parametrize("fault", OF_FILES, ids=_named)
def test_no_answer_is_given_that_the_storage_did_not_keep(
    fault: tuple[str, int, int], service: Installation, series_folder: Path, tmp_path: Path
):
    _fails_honestly(service, series_folder, fault=fault, trace=tmp_path / "trace")


@pytest.mark.parametrize("fault", OF_SQLITE, ids=_named)
def test_no_answer_is_given_that_the_database_did_not_keep(
    fault: tuple[str, int, int],
    empty_installation: Installation,
    series_folder: Path,
    tmp_path: Path,
):
    installation = empty_installation.copy_to(tmp_path / "installation")
    _fails_honestly(installation, series_folder, fault=fault, trace=tmp_path / "trace")


def _fails_honestly(
    installation: Installation, folder: Path, *, fault: tuple[str, int, int], trace: Path
) -> None:
    sources = sorted(folder.iterdir())
    failed = _ingest_with_fault(installation, folder, fault=":".join(map(str, fault)), trace=trace)
    assert failed.returncode == 1, failed.stdout
    assert "safe" in failed.stderr
    assert len(acknowledged(failed.stdout)) < SLICES
    assert_kept(installation, output=failed.stdout, sources=sources)
    assert_no_row_without_bytes(installation)

    again = installation.ingest(folder)
    assert again.returncode == 0, again.stderr
    assert assert_kept(installation, output=again.stdout, sources=sources) == SLICES
    assert installation.manage("verify_archive").returncode == 0


def _ingest_with_fault(
    installation: Installation, folder: Path, *, fault: str, trace: Path
) -> "subprocess.CompletedProcess[str]":
    command = installation.command("ingest", str(folder), "--centre", "DEMO")
    return subprocess.run(
        [sys.executable, str(TRACER), str(trace), fault, "--", *command],
        env=installation.environment(),
        cwd=installation.code,
        capture_output=True,
        text=True,
        timeout=LONGEST_SECONDS,
        check=False,
    )
