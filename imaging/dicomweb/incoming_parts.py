"""Parts of a multipart body on their way through the door: from the network to the spool, then in.

Many are under way at once, so that receiving, reading and storing overlap; each is answered once
it is durable.
"""

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from imaging.archive.archive import Archive
from imaging.archive.errors import storage_faults_named
from imaging.archive.free_space import require_free_space
from imaging.dicom.asked_for import AskedFor
from imaging.dicom.claimed_uids import ClaimedUids
from imaging.dicom.loading import MAX_FILE_BYTES
from imaging.dicomweb.media_types import DICOM, MediaType, MediaTypeError
from imaging.dicomweb.multipart import Multipart, MultipartError, Part
from imaging.dicomweb.store_response import Outcome
from imaging.ingest.arrival import Arrival, TakenIn
from imaging.ingest.intake import Intake
from imaging.models import IngestRun

PARTS_UNDER_WAY = 48
"""Enough for two reading processes and a batch of the intake; more would only fill the spool."""

MOST_UNREADABLE_PARTS = 500
"""Parts rejected without even a SOP Instance UID; no delivery of images has so many."""

OTHER_MEDIA_TYPE = "not_dicom"


class NoImagesError(MultipartError):
    """The body announced DICOM instances, and its parts are none."""


class IncomingParts:
    """The parts of one body, as files of one run.

    Attributes
    ----------
    outcomes
        What became of the parts answered so far, in their order.
    """

    def __init__(
        self,
        *,
        run: IngestRun,
        by: AbstractBaseUser | None,
        intake: Intake,
        archive: Archive,
        expected: ClaimedUids | None = None,
        asked: AskedFor | None = None,
    ) -> None:
        self.outcomes: list[Outcome] = []
        self._run = run
        self._by = by
        self._intake = intake
        self._archive = archive
        self._expected = expected
        self._asked = asked
        self._position = 0
        self._unreadable = 0
        self._under_way: deque[tuple[Path, Future[TakenIn]]] = deque()

    def take_in(self, multipart: Multipart) -> None:
        """Take in every part; those complete before an error are taken in all the same.

        Raises
        ------
        ArchiveError, StaleBatchError, DatabaseError, ReadingProcessUnavailableError
            Not everything that arrived is stored.
        MultipartError, BodyError
            Not everything arrived; what did is answered in `outcomes`.
        """
        try:
            for part in multipart.parts():
                self.submit(part)
                if self._unreadable > MOST_UNREADABLE_PARTS:
                    raise NoImagesError(
                        f"More than {MOST_UNREADABLE_PARTS} parts are no DICOM instances; the rest "
                        "of the body was not looked at."
                    )
        finally:
            self._settle(down_to=0)

    def submit(self, part: Part) -> None:
        """Spool one part and send it on."""
        path = self._archive.spool_path()
        require_free_space(path.parent, floor_bytes=settings.CRESCENT_FREE_SPACE_FLOOR_BYTES)
        with ExitStack() as undo:
            undo.callback(path.unlink, missing_ok=True)
            size_bytes = _spool(part.chunks, path)
            self._position += 1
            arrival = Arrival(
                position=self._position,
                name="",
                source=path,
                ours=True,
                size_bytes=size_bytes,
                refused=_refused(part, size_bytes),
                expected=self._expected,
                asked=self._asked,
            )
            future = self._intake.submit(arrival, run=self._run, by=self._by)
            undo.pop_all()
        self._under_way.append((path, future))
        self._settle(down_to=PARTS_UNDER_WAY)

    def refuse(self, reason_code: str) -> None:
        """Record as a refused file what never became one."""
        self._position += 1
        arrival = Arrival(
            position=self._position,
            name="",
            source=self._archive.spool_path(),
            refused=reason_code,
        )
        future = self._intake.submit(arrival, run=self._run, by=self._by)
        self._under_way.append((arrival.source, future))
        self._settle(down_to=0)

    def _settle(self, *, down_to: int) -> None:
        """Wait for the oldest answers; the first failure is raised once all others are in."""
        failure: BaseException | None = None
        while len(self._under_way) > down_to:
            path, future = self._under_way.popleft()
            error = future.exception()
            path.unlink(missing_ok=True)
            if error is not None:
                failure = failure or error
                down_to = 0
                continue
            taken_in = future.result()
            outcome = Outcome(
                result=taken_in.row.result,
                reason_code=taken_in.row.reason_code,
                claimed=taken_in.claimed,
            )
            self._unreadable += outcome.is_unreadable
            self.outcomes.append(outcome)
        if failure is not None:
            raise failure


def _spool(chunks: Iterator[memoryview], path: Path) -> int:
    """Write the part and return its size; of one that is too large nothing is kept."""
    size_bytes = 0
    with storage_faults_named(), open(path, "xb", opener=_private) as file:
        for chunk in chunks:
            size_bytes += len(chunk)
            if size_bytes <= MAX_FILE_BYTES:
                file.write(chunk)
            elif file.tell():
                file.seek(0)
                file.truncate()
    return size_bytes


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _refused(part: Part, size_bytes: int) -> str:
    """Reason code of a part that nobody needs to read; it may come without a type of its own."""
    if size_bytes > MAX_FILE_BYTES:
        return "file_too_large"
    try:
        essence = MediaType.parse(part.headers.get("content-type", DICOM)).essence
    except MediaTypeError:
        return OTHER_MEDIA_TYPE
    encoded = part.headers.get("content-encoding", "identity").lower() != "identity"
    return OTHER_MEDIA_TYPE if encoded or essence != DICOM else ""
