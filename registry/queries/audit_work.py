"""Audits that take longer than a request may: counted by a process of their own, once for all.

Beside the database lies a small file that says how far it is, and a lock that the kernel takes back
when the process dies. Its memory, which grows with the registry, goes back with it.
"""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from django.conf import settings

from registry.audit.errors import AuditError
from registry.audit.run import run

from . import audit_facts, kept_answers, kept_cases, registry_state
from .kept_answers import Answer, Question, write

FOLDER: Final = "audits-under-way"
MOST_IN_LINE: Final = 4
"""Begun and not ended. One counts at a time: two would need the memory of both."""

LEFT_FOR: Final = timedelta(days=1)
"""So long it is told that a count broke off."""

Clock = Callable[[], datetime]


class Stage(StrEnum):
    """What a process does with a question."""

    WAITS = "waits"
    READS = "reads"
    COUNTS = "counts"
    REFUSED = "refused"


@dataclass(frozen=True)
class Progress:
    """How far a count is.

    Attributes
    ----------
    said
        Why it cannot be counted, in the audit's own words; "" where nobody said so.
    goes_on
        Whether a process works on it, or waits to.
    """

    stage: Stage
    begun_at: datetime
    said: str
    goes_on: bool


def begin(question: Question, *, at: datetime) -> bool:
    """Have it counted, unless a process does so already.

    Returns
    -------
    Whether somebody counts it. Not where too many wait: ask again later.
    """
    _clear(at)
    if len(_in_line()) >= MOST_IN_LINE:
        return False
    lock = os.open(_file(question.digest, ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if not _locked(lock):
            return True
        os.utime(lock)
        asked = json.dumps(question.to_json()).encode()
        write(_file(question.digest, ".asked"), asked)
        _tell(question, Stage.WAITS, at)
        _start(question.digest, lock)
    finally:
        # The process that was started holds it now.
        os.close(lock)
    return True


def progress(question: Question) -> Progress | None:
    """How far it is, or how it ended without an answer; None where there is nothing to say."""
    goes_on = _is_held(_file(question.digest, ".lock"))
    try:
        told = json.loads(_file(question.digest, ".json").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return Progress(
        stage=Stage(told["stage"]),
        begun_at=datetime.fromisoformat(told["begun_at"]),
        said=told["said"],
        goes_on=goes_on,
    )


def forget(question: Question) -> None:
    """Say no more how the last count ended, for it is begun anew."""
    _file(question.digest, ".json").unlink(missing_ok=True)


def count(digest: str, *, clock: Clock) -> None:
    """Count a question that was begun, and keep the answer; `manage.py count_audit` does it."""
    question = Question.from_json(json.loads(_file(digest, ".asked").read_text()))
    with _turn():
        _tell(question, Stage.READS, clock())
        try:
            answer = _answered(question, clock)
        except AuditError as error:
            _tell(question, Stage.REFUSED, clock(), str(error))
            return
    kept_answers.keep(question, answer, at=clock())
    for suffix in (".json", ".asked"):
        _file(digest, suffix).unlink(missing_ok=True)


def _answered(question: Question, clock: Clock) -> Answer:
    read_at = clock()
    with registry_state.one_moment():
        state = registry_state.of_centres(question.centres, needs=question.needs)
        cohort = audit_facts.cohort_of_centres(centre_codes=question.centres, needs=question.needs)
    _tell(question, Stage.COUNTS, read_at)
    result = run(
        question.protocol_key,
        cohort,
        filters=question.filters,
        as_of=question.as_of,
        code_version=question.code_version,
    )
    with suppress(OSError):
        # On a full disk the numbers, which are far smaller, may find room still.
        kept_cases.keep(question, state=state, result=result, cohort=cohort)
    return Answer(result.to_json(), state, read_at)


def _start(digest: str, lock: int) -> None:
    # Those that have ended are asked for their end, so that nothing is left of them.
    _started[:] = [one for one in _started if one.poll() is None]
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "count_audit", digest]
    _started.append(
        subprocess.Popen(
            command,
            pass_fds=(lock,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    )


_started: list["subprocess.Popen[bytes]"] = []


def _tell(question: Question, stage: Stage, at: datetime, said: str = "") -> None:
    told = {"stage": stage.value, "begun_at": at.isoformat(), "said": said}
    write(_file(question.digest, ".json"), json.dumps(told).encode())


@contextmanager
def _turn() -> Iterator[None]:
    lock = os.open(_folder() / "turn", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _in_line() -> list[Path]:
    return [path for path in _folder().glob("*.lock") if _is_held(path)]


def _clear(at: datetime) -> None:
    for path in _folder().iterdir():
        with suppress(FileNotFoundError):
            old = path.stat().st_mtime < (at - LEFT_FOR).timestamp()
            if old and not _is_held(path.with_suffix(".lock")):
                path.unlink()


def _folder() -> Path:
    found = Path(settings.CRESCENT_DATA) / FOLDER
    found.mkdir(mode=0o700, exist_ok=True)
    return found


def _file(digest: str, suffix: str) -> Path:
    return _folder() / f"{digest}{suffix}"


def _locked(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _is_held(path: Path) -> bool:
    try:
        lock = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _locked(lock)
    finally:
        os.close(lock)
