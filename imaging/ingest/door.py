"""The one door in: whatever the way a file arrives, it goes through here.

```
arrival ─▶ limited child ─▶ de-identified copy in the spool ─▶ fsync · rename · fsync folder
                                                               ─▶ one transaction ─▶ answer
```
Several files share the flushes and the transaction; no file is answered before its own.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser

from imaging.archive.archive import Archive
from imaging.archive.errors import storage_fault
from imaging.dicom.preparation import PreparedInstance
from imaging.ingest.arrival import Arrival, Ignored, ReadFile
from imaging.ingest.containers import unpacked
from imaging.ingest.pool import Pool
from imaging.ingest.reading_process import Answer, Done, Fault, Refused
from imaging.ingest.storing import Batch
from imaging.models import IngestedFile, IngestRun

FILES_PER_BATCH = 16
"""How many files share one transaction and one flush of each folder."""

Reading = tuple[Arrival, Path, Path, Future[Answer] | None]


class Door:
    """Takes in the files of one run.

    Attributes
    ----------
    ignored
        Positions of the companions of images that were passed over so far.
    """

    def __init__(
        self,
        *,
        run: IngestRun,
        by: AbstractBaseUser | None,
        clock: Callable[[], datetime],
        pool: Pool,
        archive: Archive,
    ) -> None:
        self.ignored: list[int] = []
        self._run = run
        self._by = by
        self._clock = clock
        self._pool = pool
        self._archive = archive
        self._window = FILES_PER_BATCH + 2 * pool.size

    def take_in(self, arrivals: Iterable[Arrival | Ignored]) -> Iterator[IngestedFile]:
        """Store the files and yield the row of each once it is durable.

        Raises
        ------
        ArchiveError
            The storage failed. What was yielded is safe; nothing else was taken in.
        ReadingProcessUnavailableError
        """
        readings: deque[Reading] = deque()
        batch: list[ReadFile] = []
        try:
            for arrival in unpacked(arrivals, pool=self._pool):
                if isinstance(arrival, Ignored):
                    self.ignored.append(arrival.position)
                    continue
                readings.append(self._start_reading(arrival))
                if len(readings) >= self._window:
                    self._read_next(readings, batch)
                if len(batch) == FILES_PER_BATCH:
                    yield from self._store(batch)
            while readings or batch:
                while readings and len(batch) < FILES_PER_BATCH:
                    self._read_next(readings, batch)
                yield from self._store(batch)
        finally:
            for _, output, original, future in readings:
                if future is not None and not future.cancel():
                    future.exception()
                _discard(output, original)
            for file in batch:
                _discard(file.output, file.unpacked)

    def _start_reading(self, arrival: Arrival) -> Reading:
        output, original = self._archive.spool_path(), self._archive.spool_path()
        future = None
        if not arrival.refused:
            future = self._pool.submit(
                {
                    "task": "prepare",
                    "source": str(arrival.source),
                    "entry": arrival.zip_index,
                    "unpacked": str(original),
                    "output": str(output),
                    "centre_code": self._run.centre_code,
                },
                size_bytes=arrival.size_bytes,
            )
        return arrival, output, original, future

    def _read_next(self, readings: deque[Reading], batch: list[ReadFile]) -> None:
        arrival, output, original, future = readings[0]
        answer = Refused(arrival.refused) if future is None else future.result()
        if isinstance(answer, Fault):
            raise storage_fault(answer.errno)
        readings.popleft()
        batch.append(
            ReadFile(
                arrival=arrival,
                prepared=PreparedInstance.from_json(answer.value)
                if isinstance(answer, Done)
                else None,
                reason_code=answer.reason_code if isinstance(answer, Refused) else "",
                output=output,
                unpacked=original,
            )
        )

    def _store(self, batch: list[ReadFile]) -> list[IngestedFile]:
        rows = Batch(run=self._run, archive=self._archive, files=batch).store(
            by=self._by, at=self._clock()
        )
        for file in batch:
            _discard(file.output, file.unpacked)
        batch.clear()
        return rows


def _discard(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
