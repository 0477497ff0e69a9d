"""The spool: bytes that are on their way in and that nobody has been promised anything about.

Each process writes into a folder of its own and holds a lock on it for as long as it lives.
Whoever gets the lock of another folder knows that its owner is gone, whatever machine
restarted or process number came back, and may clear it.
"""

import atexit
import fcntl
import os
import shutil
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from imaging.archive.durability import flush_folder
from imaging.archive.errors import storage_faults_named

LOCK_NAME = "lock"


class AbandonedSpool:
    """What dead processes left, held so that nobody else clears it meanwhile.

    It is the only trace of their death: whoever mends what else they may have left does so first
    and clears it then, so that whoever is killed in between leaves the trace to the next one.
    """

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders

    def __bool__(self) -> bool:
        return bool(self._folders)

    def clear(self) -> int:
        """Remove it; returns the number of files."""
        removed = 0
        for folder in self._folders:
            removed += sum(1 for entry in folder.iterdir() if entry.name != LOCK_NAME)
            shutil.rmtree(folder, ignore_errors=True)
        self._folders = []
        return removed


class Spool:
    """Hands out new paths on the file system of the archive."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._mutex = threading.Lock()
        self._owner: int | None = None
        self._folder: Path | None = None
        self._lock: int | None = None

    def new_path(self) -> Path:
        """A path that no file has yet, in this process's own folder."""
        with self._mutex, storage_faults_named():
            if self._folder is None or self._owner != os.getpid():
                self._open_folder()
            assert self._folder is not None
            return self._folder / uuid.uuid4().hex

    @contextmanager
    def abandoned(self) -> Iterator[AbandonedSpool]:
        """The folders of processes that are gone, kept from others until the end of the block."""
        locks: dict[Path, int] = {}
        try:
            for folder in sorted(self.root.iterdir()) if self.root.is_dir() else ():
                lock = _try_lock(folder) if folder.is_dir() else None
                if lock is not None:
                    locks[folder] = lock
            yield AbandonedSpool(list(locks))
        finally:
            # Released by the kernel when the process dies, however it dies.
            for lock in locks.values():
                os.close(lock)

    def close(self) -> None:
        """Remove this process's folder with whatever is left in it."""
        with self._mutex:
            if self._folder is not None and self._owner == os.getpid():
                shutil.rmtree(self._folder, ignore_errors=True)
                if self._lock is not None:
                    os.close(self._lock)
            self._folder = self._lock = self._owner = None

    def _open_folder(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            folder = self.root / uuid.uuid4().hex
            folder.mkdir(mode=0o700)
            lock = os.open(folder / LOCK_NAME, os.O_CREAT | os.O_RDWR, 0o600)
            fcntl.flock(lock, fcntl.LOCK_EX)
            # A clearing process may have taken the folder for abandoned before it was locked.
            if (folder / LOCK_NAME).exists():
                break
            os.close(lock)
        # A power cut leaves the trace of this process, whatever else it leaves.
        flush_folder(self.root)
        flush_folder(self.root.parent)
        self._folder, self._lock, self._owner = folder, lock, os.getpid()
        atexit.register(self.close)


def _try_lock(folder: Path) -> int | None:
    """The lock of a folder whose owner is gone, or None."""
    try:
        lock = os.open(folder / LOCK_NAME, os.O_CREAT | os.O_RDWR, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock
