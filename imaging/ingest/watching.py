"""Take in what settles in a watched folder: one delivery per burst."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from imaging import actions
from imaging.ingest.arrival import Arrival, Ignored
from imaging.ingest.door import Door
from imaging.ingest.intake import Intake
from imaging.ingest.names import is_ignored, printable
from imaging.ingest.watched_folder import Settled, WatchedFolder
from imaging.models import IngestedFile, IngestRun

TAKEN_IN = frozenset({IngestedFile.Result.INDEXED, IngestedFile.Result.DUPLICATE})


class Burst:
    """Files that arrive shortly after each other, as one delivery.

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

    def take_in(self, files: Sequence[Settled]) -> Iterator[IngestedFile]:
        """Yield the row of each file, or of each entry of an archive, once it is durable."""
        by_position = {self._position + n: file for n, file in enumerate(files, start=1)}
        self._position += len(files)
        door = Door(run=self.run, by=None, intake=self._intake)
        refused: set[int] = set()
        answered = 0
        rows = door.take_in(self._arrivals(by_position))
        with closing(rows):
            for row in rows:
                if answered not in (0, row.position):
                    self._put_away(by_position[answered], taken_in=answered not in refused)
                answered = row.position
                self.counts[row.result] += 1
                if row.result not in TAKEN_IN:
                    refused.add(row.position)
                yield row
        if answered:
            self._put_away(by_position[answered], taken_in=answered not in refused)
        actions.count_ignored(run=self.run, positions=door.ignored)
        self.counts["ignored"] += len(door.ignored)
        for position, file in by_position.items():
            if position in door.ignored:
                # A companion by itself; an archive was put away with its other entries.
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
