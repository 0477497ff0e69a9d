"""Files that are sent in parts, under names of our own, until they are whole.

They lie outside the spool: the spool is cleared when its process dies, and these are to outlive
that. The length of a file is how much of it has arrived; it is written down nowhere else. A part is
flushed before it is answered, so what was answered outlives a power cut. Of a part that was not
answered a beginning may be there; a journaling file system (ext4, XFS, btrfs, ZFS) shows none of it
that was not written.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from imaging.archive.durability import flush_folder
from imaging.archive.errors import FULL, ArchiveError, storage_faults_named
from imaging.archive.free_space import require_free_space


class FileInUseError(ArchiveError):
    """Another request is writing to the file or taking it in."""


class WrongOffsetError(ArchiveError):
    """The part does not begin where the file ends.

    Attributes
    ----------
    length
        Where the next part has to begin.
    """

    def __init__(self, length: int) -> None:
        super().__init__("The part does not begin where the file ends.")
        self.length = length


class PartialFiles:
    """The folder of partial uploads."""

    def __init__(self, root: Path, *, free_space_floor_bytes: int | None = None) -> None:
        self.root = root
        self._floor_bytes = free_space_floor_bytes

    def path(self, key: UUID) -> Path:
        return self.root / str(key)

    def length(self, key: UUID) -> int:
        try:
            return self.path(key).stat().st_size
        except FileNotFoundError:
            return 0

    def require_room(self, size_bytes: int) -> None:
        """Refuse what would not fit.

        Raises
        ------
        StorageFullError
        """
        with storage_faults_named():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        require_free_space(self.root, floor_bytes=self._floor_bytes, for_bytes=size_bytes)

    def append(self, key: UUID, *, offset: int, part: bytes) -> int:
        """Add one part durably; returns the new length.

        Raises
        ------
        WrongOffsetError, FileInUseError
            Nothing was written.
        StorageFullError
            A beginning of the part may be there; the length says how much.
        StorageFaultError
            The storage cannot be believed any more: the file has to be sent from its beginning.
        """
        self.require_room(len(part))
        with self.held(key) as descriptor, storage_faults_named():
            length = os.fstat(descriptor).st_size
            if length != offset:
                raise WrongOffsetError(length)
            try:
                with os.fdopen(os.dup(descriptor), "r+b") as file:
                    file.seek(offset)
                    file.write(part)
                os.fsync(descriptor)
                if offset == 0:
                    flush_folder(self.root)
            except OSError as error:
                if error.errno not in FULL:
                    # After a failed fsync the kernel forgets the error and keeps the page.
                    self.path(key).unlink(missing_ok=True)
                raise
        return offset + len(part)

    @contextmanager
    def held(self, key: UUID) -> Iterator[int]:
        """Keep every other request and process off the file, which exists from here on.

        Raises
        ------
        FileInUseError
        """
        with storage_faults_named():
            descriptor = self._open_held(key)
        try:
            yield descriptor
        finally:
            # Released by the kernel when the process dies, however it dies.
            os.close(descriptor)

    def _open_held(self, key: UUID) -> int:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            descriptor = os.open(self.path(key), os.O_CREAT | os.O_RDWR, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                raise FileInUseError("Another request is busy with this file.") from None
            # Whoever held it before may have removed it since it was opened.
            if os.fstat(descriptor).st_nlink:
                return descriptor
            os.close(descriptor)

    def remove(self, key: UUID) -> None:
        with storage_faults_named():
            self.path(key).unlink(missing_ok=True)

    def all_keys(self) -> list[UUID]:
        """Every file of ours in the folder."""
        if not self.root.is_dir():
            return []
        return sorted(key for path in self.root.iterdir() if (key := _as_uuid(path.name)))


def _as_uuid(name: str) -> UUID | None:
    try:
        key = UUID(name)
    except ValueError:
        return None
    return key if str(key) == name else None
