"""The archive as files in the data folder."""

import errno
import fcntl
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from uuid import UUID

from imaging.archive.archive import SpooledBlob, SpooledOriginal
from imaging.archive.durability import Flushing, flush_file, flush_folder
from imaging.archive.errors import (
    FULL,
    BlobDamagedError,
    BlobMissingError,
    StorageFaultError,
    storage_fault,
    storage_faults_named,
)
from imaging.archive.free_space import require_free_space
from imaging.archive.spool import AbandonedSpool, Spool

SHA256_HEX = re.compile(r"[0-9a-f]{64}")
SUFFIX = ".dcm"
LOCK_NAME = "storing.lock"


class LocalFiles:
    """Archive below one folder: spool/, archive/aa/<sha256>.dcm, quarantine/, orphans/.

    All four lie on one file system, so that moving a file in is one atomic rename.
    """

    def __init__(self, root: Path, *, free_space_floor_bytes: int | None = None) -> None:
        self.root = root
        self._floor_bytes = free_space_floor_bytes
        self.spool = Spool(root / "spool")
        self._fault: StorageFaultError | None = None
        self._has_folders = False
        self._flushing = Flushing()

    def spool_path(self) -> Path:
        return self.spool.new_path()

    def put(
        self, blobs: Sequence[SpooledBlob], *, originals: Sequence[SpooledOriginal] = ()
    ) -> None:
        if self._fault is not None:
            raise self._fault
        require_free_space(self.root, floor_bytes=self._floor_bytes)
        moves = [(blob.path, self._place(blob.sha256)) for blob in blobs]
        moves += [(original.path, self._quarantine / str(original.key)) for original in originals]
        try:
            for blob in blobs:
                # A nearly full disk may take a part of a write without complaint.
                if blob.path.stat().st_size != blob.size_bytes:
                    raise OSError(errno.EIO, "a file in the spool is incomplete")
            self._move_durably(moves)
        except OSError as error:
            fault = storage_fault(error.errno)
            if error.errno not in FULL:
                # After a failed fsync the kernel forgets the error: only a restart with a check
                # of the disk makes a later success believable.
                self._fault = fault
            raise fault from error

    def storing(self) -> AbstractContextManager[None]:
        return self._locked(fcntl.LOCK_SH)

    def nobody_storing(self) -> AbstractContextManager[None]:
        return self._locked(fcntl.LOCK_EX)

    def abandoned_spool(self) -> AbstractContextManager[AbandonedSpool]:
        return self.spool.abandoned()

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        try:
            with self.path(sha256).open("rb") as stored:
                return hashlib.file_digest(stored, "sha256").hexdigest() == sha256
        except FileNotFoundError as error:
            raise BlobMissingError(sha256) from error
        except OSError:
            return False

    def path(self, sha256: str) -> Path:
        path = self._place(sha256)
        if path.exists():
            return path
        earlier = self._earlier_place(sha256)
        return earlier if earlier.exists() else path

    def read(self, sha256: str, *, offset: int, length: int) -> bytes:
        try:
            with self.path(sha256).open("rb") as stored:
                stored.seek(offset)
                content = stored.read(length)
        except FileNotFoundError as error:
            raise BlobMissingError(sha256) from error
        except OSError as error:
            raise BlobDamagedError(sha256) from error
        if len(content) != length:
            raise BlobDamagedError(sha256)
        return content

    def stored_files(self) -> Iterator[str]:
        for path, is_own in self._archived_files():
            if is_own:
                yield path.name.removesuffix(SUFFIX)

    def foreign_files(self) -> Iterator[Path]:
        for path, is_own in self._archived_files():
            if not is_own:
                yield path.relative_to(self.root)
        for path in self._quarantined_files():
            if _as_uuid(path.name) is None:
                yield path.relative_to(self.root)

    def quarantine_keys(self) -> Iterator[UUID]:
        for path in self._quarantined_files():
            key = _as_uuid(path.name)
            if key is not None:
                yield key

    def has_original(self, key: UUID) -> bool:
        return (self._quarantine / str(key)).is_file()

    def original_path(self, key: UUID) -> Path:
        if not self.has_original(key):
            raise BlobMissingError(str(key))
        return self._quarantine / str(key)

    def remove_original(self, key: UUID) -> None:
        with storage_faults_named():
            (self._quarantine / str(key)).unlink(missing_ok=True)
            if self._quarantine.is_dir():
                flush_folder(self._quarantine)

    def set_aside(self, sha256: str) -> None:
        self._set_aside(self.path(sha256))

    def set_aside_original(self, key: UUID) -> None:
        self._set_aside(self._quarantine / str(key))

    def remove_set_aside(self, *, before: datetime) -> int:
        removed = 0
        with storage_faults_named():
            for path in self._orphans.iterdir() if self._orphans.is_dir() else ():
                # The time at which it was moved here: its content is older.
                if datetime.fromtimestamp(path.lstat().st_ctime, tz=UTC) < before:
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    @property
    def _archive(self) -> Path:
        return self.root / "archive"

    @property
    def _quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def _orphans(self) -> Path:
        return self.root / "orphans"

    def _place(self, sha256: str) -> Path:
        if not SHA256_HEX.fullmatch(sha256):
            raise ValueError("A stored file is named by its SHA-256 in lower-case hexadecimal.")
        return self._archive / sha256[:2] / f"{sha256}{SUFFIX}"

    def _earlier_place(self, sha256: str) -> Path:
        """Where version 0.1 put it: one level deeper, at the cost of two flushes more."""
        return self._archive / sha256[:2] / sha256[2:4] / f"{sha256}{SUFFIX}"

    def _move_durably(self, moves: list[tuple[Path, Path]]) -> None:
        list(self._flushing.map(flush_file, [source for source, _ in moves]))
        self._make_folders()
        entered: dict[Path, None] = {}
        for source, target in moves:
            source.rename(target)
            entered[target.parent] = None
        list(self._flushing.map(flush_folder, entered))

    def _make_folders(self) -> None:
        """All folders at once, so that no file waits for the name of its own to be flushed.

        Another process may have made them a moment ago: each process flushes their names itself.
        """
        if self._has_folders:
            return
        for folder in (self._quarantine, self._archive):
            folder.mkdir(mode=0o700, exist_ok=True)
        known = set(os.listdir(self._archive))
        for number in range(256):
            if f"{number:02x}" not in known:
                (self._archive / f"{number:02x}").mkdir(mode=0o700, exist_ok=True)
        flush_folder(self._archive)
        flush_folder(self.root)
        self._has_folders = True

    def _set_aside(self, source: Path) -> None:
        with storage_faults_named():
            self._orphans.mkdir(mode=0o700, parents=True, exist_ok=True)
            source.rename(self._orphans / source.name)
            flush_folder(self._orphans)
            flush_folder(source.parent)

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        with storage_faults_named():
            lock = os.open(self.root / LOCK_NAME, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            # Released by the kernel when the process dies, however it dies.
            fcntl.flock(lock, kind)
            yield
        finally:
            os.close(lock)

    def _archived_files(self) -> Iterator[tuple[Path, bool]]:
        """Every file below the archive in the order of names, and whether we put it there.

        Told from the listing of the folders alone: to ask each file takes a minute where there are
        many.
        """
        folders = [self._archive] if self._archive.is_dir() else []
        while folders:
            folder = folders.pop()
            parts = folder.relative_to(self._archive).parts
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=attrgetter("name"))
            folders += [
                folder / entry.name
                for entry in reversed(entries)
                if entry.is_dir(follow_symlinks=False)
            ]
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    yield folder / entry.name, _is_own(entry, parts)

    def _quarantined_files(self) -> list[Path]:
        return sorted(self._quarantine.iterdir()) if self._quarantine.is_dir() else []


def _is_own(entry: "os.DirEntry[str]", folders: tuple[str, ...]) -> bool:
    """Whether it lies below these folders of the archive where its hash says."""
    sha256, suffix = os.path.splitext(entry.name)
    return (
        suffix == SUFFIX
        and SHA256_HEX.fullmatch(sha256) is not None
        and folders in ((sha256[:2],), (sha256[:2], sha256[2:4]))
        and entry.is_file(follow_symlinks=False)
    )


def _as_uuid(name: str) -> UUID | None:
    try:
        key = UUID(name)
    except ValueError:
        return None
    return key if str(key) == name else None
