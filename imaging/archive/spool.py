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
from pathlib import Path

from imaging.archive.errors import storage_faults_named

LOCK_NAME = "lock"


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

    def clear_abandoned(self) -> int:
        """Remove what dead processes left; returns the number of files. May be killed and rerun."""
        if not self.root.is_dir():
            return 0
        removed = 0
        for folder in sorted(self.root.iterdir()):
            if not folder.is_dir():
                continue
            lock = _try_lock(folder)
            if lock is None:
                continue
            removed += sum(1 for entry in folder.iterdir() if entry.name != LOCK_NAME)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
        return removed

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
