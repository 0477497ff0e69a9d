"""One kill right before every system call of an ingest that changes something or says something.

Random moments hit the long stretches; the short ones, where order matters, are hit here. By
default every STRIDE-th call is tried, `CRESCENT_EVERY_CALL=1` tries all.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.dicom_files import SeriesPlan, ct_series
from tests.faults.installation import (
    Installation,
    assert_kept,
    assert_no_row_without_bytes,
)
from tests.faults.syscall_trace import KILLED
from tests.faults.test_durability_order import TRACER

pytestmark = pytest.mark.faults

STRIDE = 1 if os.environ.get("CRESCENT_EVERY_CALL") else 97
CHECK_EVERY = 10
"""`verify_archive` and `verify_history` start slowly; the files and rows are compared each time."""

SLICES = 3


def test_state_is_before_or_after_at_every_call(empty_installation: Installation, tmp_path: Path):
    series = tmp_path / "series"
    series.mkdir()
    sources = ct_series(series, SeriesPlan(slices=SLICES), rows=64, columns=64)
    call, tried, answered = 1, 0, set()
    while True:
        installation = empty_installation.copy_to(tmp_path / f"at-{call}")
        done = _killed_at(call, installation, series, trace=tmp_path / "trace")
        if done.returncode != KILLED:
            break
        answered.add(assert_kept(installation, output=done.stdout, sources=sources))
        assert_no_row_without_bytes(installation)
        _goes_on(installation, series, sources)
        if tried % CHECK_EVERY == 0:
            for command in (["recover"], ["verify_archive"], ["verify_history", "--skip-checks"]):
                checked = installation.manage(*command)
                assert checked.returncode == 0, (call, checked.stdout + checked.stderr)
        tried += 1
        call += STRIDE
    print(f"\nkilled before {tried} of {call - 1} calls; the ingest then ran to its end")
    assert done.returncode == 0, done.stderr
    assert assert_kept(installation, output=done.stdout, sources=sources) == SLICES
    # Otherwise the calls prove nothing: some come before the first answer, some after it.
    assert 0 in answered
    assert len(answered) > 1


def _goes_on(installation: Installation, series: Path, sources: list[Path]) -> None:
    """The same files again: all are stored then, once, and nothing else lies about."""
    again = installation.manage(
        "ingest", str(series), "--centre", "DEMO", "--json", "--workers", "1"
    )
    assert again.returncode == 0, again.stdout + again.stderr
    assert assert_kept(installation, output=again.stdout, sources=sources) == SLICES
    hashes = installation.stored_hashes()
    assert len(hashes) == SLICES
    assert {path.stem for path in (installation.data / "archive").rglob("*.dcm")} == set(hashes)
    assert not list((installation.data / "spool").iterdir())


def _killed_at(
    call: int, installation: Installation, series: Path, *, trace: Path
) -> "subprocess.CompletedProcess[str]":
    command = installation.command(
        "ingest", str(series), "--centre", "DEMO", "--workers", "1", "--json"
    )
    return subprocess.run(
        [
            sys.executable,
            str(TRACER),
            str(trace),
            f"kill:{installation.data}:{call}",
            "--",
            *command,
        ],
        env=installation.environment(),
        cwd=installation.code,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
