"""A data set on its way in, as the Part 10 file the door expects: in memory, or in the spool.

What comes is not de-identified. Objects of ordinary size never touch the disk before they are.

References
----------
DICOM PS3.10 section 7.1 (file meta information).
"""

import os
import struct
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

from imaging.dicom.stored_header import IMPLEMENTATION_CLASS_UID

MOST_IN_MEMORY_BYTES = 4 * 1024 * 1024
"""A CT slice takes 0.5 to 2 MiB; what grows beyond this goes to the spool."""

FILES_IN_MEMORY = 16
"""At a time, of all associations; the others go to the spool as they come."""

_room = threading.BoundedSemaphore(FILES_IN_MEMORY)


class IncomingFile:
    """Takes the fragments of one data set; a full or failing disk is remembered, not raised.

    The peer goes on sending, so that it can be answered when it has finished.

    Attributes
    ----------
    path
        Where a reading process finds it.
    is_in_memory
        It ends with `discard`; otherwise it lies in the spool and may be moved away.
    size_bytes
        Of the data set so far.
    fault
        errno of the write that failed; None while all is well.
    """

    def __init__(self, spool_path: Path, *, meta: bytes) -> None:
        self.path = self._spool_path = spool_path
        self.size_bytes = 0
        self.fault: int | None = None
        self._descriptor = -1
        self.is_in_memory = _memory_can_be_shared() and _room.acquire(blocking=False)
        try:
            if self.is_in_memory:
                self._descriptor = os.memfd_create("incoming")
                self.path = Path(f"/proc/{os.getpid()}/fd/{self._descriptor}")
            else:
                self._descriptor = _created(spool_path)
            self._write_all(memoryview(meta))
        except OSError as error:
            self._fail(error)

    def write(self, fragment: memoryview) -> None:
        self.size_bytes += len(fragment)
        if self.fault is None:
            try:
                if self.is_in_memory and self.size_bytes > MOST_IN_MEMORY_BYTES:
                    self._move_to_spool()
                self._write_all(fragment)
            except OSError as error:
                self._fail(error)

    def close(self) -> None:
        """No more bytes follow."""
        if not self.is_in_memory:
            self._close()

    def discard(self) -> None:
        """Remove what is still there."""
        self._close()
        if not self.is_in_memory:
            with suppress(OSError):
                # What cannot be removed goes when the spool of a dead process is cleared.
                self._spool_path.unlink(missing_ok=True)
        self._leave_memory()

    def _move_to_spool(self) -> None:
        memory, self._descriptor = self._descriptor, -1
        self._leave_memory()
        self.path = self._spool_path
        try:
            self._descriptor = _created(self.path)
            os.lseek(memory, 0, os.SEEK_SET)
            while piece := os.read(memory, MOST_IN_MEMORY_BYTES):
                self._write_all(memoryview(piece))
        finally:
            os.close(memory)

    def _leave_memory(self) -> None:
        if self.is_in_memory:
            self.is_in_memory = False
            _room.release()

    def _write_all(self, content: memoryview) -> None:
        while content:
            content = content[os.write(self._descriptor, content) :]

    def _close(self) -> None:
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            try:
                os.close(descriptor)
            except OSError as error:
                self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.fault = error.errno or 0
        self._close()


def _created(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


@cache
def _memory_can_be_shared() -> bool:
    """Whether our reading processes may open what we hold open (proc(5): /proc/pid/fd).

    The files there belong to root when the process may not be looked into.
    """
    try:
        return hasattr(os, "memfd_create") and os.stat("/proc/self").st_uid == os.geteuid()
    except OSError:
        return False


def file_meta(*, sop_class_uid: str, sop_instance_uid: str, transfer_syntax_uid: str) -> bytes:
    """Preamble, prefix and file meta information, from what command and context said.

    The UIDs are digits and dots; whether the data set agrees with them is decided by who reads it.
    """
    body = b"".join(
        (
            struct.pack("<HH2s2xI", 2, 0x0001, b"OB", 2) + b"\0\1",
            _uid(0x0002, sop_class_uid),
            _uid(0x0003, sop_instance_uid),
            _uid(0x0010, transfer_syntax_uid),
            _uid(0x0012, IMPLEMENTATION_CLASS_UID),
        )
    )
    length = struct.pack("<HH2sHI", 2, 0x0000, b"UL", 4, len(body))
    return bytes(128) + b"DICM" + length + body


def _uid(element: int, uid: str) -> bytes:
    value = uid.encode("ascii")
    value += b"\0" * (len(value) % 2)
    return struct.pack("<HH2sH", 2, element, b"UI", len(value)) + value
