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
    Installation,
    acknowledged,
    assert_kept,
    assert_no_row_without_bytes,
)
from tests.faults.test_durability_order import TRACER

pytestmark = pytest.mark.faults

FAULTS = [
    ("fsync", errno.EIO, 1),
    ("fsync", errno.EIO, 40),
    ("fdatasync", errno.EIO, 3),
    ("rename", errno.EIO, 1),
    ("rename", errno.EROFS, 20),
    ("mkdir", errno.ENOSPC, 6),
    ("pwrite64", errno.ENOSPC, 30),
    ("pwrite64", errno.ENOSPC, 120),
]


@pytest.mark.parametrize(
    ("call", "number", "first"),
    FAULTS,
    ids=[f"{call} {first} {errno.errorcode[number]}" for call, number, first in FAULTS],
)
def test_no_answer_is_given_that_the_storage_did_not_keep(
    call: str,
    number: int,
    first: int,
    empty_installation: Installation,
    series_folder: Path,
    tmp_path: Path,
):
    installation = empty_installation.copy_to(tmp_path / "installation")
    sources = sorted(series_folder.iterdir())
    failed = _ingest_with_fault(
        installation, series_folder, fault=f"{call}:{number}:{first}", trace=tmp_path / "trace"
    )
    assert failed.returncode == 1, failed.stdout
    assert "safe" in failed.stderr
    assert len(acknowledged(failed.stdout)) < SLICES
    assert_kept(installation, output=failed.stdout, sources=sources)
    assert_no_row_without_bytes(installation)

    again = installation.ingest(series_folder)
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
        timeout=300,
        check=False,
    )
