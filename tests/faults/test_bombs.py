"""Bombs are refused before they go off: in two seconds, in little memory, while others are served.

Time is the processor's, not the clock's, so that a busy machine does not fail the test.
"""

import os
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imaging.ingest.reading_process import Done, Refused
from tests.factories.dicom_files import ct_instance
from tests.faults.bombs import BOMBS, MIB, PERMITTED_LARGE
from tests.faults.installation import Installation
from tests.faults.memory import (
    children,
    forget_peak,
    peak_kib,
    processor_seconds,
    resident_kib,
)
from tests.faults.mutant_run import WatchedProcess
from tests.faults.senders import Browser, UploadSender
from tests.faults.services import WebService

pytestmark = [pytest.mark.faults, pytest.mark.one_database]

MOST_SECONDS = 2.0
MOST_EXTRA_KIB = 128 * 1024
LARGEST_SENT_BYTES = 64 * MIB
"""Larger ones are shown to the reading process only; sending them would measure the copying."""


class Reader:
    """A warm reading process and what a request cost it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process = WatchedProcess()
        assert isinstance(self.ask(ct_instance(folder / "warm.dcm")), Done)

    def ask(self, source: Path, **request: Any) -> Any:
        for left_over in ("unpacked", "output"):
            (self._folder / left_over).unlink(missing_ok=True)
        return self._process.ask(
            {
                "task": "prepare",
                "source": str(source),
                "entry": None,
                "unpacked": str(self._folder / "unpacked"),
                "output": str(self._folder / "output"),
                "centre_code": "DEMO",
                "expected": None,
                "overridden": [],
                "rules": [],
                **request,
            }
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def reason(self, source: Path) -> str:
        """Why it is refused, with a zip archive's entries asked for one by one."""
        if source.suffix != ".zip":
            return _reason(self.ask(source))
        listed = self.ask(source, task="entries")
        if not isinstance(listed, Done):
            return _reason(listed)
        first = listed.value[0]
        if first["reason_code"]:
            return str(first["reason_code"])
        return _reason(self.ask(source, entry=first["index"]))

    def close(self) -> None:
        self._process.close()


def _reason(answer: Any) -> str:
    return answer.reason_code if isinstance(answer, Refused) else f"not refused: {answer}"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    reader = Reader(tmp_path_factory.mktemp("reader"))
    yield reader
    reader.close()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_quickly_and_in_little_memory(name: str, reader: Reader, tmp_path: Path):
    _, reasons = BOMBS[name]
    bomb = _made(tmp_path, name)
    pid = reader.pid
    before_kib, before_seconds = resident_kib(pid), processor_seconds(pid)
    ours_before_kib = resident_kib(os.getpid())
    for process in (pid, os.getpid()):
        forget_peak(process)
    assert reader.reason(bomb) in reasons
    assert reader.pid == pid, "the reading process did not survive"
    assert processor_seconds(pid) - before_seconds < MOST_SECONDS
    assert peak_kib(pid) - before_kib < MOST_EXTRA_KIB
    assert peak_kib(os.getpid()) - ours_before_kib < MOST_EXTRA_KIB


@pytest.mark.parametrize("name", PERMITTED_LARGE)
def test_what_is_just_within_the_limits_costs_no_more(name: str, reader: Reader, tmp_path: Path):
    large = PERMITTED_LARGE[name](tmp_path / "large.dcm")
    pid = reader.pid
    before_kib, before_seconds = resident_kib(pid), processor_seconds(pid)
    forget_peak(pid)
    reader.ask(large)
    assert reader.pid == pid
    assert processor_seconds(pid) - before_seconds < MOST_SECONDS
    assert peak_kib(pid) - before_kib < 2 * MOST_EXTRA_KIB


def test_the_service_answers_others_while_bombs_arrive(service: Installation, tmp_path: Path):
    """Every bomb by upload, one after the other; somebody else asks for the page meanwhile."""
    made = {name: _made(tmp_path, name) for name in BOMBS}
    bombs = {
        bomb: BOMBS[name][1]
        for name, bomb in made.items()
        if bomb.stat().st_size <= LARGEST_SENT_BYTES
    }
    sound = [ct_instance(tmp_path / "sound.dcm")]
    with WebService(service) as running:
        browser = Browser(running.port)
        browser.sign_in()
        warm = UploadSender(sound, browser=browser)
        warm.send()
        assert warm.acknowledged == sound
        before = {pid: resident_kib(pid) for pid in children(running.pid)}
        for pid in before:
            forget_peak(pid)
        sender = UploadSender(list(bombs), browser=browser)
        with _Others(running.address) as others:
            sender.send()
        extra = {pid: peak_kib(pid) - before[pid] for pid in children(running.pid) if pid in before}
    assert sender.acknowledged == []
    assert len(bombs) > 20
    for bomb, reasons in bombs.items():
        assert sender.reasons[bomb] in reasons
    assert extra.keys() == before.keys(), "a process did not survive"
    assert max(extra.values()) < MOST_EXTRA_KIB
    assert others.failures == []
    assert others.answers > 10


class _Others:
    """Asks whether the service is alive, again and again, until the block ends."""

    def __init__(self, address: str) -> None:
        self.answers = 0
        self.failures: list[str] = []
        self._address = f"{address}/health/live"
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._ask, daemon=True)

    def __enter__(self) -> "_Others":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._done.is_set():
            try:
                with urllib.request.urlopen(self._address, timeout=2) as answer:
                    self.answers += answer.status == 200
            except OSError as error:
                self.failures.append(type(error).__name__)
            time.sleep(0.05)


def _made(folder: Path, name: str) -> Path:
    number = list(BOMBS).index(name)
    return BOMBS[name][0](folder / f"{number}{'.zip' if name.startswith('Z') else '.dcm'}")
