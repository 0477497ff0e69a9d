"""How far the check of a table or its import is, and that each is begun once.

An import is one transaction, so nothing it has done can be told through the database. Beside it
lies a small file of counts, and a lock that the kernel takes back when the process dies. A file
without its lock is of work that broke off: its transaction is gone with the process.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.conf import settings

FOLDER = "imports-under-way"
TOLD_EVERY_SECONDS = 0.5
TRIES, BETWEEN_TRIES_SECONDS = 5, 0.02
"""Who only looks whether a lock is held holds it for a moment, too."""

Kind = Literal["check", "take_in", "undo"]
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Progress:
    """What the file of an import says.

    Attributes
    ----------
    done, of
        Steps; `of` is 0 as long as nobody knows.
    said
        Why it came to an end without doing anything; "" where nobody said so.
    goes_on
        Whether a process works on it.
    """

    kind: Kind
    done: int
    of: int
    begun_at: datetime
    told_at: datetime
    said: str
    goes_on: bool

    def rows_done(self, rows: int) -> int:
        """In proportion: tables are written from above, so a row is done bit by bit."""
        return rows * self.done // self.of if self.of else 0

    @property
    def seconds_left(self) -> int | None:
        """None until there is something to tell it from."""
        if not self.done:
            return None
        seconds = (self.told_at - self.begun_at).total_seconds()
        return round(seconds * (self.of - self.done) / self.done)


class Work:
    """The right to work on one import, until it is released or the process dies."""

    def __init__(self, path: Path, lock: int, *, kind: Kind, clock: Clock) -> None:
        self._path, self._lock, self._kind, self._clock = path, lock, kind, clock
        self._begun_at = self._told_at = clock()
        self._write(0, 0, "")

    def begin(self) -> None:
        """Its turn has come; the time until now says nothing of how long it takes."""
        self._begun_at = self._clock()
        self._write(0, 0, "")

    def tell(self, done: int, of: int) -> None:
        """So many steps are done; written down now and then."""
        now = self._clock()
        if done < of and (now - self._told_at).total_seconds() < TOLD_EVERY_SECONDS:
            return
        self._told_at = now
        self._write(done, of, "")

    def end(self, said: str = "") -> None:
        """It came to its end; the file goes, or says why nothing was done."""
        if said:
            self._write(0, 0, said)
        else:
            self._path.unlink(missing_ok=True)

    def release(self) -> None:
        try:
            _lock_path(self._path).unlink(missing_ok=True)
        finally:
            os.close(self._lock)

    def _write(self, done: int, of: int, said: str) -> None:
        content = {
            "kind": self._kind,
            "done": done,
            "of": of,
            "begun_at": self._begun_at.isoformat(),
            "told_at": self._told_at.isoformat(),
            "said": said,
        }
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(content))
        os.replace(fresh, self._path)


def hold(public_id: UUID, *, kind: Kind, clock: Clock) -> Work | None:
    """The right to work on an import; None where somebody works on it."""
    path = _path(public_id)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    for _ in range(TRIES):
        lock = os.open(_lock_path(path), os.O_CREAT | os.O_RDWR, 0o600)
        if _locked(lock) and _is_still(lock, _lock_path(path)):
            try:
                return Work(path, lock, kind=kind, clock=clock)
            except OSError:
                # A full disk: held on, nobody could begin again before the process ends.
                os.close(lock)
                raise
        os.close(lock)
        time.sleep(BETWEEN_TRIES_SECONDS)
    return None


def progress(public_id: UUID) -> Progress | None:
    """How far it is, or how it ended without doing anything; None where there is nothing to say."""
    path = _path(public_id)
    goes_on = _is_held(_lock_path(path))
    try:
        content = json.loads(path.read_text())
        for name in ("begun_at", "told_at"):
            content[name] = datetime.fromisoformat(content[name])
        return Progress(**content, goes_on=goes_on)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        # Not there, or damaged by a power cut: only counts are lost.
        return None


@contextmanager
def turn(*, wait: bool) -> Iterator[bool]:
    """One import at a time, in all processes: the others would wait for the database.

    Without waiting, it says whether the turn has come.
    """
    folder = settings.CRESCENT_DATA / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(folder / "turn.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if wait:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield wait or _locked(lock)
    finally:
        os.close(lock)


def _path(public_id: UUID) -> Path:
    return Path(settings.CRESCENT_DATA) / FOLDER / f"{public_id}.json"


def _lock_path(path: Path) -> Path:
    return path.with_suffix(".lock")


def _locked(lock: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _is_still(lock: int, path: Path) -> bool:
    """Whether the file that is locked is the one that lies there, and was not cleared meanwhile."""
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(lock), path.stat())
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
