"""A folder that others drop files into: which of them are complete, and where they go then."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

DONE, REFUSED = "done", "refused"
MOST_OF_ONE_NAME = 10_000
TRY_AGAIN_SECONDS = 10.0
LONGEST_WAIT_SECONDS = 60.0
"""A file that failed is tried again after ten seconds, then twice as many, but never later."""

Signature = tuple[int, int, int]
"""Size, time of change and inode: while these stay, nobody writes."""


class FolderInUseError(Exception):
    """Another process watches the folder."""


@dataclass(frozen=True)
class _PutOff:
    signature: Signature
    failures: int
    until_seconds: float


@dataclass(frozen=True)
class Settled:
    """A file that has stopped changing."""

    path: Path
    signature: Signature

    @property
    def size_bytes(self) -> int:
        return self.signature[0]


class WatchedFolder:
    """The files below a folder, but for those that were put away.

    Links are not followed and nothing but ordinary files is touched. Whoever may write to the
    folder decides what is read; no path is built from anything but the names that lie there.
    """

    def __init__(self, root: Path, *, stable_seconds: float) -> None:
        self.root = root
        self._stable_seconds = stable_seconds
        self._seen: dict[Path, tuple[Signature, float]] = {}
        self._put_off: dict[Path, _PutOff] = {}

    @contextmanager
    def watched_alone(self) -> Iterator[None]:
        """Keep a second watcher off the folder, so that no file is read by two.

        Raises
        ------
        FolderInUseError
        """
        descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # Released by the kernel when the process dies, however it dies.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise FolderInUseError from error
        try:
            yield
        finally:
            os.close(descriptor)

    def settled(self, *, now_seconds: float) -> list[Settled]:
        """Files that have kept size and time of change since they were seen so long ago.

        Those that failed before come last, and not before their time.
        """
        seen: dict[Path, tuple[Signature, float]] = {}
        for path in self._files():
            signature = _signature(path)
            if signature is None:
                continue
            known = self._seen.get(path)
            since = known[1] if known is not None and known[0] == signature else now_seconds
            seen[path] = (signature, since)
        self._seen = seen
        self._put_off = {
            path: later
            for path, later in self._put_off.items()
            if path in seen and seen[path][0] == later.signature
        }
        settled = [
            Settled(path=path, signature=signature)
            for path, (signature, since) in sorted(seen.items())
            if now_seconds - since >= self._stable_seconds
            and now_seconds >= self._waits_until(path)
        ]
        return sorted(settled, key=lambda file: self._failures(file.path))

    def put_off(self, file: Settled, *, now_seconds: float) -> None:
        """Let others go first: the file could not be taken in now, for whatever reason."""
        failures = self._failures(file.path) + 1
        wait_seconds = min(TRY_AGAIN_SECONDS * 2 ** (failures - 1), LONGEST_WAIT_SECONDS)
        self._put_off[file.path] = _PutOff(file.signature, failures, now_seconds + wait_seconds)

    @property
    def has_files(self) -> bool:
        """Whether anything new lay there at the last look, complete or not."""
        return bool(self._seen.keys() - self._put_off.keys())

    @property
    def has_put_off(self) -> bool:
        """Whether anything lies there that could not be taken in."""
        return bool(self._put_off)

    def _failures(self, path: Path) -> int:
        return self._put_off[path].failures if path in self._put_off else 0

    def _waits_until(self, path: Path) -> float:
        return self._put_off[path].until_seconds if path in self._put_off else 0.0

    def put_away(self, file: Settled, *, taken_in: bool, remove: bool) -> bool:
        """Take a file that was answered off the folder; False if it has changed meanwhile.

        Parameters
        ----------
        remove
            Files that were taken in are removed and not moved.
        """
        if _signature(file.path) != file.signature:
            return False
        if taken_in and remove:
            file.path.unlink()
            return True
        target = self.root / (DONE if taken_in else REFUSED) / file.path.relative_to(self.root)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.path.rename(_free(target))
        return True

    def _files(self) -> Iterator[Path]:
        for folder, subfolders, names in os.walk(self.root):
            if Path(folder) == self.root:
                subfolders[:] = [name for name in subfolders if name not in (DONE, REFUSED)]
            for name in names:
                yield Path(folder) / name


def _signature(path: Path) -> Signature | None:
    """None for whatever is no ordinary file, or gone."""
    try:
        status = path.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return status.st_size, status.st_mtime_ns, status.st_ino


def _free(target: Path) -> Path:
    """The path, or one beside it when a file of that name was put away before."""
    if not os.path.lexists(target):
        return target
    for number in range(2, MOST_OF_ONE_NAME):
        other = target.with_name(f"{target.name}.{number}")
        if not os.path.lexists(other):
            return other
    raise FileExistsError(f"more than {MOST_OF_ONE_NAME} files of one name were put away")
