"""A data set on its way into the spool, as the Part 10 file the door expects.

References
----------
DICOM PS3.10 section 7.1 (file meta information).
"""

import os
import struct
from contextlib import suppress
from pathlib import Path

from imaging.dicom.stored_header import IMPLEMENTATION_CLASS_UID


class IncomingFile:
    """Takes the fragments of one data set; a full or failing disk is remembered, not raised.

    The peer goes on sending, so that it can be answered when it has finished.

    Attributes
    ----------
    size_bytes
        Of the data set so far.
    fault
        errno of the write that failed; None while all is well.
    """

    def __init__(self, path: Path, *, meta: bytes) -> None:
        self.path = path
        self.size_bytes = 0
        self.fault: int | None = None
        self._descriptor = -1
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._write_all(memoryview(meta))
        except OSError as error:
            self._fail(error)

    def write(self, fragment: memoryview) -> None:
        self.size_bytes += len(fragment)
        if self.fault is None:
            try:
                self._write_all(fragment)
            except OSError as error:
                self._fail(error)

    def close(self) -> None:
        """No more bytes follow."""
        if self._descriptor >= 0:
            descriptor, self._descriptor = self._descriptor, -1
            try:
                os.close(descriptor)
            except OSError as error:
                self._fail(error)

    def discard(self) -> None:
        """Remove what is still in the spool."""
        self.close()
        with suppress(OSError):
            # What cannot be removed goes when the spool of a dead process is cleared.
            self.path.unlink(missing_ok=True)

    def _write_all(self, content: memoryview) -> None:
        while content:
            content = content[os.write(self._descriptor, content) :]

    def _fail(self, error: OSError) -> None:
        self.fault = error.errno or 0
        self.close()


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
