"""The file that will be stored, on its way to the disk."""

import hashlib
import io
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class PreparedFile:
    """Writes header and pixels and hashes them; what is not finished is removed.

    The disk is asked to begin with each part at once, so that whoever makes the file durable waits
    for the last part only. It promises nothing: fsync is still to come.
    """

    def __init__(self, output: Path, header: bytes) -> None:
        self._output = output
        self._sha256 = hashlib.sha256()
        self._finished = False
        self._pixel_bytes = 0
        self._file: io.FileIO | None = output.open("wb", buffering=0)
        try:
            self._append(header)
        except OSError:
            self.close()
            raise

    def write(self, pixels: memoryview) -> None:
        """Append a part of the pixel value.

        Raises
        ------
        OSError
        """
        self._append(pixels)
        self._pixel_bytes += len(pixels)

    def finish(self, pixel_length: int) -> str:
        """Pad the pixel value to its length; returns the SHA-256 of the file.

        Raises
        ------
        OSError
        """
        self._append(b"\0" * (pixel_length - self._pixel_bytes))
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
        """Write all of it; a nearly full disk may take a part at a time."""
        assert self._file is not None
        left = memoryview(content)
        while left:
            left = left[self._file.write(left) :]
        if hasattr(os, "posix_fadvise"):
            # Linux begins to write what is dirty and keeps it in memory until it has.
            os.posix_fadvise(self._file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        self._sha256.update(content)
