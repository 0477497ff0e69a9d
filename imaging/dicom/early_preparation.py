"""A file that is prepared while it arrives: at its last byte little is left to do.

It is a guess that comes true for every sound slice of a series but the first few: that the header
has the shape of one that came before, and that the pixels end the file. Where it does not come true
nothing of it is kept, and the whole file is prepared as any other: there is one judge of what is
refused.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from .asked_for import AskedFor
from .claimed_uids import ClaimedUids
from .errors import DicomError
from .header_shape import HeaderShapes
from .loading import MALFORMED, READ_WHOLE_BYTES, load_beginning
from .preparation import PreparedInstance, check_pixels, checked_header, prepared_instance
from .prepared_file import PreparedFile
from .pseudonyms import Keys
from .source_instance import SourceInstance
from .stored_header import StoredHeader, stored_pixel_length
from .test_images import Rule


class EarlyPreparation:
    """Takes a file as far as it has come; see `prepare` for the parameters.

    Parameters
    ----------
    source
        A file that still grows, in memory or on the disk.
    """

    def __init__(
        self,
        source: Path,
        output: Path,
        *,
        keys: Keys,
        centre_code: str,
        expected: ClaimedUids | None,
        asked: AskedFor | None,
        rules: Sequence[Rule],
        shapes: HeaderShapes,
    ) -> None:
        self._descriptor = -1
        self._file: PreparedFile | None = None
        with suppress(OSError, DicomError, *MALFORMED):
            self._descriptor = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
            came = os.fstat(self._descriptor).st_size
            beginning = os.pread(self._descriptor, min(came, READ_WHOLE_BYTES), 0)
            loaded = load_beginning(source, beginning, shapes=shapes)
            if loaded is not None:
                header = checked_header(
                    loaded,
                    keys=keys,
                    centre_code=centre_code,
                    expected=expected,
                    asked=asked,
                    overridden=frozenset(),
                    rules=rules,
                )
                self._begin(loaded, header, output, beginning)
        if self._file is None:
            self.close()

    def _begin(
        self, loaded: SourceInstance, header: StoredHeader, output: Path, beginning: bytes
    ) -> None:
        self._loaded, self._header = loaded, header
        self._pixels = memoryview(loaded.content)[loaded.pixel_offset :]
        self._file = PreparedFile(output, header.content)
        self._taken = len(beginning) - loaded.pixel_offset
        self._file.write(self._pixels[: self._taken])

    @property
    def is_under_way(self) -> bool:
        """Whether the guess still holds."""
        return self._file is not None

    def more(self) -> None:
        """Take what has come since."""
        if self._file is None:
            return
        try:
            self._take()
        except OSError:
            self.close()

    def finish(self) -> PreparedInstance | None:
        """The file is complete; what it is, or None when it has to be prepared from the start.

        Then nothing is left of the output.
        """
        try:
            if self._file is None:
                return None
            self._take()
            if os.fstat(self._descriptor).st_size != self._loaded.size_bytes:
                return None
            check_pixels(self._loaded, self._pixels)
            stored_sha256 = self._file.finish(stored_pixel_length(self._loaded))
            return prepared_instance(self._loaded, self._header, stored_sha256=stored_sha256)
        except (OSError, DicomError):
            return None
        finally:
            self.close()

    def close(self) -> None:
        """Let go of it; what is not finished is removed."""
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _take(self) -> None:
        assert self._file is not None
        while place := self._pixels[self._taken :]:
            came = os.preadv(self._descriptor, [place], self._loaded.pixel_offset + self._taken)
            if not came:
                return
            self._file.write(place[:came])
            self._taken += came
