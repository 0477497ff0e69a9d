"""What the product asks of the place where bytes live."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from imaging.archive.spool import AbandonedSpool


@dataclass(frozen=True)
class SpooledBlob:
    """A de-identified file in the spool, to be kept under its hash."""

    path: Path
    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class SpooledOriginal:
    """A file as it arrived, to be kept apart under a name of our own."""

    path: Path
    key: UUID


class Archive(Protocol):
    """Immutable files under their SHA-256; nothing is ever overwritten with other bytes.

    A hash is the only name a stored file has: no path is ever built from what a sender said.
    """

    def spool_path(self) -> Path:
        """A new path on the file system of the archive, for bytes on their way in."""

    def put(
        self, blobs: Sequence[SpooledBlob], *, originals: Sequence[SpooledOriginal] = ()
    ) -> None:
        """Move the files in; when this returns they outlive a power cut.

        Raises
        ------
        StorageFaultError
            Nothing of the batch may be answered as stored. After anything but a full disk every
            later call fails too, until the process is started again.
        """

    def storing(self) -> AbstractContextManager[None]:
        """Held from before `put` until the rows are committed; many may hold it at once."""

    def nobody_storing(self) -> AbstractContextManager[None]:
        """Held while a file without a row is judged: nobody is between `put` and commit."""

    def abandoned_spool(self) -> AbstractContextManager[AbandonedSpool]:
        """What dead processes left on its way in, kept from others until the end of the block."""

    def exists(self, sha256: str) -> bool: ...

    def verify(self, sha256: str) -> bool:
        """Whether the stored bytes have the hash they are named by.

        Raises
        ------
        BlobMissingError
        """

    def path(self, sha256: str) -> Path:
        """Where the file can be read by a child process."""

    def read(self, sha256: str, *, offset: int, length: int) -> bytes:
        """`length` bytes from `offset`.

        Raises
        ------
        BlobMissingError, BlobDamagedError
        """

    def stored_files(self) -> Iterator[str]:
        """The hash of every stored file."""

    def foreign_files(self) -> Iterator[Path]:
        """Files that the archive did not put where they are, relative to the data folder."""

    def quarantine_keys(self) -> Iterator[UUID]: ...

    def has_original(self, key: UUID) -> bool: ...

    def original_path(self, key: UUID) -> Path:
        """Where a file in quarantine can be read by a child process.

        Raises
        ------
        BlobMissingError
        """

    def remove_original(self, key: UUID) -> None:
        """Remove the bytes of a file in quarantine for good; removing it again changes nothing."""

    def set_aside(self, sha256: str) -> None:
        """Move a stored file out of the archive to where orphans wait for a person."""

    def set_aside_original(self, key: UUID) -> None:
        """The same for a file in quarantine."""

    def remove_set_aside(self, *, before: datetime) -> int:
        """Remove for good what was set aside before then; returns the number of files."""
