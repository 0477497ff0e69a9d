"""Take in what settles in a watched folder: one delivery per burst."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from django.db import DatabaseError

from imaging import actions
from imaging.actions import StaleBatchError
from imaging.archive.errors import ArchiveError
from imaging.ingest.arrival import Arrival, Ignored
from imaging.ingest.door import Door
from imaging.ingest.intake import Intake
from imaging.ingest.names import is_ignored, printable
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.watched_folder import Settled, WatchedFolder
from imaging.models import IngestedFile, IngestRun

FAULTS = (
    ArchiveError,
    DatabaseError,
    OSError,
    ReadingProcessUnavailableError,
    StaleBatchError,
)
TAKEN_IN = frozenset({IngestedFile.Result.INDEXED, IngestedFile.Result.DUPLICATE})


class Burst:
    """Files that arrive shortly after each other, as one delivery.

    A file that cannot be taken in is put off and stops no other.
    A file that cannot be taken in stops the others once; then they go first.
    Every file is put away only once it is durable and recorded. Killed at any point, the next burst
    reads again what was not put away, and it counts as duplicate.
    """

    def __init__(
        self,
        *,
        folder: WatchedFolder,
        intake: Intake,
        centre_code: str,
        clock: Callable[[], datetime],
        remove: bool,
    ) -> None:
        self.run = actions.start_run(
            centre_code=centre_code,
            source=IngestRun.Source.WATCH_FOLDER,
            by=None,
            at=clock(),
        )
        self.counts: Counter[str] = Counter()
        self._folder = folder
        self._intake = intake
        self._clock = clock
        self._remove = remove
        self._position = 0
        self._at = 0

    def take_in(self, files: Sequence[Settled], *, now_seconds: float) -> Iterator[IngestedFile]:
        """Yield the row of each file, or of each entry of an archive, once it is durable.

        Raises
        ------
        ArchiveError, ReadingProcessUnavailableError, StaleBatchError, DatabaseError, OSError
            The file at which it happened is put off; it and those behind it lie where they were.
        """
        by_position = {self._position + n: file for n, file in enumerate(files, start=1)}
        self._position += len(files)
        self._at = next(iter(by_position), 0)
        door = Door(run=self.run, by=None, intake=self._intake)
        try:
            yield from self._through(door, by_position)
        except FAULTS:
            if self._at in by_position:
                self._folder.put_off(by_position[self._at], now_seconds=now_seconds)
            raise

    def _through(self, door: Door, by_position: dict[int, Settled]) -> Iterator[IngestedFile]:
        """`take_in`; `self._at` is the position of the file that is being dealt with."""
        refused: set[int] = set()
        unpacked = 0
        with closing(door.take_in(self._arrivals(by_position))) as rows:
            for row in rows:
                if unpacked not in (0, row.position):
                    self._put_away(by_position[unpacked], taken_in=unpacked not in refused)
                self._at = row.position
                self.counts[row.result] += 1
                if row.result not in TAKEN_IN:
                    refused.add(row.position)
                unpacked = row.position if row.entry else 0
                if not unpacked:
                    self._put_away(by_position[row.position], taken_in=row.position not in refused)
                    self._at += 1
                yield row
        if unpacked:
            self._put_away(by_position[unpacked], taken_in=unpacked not in refused)
        actions.count_ignored(run=self.run, positions=door.ignored)
        self.counts["ignored"] += len(door.ignored)
        for position, file in by_position.items():
            if position in door.ignored:
                # A companion by itself; an archive was put away with its other entries.
                self._at = position
                self._put_away(file, taken_in=position not in refused)

    def close(self) -> IngestRun:
        """Judge the series and close the delivery."""
        return actions.finish_run(run=self.run, by=None, at=self._clock())

    def _arrivals(self, files: dict[int, Settled]) -> Iterator[Arrival | Ignored]:
        for position, file in files.items():
            if is_ignored(file.path.name):
                yield Ignored(position=position)
                continue
            arrival = Arrival(
                position=position,
                name=printable(str(file.path.relative_to(self._folder.root))),
                source=file.path.absolute(),
                size_bytes=file.size_bytes,
            )
            yield arrival if file.path.is_file() else replace(arrival, refused="file_unreadable")

    def _put_away(self, file: Settled, *, taken_in: bool) -> None:
        self._folder.put_away(file, taken_in=taken_in, remove=self._remove)
