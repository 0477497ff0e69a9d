"""A file that is read while it arrives: nobody waits, and nobody pays for another's file."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from imaging.dicom.preparation import PreparedInstance
from imaging.ingest.early_reading import EarlyReading
from imaging.ingest.pool import Pool
from imaging.ingest.reading_process import MOST_TOLD, Done, ReadingProcess
from tests.factories.dicom_files import ct_instance

KEYS = {"uid": "11" * 32, "subject": "22" * 32}


@pytest.fixture
def pool() -> Iterator[Pool]:
    with Pool(size=1, keys=KEYS) as pool:
        yield pool


def request(source: Path, output: Path) -> dict[str, object]:
    return {
        "task": "prepare",
        "source": str(source),
        "entry": None,
        "unpacked": "",
        "output": str(output),
        "centre_code": "NORTH",
    }


@pytest.fixture
def answers(pool: Pool, tmp_path: Path) -> dict[int, PreparedInstance]:
    """Of slices that came whole: the series is known to the process."""
    return {index: whole(pool, tmp_path, index) for index in range(4)}


def whole(pool: Pool, tmp_path: Path, index: int) -> PreparedInstance:
    path = ct_instance(tmp_path / f"{index}.dcm", index=index)
    answer = pool.ask(request(path, tmp_path / f"{index}.out")).result()
    assert isinstance(answer, Done)
    return PreparedInstance.from_json(answer.value)


def begun(pool: Pool, tmp_path: Path, index: int) -> tuple[EarlyReading, Path, bytes]:
    content = (tmp_path / f"{index}.dcm").read_bytes()
    source, output = tmp_path / f"growing-{index}", tmp_path / f"early-{index}"
    source.write_bytes(content[:-500])
    early = EarlyReading(pool=pool, request=request(source, output), output=output)
    early.has_arrived()
    return early, source, content[-500:]


def completed(pool: Pool, early: EarlyReading, source: Path, rest: bytes) -> PreparedInstance:
    with source.open("ab") as file:
        file.write(rest)
    answer = pool.ask(request(source, early.output), of=early.process).result()
    assert isinstance(answer, Done)
    return PreparedInstance.from_json(answer.value)


def test_the_answer_is_that_of_the_whole_file(pool, answers, tmp_path):
    early, source, rest = begun(pool, tmp_path, 3)
    early.has_arrived()
    assert completed(pool, early, source, rest) == answers[3]
    assert early.output.read_bytes() == (tmp_path / "3.out").read_bytes()


def test_it_is_read_before_it_is_asked_for(pool, answers, tmp_path):
    """Once another file has been answered the one that arrives has been begun."""
    early, *_ = begun(pool, tmp_path, 3)
    whole(pool, tmp_path, 2)
    assert early.output.exists()


def test_a_busy_process_is_not_told_and_nobody_waits_for_it(pool, answers, tmp_path):
    process = pool._take()
    early, source, rest = begun(pool, tmp_path, 3)
    assert early.process is None
    pool._give_back(process)
    assert completed(pool, early, source, rest) == answers[3]


def test_what_is_discarded_leaves_nothing(pool, answers, tmp_path):
    early, *_ = begun(pool, tmp_path, 3)
    early.discard()
    whole(pool, tmp_path, 2)
    assert not early.output.exists()


def test_more_files_than_a_process_remembers_are_all_answered(pool, answers, tmp_path):
    """As many as there are associations: what is forgotten is read from its beginning."""
    for index in range(4, 12):
        answers[index] = whole(pool, tmp_path, index)
    arriving = {index: begun(pool, tmp_path, index) for index in range(12)}
    for index, (early, source, rest) in arriving.items():
        assert completed(pool, early, source, rest) == answers[index]
        assert early.output.read_bytes() == (tmp_path / f"{index}.out").read_bytes()


def test_who_asks_after_the_file_of_another_killed_the_process_is_answered_by_a_new_one(
    pool, answers, tmp_path
):
    early, *_ = begun(pool, tmp_path, 3)
    assert early.process is not None
    assert early.process._process is not None
    os.kill(early.process._process.pid, signal.SIGSEGV)
    assert whole(pool, tmp_path, 2) == answers[2]


def test_a_process_that_never_answers_is_told_no_more_than_its_pipe_holds(pool, answers, tmp_path):
    process: ReadingProcess = pool._free[-1]
    assert process._process is not None
    os.kill(process._process.pid, signal.SIGSTOP)
    early, source, rest = begun(pool, tmp_path, 3)
    for _ in range(10 * MOST_TOLD):
        early.has_arrived()
    os.kill(process._process.pid, signal.SIGCONT)
    assert completed(pool, early, source, rest) == answers[3]
