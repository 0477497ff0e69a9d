"""The one door in for deliveries that are listed: folders, zip archives, uploads.

It keeps a window of files in the intake and yields their answers in the order of arrival.
"""

from collections import deque
from collections.abc import Generator, Iterable

from django.contrib.auth.models import AbstractBaseUser

from imaging.ingest.arrival import Arrival, Ignored, TakenIn
from imaging.ingest.containers import unpacked
from imaging.ingest.intake import Intake
from imaging.ingest.line import Line
from imaging.ingest.submission import Submission
from imaging.models import IngestedFile, IngestRun

FILES_GATHERED = 32
"""So many files are read before they are committed together, if there are so many."""

FILES_IN_WINDOW = 96
"""Files of one delivery between arrival and answer: those gathered, and those read meanwhile."""

BYTES_IN_WINDOW = 512 * 1024 * 1024
"""A window of large files is closed earlier; so much of the spool belongs to one delivery."""


class Door:
    """Takes in the files of one run.

    Attributes
    ----------
    ignored
        Positions of the companions of images that were passed over so far.
    """

    def __init__(self, *, run: IngestRun, by: AbstractBaseUser | None, intake: Intake) -> None:
        self.ignored: list[int] = []
        self._run = run
        self._by = by
        self._intake = intake

    def take_in(self, arrivals: Iterable[Arrival | Ignored]) -> Generator[IngestedFile]:
        """Store the files and yield the row of each once it is durable.

        Raises
        ------
        ArchiveError
            The storage failed. What was yielded is safe; nothing else was taken in.
        ReadingProcessUnavailableError, StaleBatchError, DatabaseError
        """
        for taken_in in self.answers(arrivals):
            yield taken_in.row

    def answers(self, arrivals: Iterable[Arrival | Ignored]) -> Generator[TakenIn]:
        """The same with all there is to say about each file."""
        line = Line()
        window: deque[Submission] = deque()
        window_bytes = 0
        try:
            for arrival in unpacked(arrivals, pool=self._intake.pool):
                if isinstance(arrival, Ignored):
                    self.ignored.append(arrival.position)
                    continue
                window.append(self._intake.begin(arrival, run=self._run, by=self._by, line=line))
                window_bytes += _spooled_bytes(arrival)
                while window and (
                    window[0].answer.done()
                    or len(window) >= FILES_IN_WINDOW
                    or window_bytes >= BYTES_IN_WINDOW
                ):
                    submission = window.popleft()
                    window_bytes -= _spooled_bytes(submission.arrival)
                    yield self._intake.settle(submission, gather=FILES_GATHERED)
            while window:
                yield self._intake.settle(window.popleft(), gather=FILES_GATHERED)
        finally:
            self._intake.abandon(line)


def _spooled_bytes(arrival: Arrival) -> int:
    """About what its copy takes in the spool; of an archive only the size as a whole is known."""
    return arrival.size_bytes if arrival.zip_index is None else 0
