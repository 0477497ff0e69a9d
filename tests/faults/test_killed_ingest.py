"""kill -9 at random moments: what was acknowledged stays, and nothing else is claimed."""

import os
import random
import time
from pathlib import Path

import pytest

from tests.faults.conftest import SLICES
from tests.faults.installation import (
    Installation,
    assert_kept,
    assert_no_row_without_bytes,
    kill_group,
)

pytestmark = pytest.mark.faults

KILLS = int(os.environ.get("CRESCENT_KILLS", "25"))
"""The suite runs on two databases, so these are fifty in all."""

SEED = 20240601
UID_ROOT = b"77700001"
LONGEST_BATCH_SECONDS = 0.03
"""About what a batch of small files takes on an idle machine."""


def test_nothing_acknowledged_is_lost_when_an_ingest_is_killed(
    empty_installation: Installation, series_folder: Path, tmp_path: Path
):
    """Each killed ingest is followed by the next one, which also resends what was cut off."""
    installation = empty_installation.copy_to(tmp_path / "installation")
    moments = random.Random(SEED)
    unfinished: list[Path] = []
    killed_midway = 0
    for number in range(KILLS):
        unfinished.append(_series_of_its_own(series_folder, tmp_path / "sent", number=number))
        sources = _files(unfinished)
        output = _killed_ingest(
            installation,
            unfinished,
            after_lines=moments.randrange(len(sources)),
            after_seconds=moments.uniform(0, LONGEST_BATCH_SECONDS),
        )
        count = assert_kept(installation, output=output, sources=sources)
        assert_no_row_without_bytes(installation)
        killed_midway += 0 < count < len(sources)
        unfinished = unfinished[count // SLICES :]

    everything = sorted((tmp_path / "sent").iterdir())
    done = installation.ingest(*everything)
    assert done.returncode == 0, done.stdout + done.stderr
    assert assert_kept(installation, output=done.stdout, sources=_files(everything)) == (
        KILLS * SLICES
    )
    assert len(installation.stored_hashes()) == KILLS * SLICES
    for command in (["recover"], ["verify_archive"], ["verify_history", "--skip-checks"]):
        checked = installation.manage(*command)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    assert not list((installation.data / "spool").iterdir())
    # Otherwise the moments prove nothing.
    assert killed_midway >= KILLS // 5


def test_recovery_may_be_killed_and_run_again(
    empty_installation: Installation, series_folder: Path, tmp_path: Path
):
    installation = empty_installation.copy_to(tmp_path / "installation")
    moments = random.Random(SEED)
    _killed_ingest(installation, [series_folder], after_lines=1, after_seconds=0.1)
    for _ in range(5):
        process = installation.start("recover")
        time.sleep(moments.uniform(0.3, 1.2))
        kill_group(process)
        assert_no_row_without_bytes(installation)
    assert installation.manage("recover").returncode == 0
    assert installation.ingest(series_folder).returncode == 0
    assert installation.manage("verify_archive").returncode == 0


def _killed_ingest(
    installation: Installation, folders: list[Path], *, after_lines: int, after_seconds: float
) -> str:
    """Counted from the answers, not from the clock, so that a busy machine kills midway too."""
    process = installation.start_ingest(*folders)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(after_lines)]
    time.sleep(after_seconds)
    return "".join(lines) + kill_group(process)


def _series_of_its_own(template: Path, parent: Path, *, number: int) -> Path:
    """A copy of the series with UIDs of its own."""
    folder = parent / f"{number:04d}"
    folder.mkdir(parents=True)
    for path in template.iterdir():
        content = path.read_bytes().replace(UID_ROOT, b"777%05d" % (100 + number))
        (folder / path.name).write_bytes(content)
    return folder


def _files(folders: list[Path]) -> list[Path]:
    """In the order in which an ingest of the folders reads them."""
    return [path for folder in folders for path in sorted(folder.iterdir())]
