"""The limited child: whatever a file does to it, the parent gets an answer and goes on."""

import errno
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaging.dicom.preparation import PreparedInstance
from imaging.ingest import reading_process
from imaging.ingest.reading_process import (
    Done,
    Fault,
    ReadingProcess,
    ReadingProcessUnavailableError,
    Refused,
)
from tests.factories.dicom_files import ct_instance, zip_of

KEYS = {"uid": "11" * 32, "subject": "22" * 32}


@pytest.fixture
def child() -> Iterator[ReadingProcess]:
    process = ReadingProcess(KEYS)
    yield process
    process.close()


@pytest.fixture
def slice_path(tmp_path: Path) -> Path:
    return ct_instance(tmp_path / "slice.dcm")


def request(source: Path, output: Path, **more: object) -> dict[str, object]:
    return {
        "task": "prepare",
        "source": str(source),
        "entry": None,
        "unpacked": str(output) + ".unpacked",
        "output": str(output),
        "centre_code": "NORTH",
    } | more


def pid_of(child: ReadingProcess) -> int:
    assert child._process is not None
    return child._process.pid


def test_a_sound_slice_is_prepared(child: ReadingProcess, slice_path: Path, tmp_path: Path):
    answer = child.ask(request(slice_path, tmp_path / "out"))
    assert isinstance(answer, Done)
    prepared = PreparedInstance.from_json(answer.value)
    assert (tmp_path / "out").stat().st_size == prepared.stored_bytes
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o600


def test_a_zip_entry_is_unpacked_and_prepared(
    child: ReadingProcess, slice_path: Path, tmp_path: Path
):
    archive = zip_of(tmp_path / "z", [("x", b"text"), ("slice", slice_path.read_bytes())])
    assert child.ask(request(archive, tmp_path / "0", entry=0)) == Refused("not_dicom")
    assert isinstance(child.ask(request(archive, tmp_path / "1", entry=1)), Done)
    assert (tmp_path / "1.unpacked").read_bytes() == slice_path.read_bytes()


def test_a_refusal_is_an_answer_and_the_child_lives_on(
    child: ReadingProcess, slice_path: Path, tmp_path: Path
):
    text = tmp_path / "text.dcm"
    text.write_text("Dear colleague, " * 100)
    assert child.ask(request(text, tmp_path / "out")) == Refused("not_dicom")
    first = pid_of(child)
    assert isinstance(child.ask(request(slice_path, tmp_path / "out")), Done)
    assert pid_of(child) == first


def test_a_child_that_dies_refuses_the_file_and_is_replaced(
    child: ReadingProcess, slice_path: Path, tmp_path: Path
):
    child.ask(request(slice_path, tmp_path / "out"))
    first = pid_of(child)
    os.kill(first, signal.SIGSEGV)
    assert child.ask(request(slice_path, tmp_path / "out")) == Refused("parser_crashed")
    assert isinstance(child.ask(request(slice_path, tmp_path / "out")), Done)
    assert pid_of(child) != first


def test_a_child_that_stalls_is_ended_and_replaced(
    child: ReadingProcess,
    slice_path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    child.ask(request(slice_path, tmp_path / "out"))
    os.kill(pid_of(child), signal.SIGSTOP)
    monkeypatch.setattr(reading_process, "SECONDS_PER_TASK", 0.2)
    assert child.ask(request(slice_path, tmp_path / "out")) == Refused("parser_timeout")
    monkeypatch.undo()
    assert isinstance(child.ask(request(slice_path, tmp_path / "out")), Done)


def test_a_full_disk_is_the_storage_s_fault_and_not_the_file_s(
    child: ReadingProcess, slice_path: Path, tmp_path: Path
):
    # A link, never the device itself: what is not written is removed again.
    output = tmp_path / "full"
    output.symlink_to("/dev/full")
    assert child.ask(request(slice_path, output)) == Fault(errno.ENOSPC)
    assert Path("/dev/full").exists()


def test_a_file_that_is_gone_is_refused(child: ReadingProcess, tmp_path: Path):
    answer = child.ask(request(tmp_path / "gone", tmp_path / "out"))
    assert answer == Refused("file_unreadable")


def test_the_child_is_limited_and_has_neither_django_nor_our_secrets(
    child: ReadingProcess, slice_path: Path, tmp_path: Path
):
    child.ask(request(slice_path, tmp_path / "out"))
    process = Path(f"/proc/{pid_of(child)}")
    limits = process.joinpath("limits").read_text()
    assert "Max address space         1610612736" in limits
    assert "Max core file size        0" in limits
    assert b"CRESCENT" not in process.joinpath("environ").read_bytes()
    assert "django" not in process.joinpath("maps").read_text().lower()


def test_a_child_that_cannot_start_is_not_blamed_on_a_file(
    monkeypatch: pytest.MonkeyPatch, slice_path: Path, tmp_path: Path
):
    monkeypatch.setattr(reading_process.sys, "executable", "/bin/false")
    with pytest.raises(ReadingProcessUnavailableError):
        ReadingProcess(KEYS).ask(request(slice_path, tmp_path / "out"))
