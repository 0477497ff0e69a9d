"""Uncompressed frames of a series whose files were found sound, found before they are asked for."""

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError, connections

from imaging.archive.archive import Archive
from imaging.archive.errors import ArchiveError
from imaging.ingest.stored_images import checked_files, file_status, native_frame_bytes
from imaging.models import Instance

MOST_SERIES = 16
LARGEST_FRAME_BYTES = 4 * 1024 * 1024

SendFile = Callable[[int, int, int], None]
"""Sends a part of an open file to whoever asked: descriptor, offset, length."""


@dataclass(frozen=True, slots=True)
class FrameFile:
    """Where the frames of an instance lie, and how the file was when its hash was compared."""

    path: Path
    stored_sha256: str
    status: tuple[int, int, int]
    pixel_offset: int
    frame_bytes: int
    frames: int

    def open(self, index: int) -> "OpenFrame | None":
        """A frame, from 0, to be closed again; None when the file is not what it was."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        offset = self.pixel_offset + index * self.frame_bytes
        opened = OpenFrame(descriptor, offset, self.frame_bytes)
        if file_status(os.fstat(descriptor)) == self.status:
            return opened
        opened.close()
        return None


@dataclass(frozen=True, slots=True)
class OpenFrame:
    """A frame in a file that is the one whose hash was compared, whatever becomes of its path."""

    descriptor: int
    offset: int
    length: int

    def pieces(self, send_file: SendFile | None) -> Iterator[bytes]:
        """The bytes, unless the system can send them past us."""
        if send_file is None:
            yield os.pread(self.descriptor, self.length, self.offset)
        else:
            send_file(self.descriptor, self.offset, self.length)

    def close(self) -> None:
        os.close(self.descriptor)


class VerifiedFrames:
    """Of one series, by SOP Instance UID; more and more while a thread looks after them."""

    def __init__(self) -> None:
        self._files: dict[str, FrameFile] = {}

    def get(self, sop_instance_uid: str) -> FrameFile | None:
        return self._files.get(sop_instance_uid)

    def add(self, image: Instance, archive: Archive) -> None:
        """Compare the hash of a file, and keep where its frames are.

        Raises
        ------
        ArchiveError
        """
        length = native_frame_bytes(image)
        if length is None or length > LARGEST_FRAME_BYTES:
            return
        path, status = checked_files.found(image, archive)
        self._files[image.sop_instance_uid] = FrameFile(
            path, image.stored_sha256, status, image.pixel_offset, length, image.frames
        )


class FramesAhead:
    """Looks after the series that somebody reads, one after the other, in a thread of its own."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._series: OrderedDict[str, VerifiedFrames] = OrderedDict()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="frames ahead")

    def of_series(
        self,
        series_instance_uid: str,
        images: Iterable[Instance],
        *,
        first: str,
        archive: Archive,
    ) -> VerifiedFrames:
        """What is known of a series; who asks first has it looked after.

        Parameters
        ----------
        images
            Those of the series, in the order of their slices; asked for in the other thread.
        first
            Where a viewer is: the SOP Instance UID of the image to go on from.
        """
        with self._mutex:
            known = self._series.get(series_instance_uid)
            if known is not None:
                self._series.move_to_end(series_instance_uid)
                return known
            frames = self._series[series_instance_uid] = VerifiedFrames()
            while len(self._series) > MOST_SERIES:
                self._series.popitem(last=False)
        self._thread.submit(_look_after, frames, images, first, archive)
        return frames

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)


def _look_after(
    frames: VerifiedFrames, images: Iterable[Instance], first: str, archive: Archive
) -> None:
    try:
        every = list(images)
        at = next((n for n, one in enumerate(every) if one.sop_instance_uid == first), 0)
        for image in every[at:] + every[:at]:
            # What is damaged is said to whoever asks for it.
            with suppress(ArchiveError):
                frames.add(image, archive)
    except DatabaseError:
        # Then each frame goes the whole way.
        return
    finally:
        connections.close_all()


frames_ahead = FramesAhead()
