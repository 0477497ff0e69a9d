"""CD media: the index is never trusted, its files are found by looking (CD with DICOMDIR)."""

import shutil
import subprocess
from pathlib import Path

import pydicom
import pytest
from pydicom.config import disable_value_validation

from imaging.models import IngestedFile, Instance
from tests.factories.dicom_files import SeriesPlan, ct_series
from tests.faults.installation import Installation
from tests.integration.imaging.conftest import Ingest

NAME = "CANARY^INDEXED"


@pytest.fixture
def disc(tmp_path: Path) -> Path:
    """A real tree made with DCMTK, whose index names a patient and leads out of the disc."""
    root = tmp_path / "disc"
    (root / "IMAGES").mkdir(parents=True)
    for number, path in enumerate(ct_series(root / "IMAGES", SeriesPlan(slices=3))):
        dataset = pydicom.dcmread(path)
        dataset.PatientName = NAME
        dataset.save_as(path)
        path.rename(root / "IMAGES" / f"IM{number}")
    made = subprocess.run(
        ["dcmmkdir", "--general-purpose", "+r", "+D", "DICOMDIR", "+id", str(root)],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (root / "DICOMDIR").exists(), made.stderr
    index = pydicom.dcmread(root / "DICOMDIR")
    secret = tmp_path / "secret.dcm"
    shutil.copy(root / "IMAGES" / "IM0", secret)
    hostile = 0
    for record in index.DirectoryRecordSequence:
        if "PatientName" in record:
            record.PatientName = NAME
        if "ReferencedFileID" in record:
            with disable_value_validation():
                record.ReferencedFileID = ["..", "secret.dcm"] if hostile else ["..", "..", "etc"]
            hostile += 1
    assert hostile == 3
    index.save_as(root / "DICOMDIR")
    return root


def test_the_images_are_found_and_the_index_is_passed_over(ingest: Ingest, disc: Path):
    done = ingest(disc)
    assert (done.counts["indexed"], done.counts["ignored"]) == (3, 1)
    assert Instance.objects.count() == 3
    assert NAME not in str(done)


def test_an_index_under_another_name_is_refused_and_names_nobody(
    ingest: Ingest, disc: Path, caplog: pytest.LogCaptureFixture
):
    (disc / "DICOMDIR").rename(disc / "IMAGES" / "IM9")
    done = ingest(disc)
    assert (done.counts["indexed"], done.counts["rejected"]) == (3, 1)
    assert IngestedFile.objects.filter(result="rejected").count() == 1
    assert "CANARY" not in str(done) + caplog.text


@pytest.mark.faults
@pytest.mark.one_database
@pytest.mark.parametrize("name", ["DICOMDIR", "IM9"])
def test_no_file_that_the_index_names_is_opened(
    empty_installation: Installation, tmp_path: Path, disc: Path, name: str
):
    """Told from the system calls of the command and of the processes that read."""
    installation = empty_installation.copy_to(tmp_path / "installation")
    (disc / "DICOMDIR").rename(disc / name)
    trace = tmp_path / "trace"
    done = subprocess.run(
        [
            "strace", "-f", "-qq", "-e", "trace=open,openat,stat,lstat,newfstatat,statx",
            "-o", str(trace),
            *installation.command("ingest", str(disc), "--centre", "DEMO", "--workers", "1"),
        ],
        env=installation.environment(), cwd=installation.code, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "3 indexed" in done.stdout, done.stderr
    calls = trace.read_text(errors="replace")
    assert str(disc / "IMAGES" / "IM1") in calls, "the trace sees what is opened"
    assert "secret.dcm" not in calls
    assert f"{disc}/.." not in calls
    if name == "DICOMDIR":
        opened = [line for line in calls.splitlines() if "open" in line and "DICOMDIR" in line]
        assert opened == []
    assert "CANARY" not in done.stdout + done.stderr
