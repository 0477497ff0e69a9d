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

Signature = tuple[int, int, int]
"""Size, time of change and inode: while these stay, nobody writes."""


class FolderInUseError(Exception):
    """Another process watches the folder."""


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
        """Files that have kept size and time of change since they were seen so long ago."""
        seen: dict[Path, tuple[Signature, float]] = {}
        for path in self._files():
            signature = _signature(path)
            if signature is None:
                continue
            known = self._seen.get(path)
            since = known[1] if known is not None and known[0] == signature else now_seconds
            seen[path] = (signature, since)
        self._seen = seen
        return [
            Settled(path=path, signature=signature)
            for path, (signature, since) in sorted(seen.items())
            if now_seconds - since >= self._stable_seconds
        ]

    @property
    def has_files(self) -> bool:
        """Whether anything lay there at the last look, complete or not."""
        return bool(self._seen)

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
