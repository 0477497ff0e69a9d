"""Look into a zip archive without trusting a number or a name in it. Runs in the child.

References
----------
PKWARE APPNOTE.TXT 6.3 (format); D. Fifield, "A better zip bomb", USENIX WOOT 2019 (overlap);
CVE-2024-0450 (Python before 3.11.8 reads overlapping entries).
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from imaging.dicom.errors import (
    DicomError,
    FileTooLargeError,
    ZipBombError,
    ZipEncryptedError,
    ZipNestedError,
    ZipOverlapError,
    ZipUnreadableError,
    ZipUnsafeNameError,
    ZipUnsupportedEntryError,
)
from imaging.dicom.loading import MAX_FILE_BYTES
from imaging.ingest.names import is_ignored, leads_out, printable

MIB = 1024 * 1024

MAX_ENTRIES = 20_000
MAX_DIRECTORY_BYTES = 16 * MIB
MAX_UNPACKED_BYTES = 20 * 1024 * MIB
MAX_ENTRY_RATIO = 200
ENTRY_RATIO_FROM_BYTES = MIB
"""Small files may pack better than the ratio: an empty slice is no bomb."""
MAX_TOTAL_RATIO = 100
TOTAL_RATIO_FROM_BYTES = 256 * MIB

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_LOCAL_HEADER_BYTES = 30
_END_BYTES = 22
_ZIP64_END_BYTES = 56 + 20
_LONGEST_COMMENT = 65_535
_ENCRYPTED = 0x1
_UNDECODABLE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error)


@dataclass(frozen=True)
class Entry:
    """One file of the archive, in the order of its directory."""

    index: int
    name: str
    ignored: bool
    reason_code: str
    """Empty when the entry may be unpacked."""


def _told_apart_by(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def is_zip(path: Path) -> bool:
    """Whether the file is a zip archive and not a DICOM file that pretends to be one too."""
    # every file of a folder is asked
    with path.open("rb", buffering=0) as file:
        head = file.read(132)
    return head.startswith(ZIP_STARTS) and head[128:] != b"DICM"


class ZipContents:
    """An open archive whose directory has been checked as a whole.

    Raises
    ------
    ZipUnreadableError, ZipBombError, ZipOverlapError
        The archive as a whole is refused.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("rb")
        self._status = _told_apart_by(os.fstat(self._file.fileno()))
        try:
            _check_directory_size(self._file, path.stat().st_size)
            self._zip = zipfile.ZipFile(self._file)
            self._infos = [info for info in self._zip.infolist() if not info.is_dir()]
            self._check_totals()
            self._check_overlap()
        except (*_UNDECODABLE, OSError, ValueError) as error:
            self._file.close()
            raise ZipUnreadableError(type(error).__name__) from None
        except DicomError:
            self._file.close()
            raise

    def is_at(self, path: Path) -> bool:
        """Whether it is this very archive that lies there, and no other that came later.

        Raises
        ------
        OSError
        """
        return path == self.path and _told_apart_by(path.stat()) == self._status

    def close(self) -> None:
        self._zip.close()
        self._file.close()

    def entries(self) -> Iterator[Entry]:
        for index, info in enumerate(self._infos):
            error = _refusal(info)
            yield Entry(
                index=index,
                name=printable(info.orig_filename),
                ignored=error is None and is_ignored(info.filename),
                reason_code=error.reason_code if error else "",
            )

    def unpack(self, index: int, target: Path) -> None:
        """Write one entry to `target`, stopping at the limits.

        Raises
        ------
        DicomError
            The subclass names the reason.
        OSError
            The target cannot be written.
        """
        if index >= len(self._infos):
            raise ZipUnreadableError("replaced while it was read")
        info = self._infos[index]
        error = _refusal(info)
        if error is not None:
            raise error
        written = 0
        with target.open("xb") as output:
            for chunk in self._chunks(info):
                if written == 0 and chunk.startswith(ZIP_STARTS) and chunk[128:132] != b"DICM":
                    raise ZipNestedError
                written += len(chunk)
                if written > MAX_FILE_BYTES:
                    raise FileTooLargeError(f"limit {MAX_FILE_BYTES // MIB} MiB")
                if _is_bomb(written, info.compress_size):
                    raise ZipBombError(f"limit {MAX_ENTRY_RATIO} to 1")
                output.write(chunk)

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as entry:
                while chunk := entry.read(MIB):
                    yield chunk
        except (*_UNDECODABLE, RuntimeError, ValueError) as error:
            raise ZipUnreadableError(type(error).__name__) from None

    def _check_totals(self) -> None:
        if len(self._infos) > MAX_ENTRIES:
            raise ZipBombError(f"limit {MAX_ENTRIES} entries")
        unpacked = sum(info.file_size for info in self._infos)
        packed = sum(info.compress_size for info in self._infos)
        if unpacked > MAX_UNPACKED_BYTES:
            raise ZipBombError(f"limit {MAX_UNPACKED_BYTES // MIB} MiB unpacked")
        if unpacked > TOTAL_RATIO_FROM_BYTES and unpacked > MAX_TOTAL_RATIO * max(packed, 1):
            raise ZipBombError(f"limit {MAX_TOTAL_RATIO} to 1 in total")

    def _check_overlap(self) -> None:
        by_place = sorted(self._zip.infolist(), key=lambda info: info.header_offset)
        if by_place and by_place[0].header_offset != 0:
            # something else stands before it: two archives in one, of which tools see either
            raise zipfile.BadZipFile
        ends = [info.header_offset for info in by_place[1:]] + [self._zip.start_dir]
        for info, next_start in zip(by_place, ends, strict=True):
            self._file.seek(info.header_offset)
            header = self._file.read(_LOCAL_HEADER_BYTES)
            if len(header) < _LOCAL_HEADER_BYTES or not header.startswith(b"PK\x03\x04"):
                raise zipfile.BadZipFile
            name_length, extra_length = struct.unpack_from("<HH", header, 26)
            end = info.header_offset + _LOCAL_HEADER_BYTES + name_length + extra_length
            if end + info.compress_size > next_start:
                raise ZipOverlapError


