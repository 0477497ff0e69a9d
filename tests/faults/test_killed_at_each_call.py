"""One kill right before every system call of an ingest that changes something or says something.

Random moments hit the long stretches; the short ones, where order matters, are hit here. By
default every STRIDE-th call is tried, `CRESCENT_EVERY_CALL=1` tries all.
"""

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories.dicom_files import SeriesPlan, ct_series
from tests.faults.installation import (
    Installation,
    assert_kept,
    assert_no_row_without_bytes,
)
from tests.faults.preloaded import Preloaded
from tests.faults.syscall_trace import KILLED

pytestmark = pytest.mark.faults

STRIDE = 1 if os.environ.get("CRESCENT_EVERY_CALL") else 47
SLICES = 3
INGEST = ("ingest", "--centre", "DEMO", "--workers", "1", "--json")


def test_state_is_before_or_after_at_every_call(empty_installation: Installation, tmp_path: Path):
    series = tmp_path / "series"
    series.mkdir()
    sources = ct_series(series, SeriesPlan(slices=SLICES), rows=64, columns=64)
    installation = empty_installation.copy_to(tmp_path / "installation")
    call, answered = 1, []
    with closing(Preloaded(installation)) as preloaded:
        while True:
            fault = f"kill:{installation.data}:{call}"
            done = preloaded.run(*INGEST, str(series), fault=fault)
            if done.returncode != KILLED:
                break
            answered.append(assert_kept(installation, output=done.stdout, sources=sources))
            assert_no_row_without_bytes(installation)
            _goes_on(installation, preloaded, series, sources)
            shutil.rmtree(installation.data)
            empty_installation.copy_to(installation.data)
            call += STRIDE
    print(f"\nkilled before {len(answered)} of {call - 1} calls; the ingest then ran to its end")
    assert done.returncode == 0, preloaded.log.read_text()
    assert assert_kept(installation, output=done.stdout, sources=sources) == SLICES
    # Otherwise the calls prove nothing: some come before the first answer, some after it.
    assert 0 in answered
    assert len(set(answered)) > 1


def _goes_on(
    installation: Installation, preloaded: Preloaded, series: Path, sources: list[Path]
) -> None:
    """The same files again: all are stored then, once, and nothing else lies about."""
    again = preloaded.run(*INGEST, str(series))
    assert again.returncode == 0, preloaded.log.read_text()
    assert assert_kept(installation, output=again.stdout, sources=sources) == SLICES
    hashes = installation.stored_hashes()
    assert len(hashes) == SLICES
    assert {path.stem for path in (installation.data / "archive").rglob("*.dcm")} == set(hashes)
    assert not list((installation.data / "spool").iterdir())
    for command in (["recover"], ["verify_archive"], ["verify_history", "--skip-checks"]):
        checked = preloaded.run(*command)
        assert checked.returncode == 0, checked.stdout + preloaded.log.read_text()
