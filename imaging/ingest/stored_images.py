"""Stored files on their way out: checked, cut into frames, drawn, put into other words.

The bytes of uncompressed frames are read here. Whatever has to be parsed or decoded for an answer
is so in the limited child.
"""

import gzip
import math
import os
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from imaging.archive.archive import Archive
from imaging.archive.errors import BlobDamagedError, BlobMissingError, storage_fault
from imaging.dicom.errors import FrameNotDecodableError
from imaging.dicom.rendering import Rendering
from imaging.ingest.pool import Pool
from imaging.ingest.reading_process import Done, Fault, Refused

CHUNK_BYTES = 256 * 1024
FILES_PER_REQUEST = 250
"""Headers that a child reads at one go: two children share the series of an ordinary study."""

MOST_REMEMBERED = 50_000
CHECKED_UP_TO_BYTES = 64 * 1024 * 1024
"""A larger file is not hashed before a part of it is given out."""

NO_HOUNSFIELD = "it has no Rescale Slope and Intercept, so there are no Hounsfield units"

LITTLE_ENDIAN_PIXELS = frozenset({ExplicitVRLittleEndian, ImplicitVRLittleEndian})


class StoredImage(Protocol):
    """What has to be known of an instance; `RetrievedInstance` and `Instance` both are one."""

    @property
    def transfer_syntax_uid(self) -> str: ...
    @property
    def stored_sha256(self) -> str: ...
    @property
    def stored_bytes(self) -> int: ...
    @property
    def pixel_offset(self) -> int: ...
    @property
    def pixel_length(self) -> int: ...
    @property
    def frames(self) -> int: ...
    @property
    def attributes(self) -> dict[str, Any]: ...


class CheckedFiles:
    """Remembers of which files this process has compared the hash, and how they were then.

    A file that was written since has another time or size; what a disk does to a file that nobody
    writes is found by `verify_archive`, and by the next process.
    """

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    def path(self, image: StoredImage, archive: Archive) -> Path:
        """Where the sound file is.

        Raises
        ------
        BlobMissingError, BlobDamagedError
        """
        path, _ = self.found(image, archive)
        return path

    def found(self, image: StoredImage, archive: Archive) -> tuple[Path, tuple[int, int, int]]:
        """The same, and how the file is: `file_status` tells whether it was written since.

        Raises
        ------
        BlobMissingError, BlobDamagedError
        """
        sha256, path = image.stored_sha256, archive.path(image.stored_sha256)
        try:
            status = os.stat(path)
        except OSError as error:
            raise BlobMissingError(sha256) from error
        now = file_status(status)
        if status.st_size != image.stored_bytes:
            raise BlobDamagedError(sha256)
        if self._seen.get(sha256) != now:
            if status.st_size <= CHECKED_UP_TO_BYTES and not archive.verify(sha256):
                raise BlobDamagedError(sha256)
            self._seen[sha256] = now
            while len(self._seen) > MOST_REMEMBERED:
                self._seen.popitem(last=False)
        return path, now


def file_status(status: os.stat_result) -> tuple[int, int, int]:
    """What changes when a file is written or replaced."""
    return status.st_ino, status.st_size, status.st_mtime_ns


checked_files = CheckedFiles()


def chunks(path: Path, *, offset: int, length: int) -> Iterator[bytes]:
    """A part of a file in pieces; closed however the reading ends.

    Raises
    ------
    BlobDamagedError
        It ends too early.
    """
    with path.open("rb", buffering=0) as file:
        file.seek(offset)
        while length:
            chunk = file.read(min(CHUNK_BYTES, length))
            if not chunk:
                raise BlobDamagedError(path.stem)
            length -= len(chunk)
            yield chunk


def native_frame_bytes(image: StoredImage) -> int | None:
    """How long each frame is where frames lie one behind the other; None where they do not."""
    if image.transfer_syntax_uid not in LITTLE_ENDIAN_PIXELS:
        return None
    return _frame_bytes(image)


def _frame_bytes(image: StoredImage) -> int | None:
    facts = image.attributes
    sizes = [facts[name] for name in ("rows", "columns", "samples_per_pixel", "bits_allocated")]
    if None in sizes:
        return None
    bits = math.prod(sizes)
    whole = bits % 8 == 0 and bits // 8 * image.frames <= image.pixel_length
    return bits // 8 if whole else None