def _refusal(info: zipfile.ZipInfo) -> DicomError | None:
    """Why the entry is not unpacked, told from its directory record alone."""
    mode = info.external_attr >> 16
    if leads_out(info.orig_filename):
        return ZipUnsafeNameError()
    if info.flag_bits & _ENCRYPTED:
        return ZipEncryptedError()
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return ZipUnsupportedEntryError()
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return ZipUnsupportedEntryError()
    if _is_bomb(info.file_size, info.compress_size):
        return ZipBombError()
    if info.file_size > MAX_FILE_BYTES:
        return FileTooLargeError()
    return None


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > ENTRY_RATIO_FROM_BYTES and unpacked > MAX_ENTRY_RATIO * max(packed, 1)


def _check_directory_size(file: BinaryIO, size: int) -> None:
    """Refuse a directory that would fill the memory before its entries could be counted."""
    tail_bytes = min(size, _ZIP64_END_BYTES + _END_BYTES + _LONGEST_COMMENT)
    file.seek(size - tail_bytes)
    tail = file.read(tail_bytes)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < _END_BYTES:
        raise ZipUnreadableError
    entries, directory_bytes = struct.unpack_from("<HI", tail, end + 10)
    zip64 = tail.rfind(b"PK\x06\x06")
    if 0 <= zip64 < end and len(tail) - zip64 >= 56:
        entries, directory_bytes = struct.unpack_from("<QQ", tail, zip64 + 32)
    if entries > MAX_ENTRIES or directory_bytes > MAX_DIRECTORY_BYTES:
        raise ZipBombError(f"limit {MAX_ENTRIES} entries")
