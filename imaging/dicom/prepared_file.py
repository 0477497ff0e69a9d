"""The file that will be stored, on its way to the disk."""

import hashlib
import io
import os
from pathlib import Path
from types import TracebackType
from typing import Self

WRITTEN_AT_ONCE = 256 * 1024
"""Bytes that are gathered before they are written: each write to the disk has a price of its own,
which for 64 KiB is that of copying them."""


class PreparedFile:
    """Writes header and pixels and hashes them; what is not finished is removed.

    The disk is asked to begin with what is written at once, so that whoever makes the file durable
    waits for the last part only. It promises nothing: fsync is still to come.
    """

    def __init__(self, output: Path, header: bytes) -> None:
        self._output = output
        self._sha256 = hashlib.sha256(header)
        self._finished = False
        self._gathered: list[bytes | memoryview] = [header]
        self._gathered_bytes = len(header)
        self._written_bytes = 0
        self._pixel_bytes = 0
        self._file: io.FileIO | None = io.FileIO(output, "wb")

    def write(self, pixels: memoryview) -> None:
        """Append a part of the pixel value, which does not change from now on.

        Raises
        ------
        OSError
        """
        self._append(pixels)
        self._pixel_bytes += len(pixels)
        if self._gathered_bytes >= WRITTEN_AT_ONCE:
            self._write_gathered()

    def finish(self, pixel_length: int) -> str:
        """Pad the pixel value to its length; returns the SHA-256 of the file.

        Raises
        ------
        OSError
        """
        if pixel_length > self._pixel_bytes:
            self._append(b"\0" * (pixel_length - self._pixel_bytes))
        self._write_gathered()
        self._finished = True
        return self._sha256.hexdigest()

    def close(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self._file = None
        if not self._finished:
            self._output.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _append(self, content: bytes | memoryview) -> None:
        self._gathered.append(content)
        self._gathered_bytes += len(content)
        self._sha256.update(content)

    def _write_gathered(self) -> None:
        """Write all of it; a nearly full disk may take a part at a time."""
        assert self._file is not None
        if not self._gathered:
            return
        begin = self._written_bytes
        for content in self._gathered:
            left = memoryview(content)
            while left:
                left = left[self._file.write(left) :]
        self._written_bytes += self._gathered_bytes
        self._gathered, self._gathered_bytes = [], 0
        if hasattr(os, "posix_fadvise"):
            # Linux begins to write what is dirty and keeps it in memory until it has.
            length = self._written_bytes - begin
            os.posix_fadvise(self._file.fileno(), begin, length, os.POSIX_FADV_DONTNEED)