def frame(
    image: StoredImage, *, index: int, as_stored: bool, archive: Archive, pool: Pool
) -> bytes:
    """One frame: its code stream as stored, or its values little endian, row by row.

    Raises
    ------
    FrameNotDecodableError
        Stored values cannot be had of it; the message says why.
    BlobMissingError, BlobDamagedError, StorageFaultError
    """
    path = checked_files.path(image, archive)
    length = native_frame_bytes(image)
    if as_stored and image.transfer_syntax_uid == ExplicitVRBigEndian:
        length = _frame_bytes(image)
    if length is not None:
        return archive.read(
            image.stored_sha256, offset=image.pixel_offset + index * length, length=length
        )
    request = {"task": "frame", "frame": index, "as_stored": as_stored, "pixels": pixels_of(image)}
    with made_by_child(path, request, image=image, archive=archive, pool=pool) as output:
        return output.read_bytes()


def rendered(
    image: StoredImage, *, index: int, rendering: Rendering, archive: Archive, pool: Pool
) -> bytes:
    """A picture of one frame.

    Raises
    ------
    FrameNotDecodableError, BlobMissingError, BlobDamagedError, StorageFaultError
    """
    facts = image.attributes
    if not facts["rescale_slope"] or facts["rescale_intercept"] is None:
        raise FrameNotDecodableError(NO_HOUNSFIELD)
    path = checked_files.path(image, archive)
    request = {
        "task": "render",
        "frame": index,
        "rendering": rendering.to_json(),
        "pixels": pixels_of(image),
    }
    with made_by_child(path, request, image=image, archive=archive, pool=pool) as output:
        return output.read_bytes()


@contextmanager
def decoded_file(image: StoredImage, *, archive: Archive, pool: Pool) -> Iterator[Path]:
    """The instance in Explicit VR Little Endian; the file is gone afterwards.

    Raises
    ------
    FrameNotDecodableError, BlobMissingError, BlobDamagedError, StorageFaultError
    """
    path = checked_files.path(image, archive)
    request = {"task": "transcode"}
    with made_by_child(path, request, image=image, archive=archive, pool=pool) as output:
        yield output


def headers(stored_sha256s: Sequence[str], *, archive: Archive, pool: Pool) -> bytes:
    """The headers of stored files in this order, DICOM JSON, one a line, gzip.

    Raises
    ------
    BlobMissingError, BlobDamagedError, StorageFaultError
    """
    asked = []
    for first in range(0, len(stored_sha256s), FILES_PER_REQUEST):
        some = stored_sha256s[first : first + FILES_PER_REQUEST]
        for sha256 in some:
            if not archive.exists(sha256):
                raise BlobMissingError(sha256)
        output = archive.spool_path()
        sources = [str(archive.path(sha256)) for sha256 in some]
        request = {"task": "headers", "source": sources[0], "sources": sources}
        asked.append((some, output, pool.submit(request | {"output": str(output)})))
    try:
        for some, _, future in asked:
            answer = future.result()
            if isinstance(answer, Refused):
                raise BlobDamagedError(some[0])
            if isinstance(answer, Fault):
                raise storage_fault(answer.errno)
        return b"".join(output.read_bytes() for _, output, _ in asked)
    finally:
        for _, output, future in asked:
            future.cancel()
            output.unlink(missing_ok=True)


def lines(content: bytes) -> bytes:
    """The text of what `headers` gave; it ends with a line break."""
    return gzip.decompress(content)


@contextmanager
def made_by_child(
    path: Path, request: dict[str, Any], *, image: StoredImage, archive: Archive, pool: Pool
) -> Iterator[Path]:
    output = archive.spool_path()
    try:
        answer = pool.submit(
            request | {"source": str(path), "output": str(output)}, size_bytes=image.stored_bytes
        ).result()
        if isinstance(answer, Refused):
            reason = image.attributes.get("not_displayable_reason")
            raise FrameNotDecodableError(reason or answer.reason_code)
        if isinstance(answer, Fault):
            raise storage_fault(answer.errno)
        assert isinstance(answer, Done)
        yield output
    finally:
        output.unlink(missing_ok=True)


def pixels_of(image: StoredImage) -> dict[str, Any]:
    return {
        "attributes": image.attributes,
        "transfer_syntax_uid": image.transfer_syntax_uid,
        "pixel_offset": image.pixel_offset,
        "pixel_length": image.pixel_length,
    }
