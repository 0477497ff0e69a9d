"""Where all files of a process meet: read in parallel, made durable and recorded together.

```
arrival ─▶ reading processes ─▶ waiting ─▶ one thread at a time commits what waits:
                                           fsync · rename · fsync folder ─▶ transaction ─▶ answers
```
While one batch is flushed the next one gathers, whoever sent it: the more arrive at once, the more
share a flush. Nobody is answered before the batch with their file is durable. Whoever waits for an
answer commits what waits while nobody else does: a file that comes alone meets no other thread.
"""

import atexit
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future, wait
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from types import TracebackType
from typing import Self

from django.contrib.auth.models import AbstractBaseUser

from imaging.archive.archive import Archive
from imaging.archive.configured import configured_archive
from imaging.archive.errors import storage_fault
from imaging.ingest.answering import Answering
from imaging.ingest.arrival import Arrival, TakenIn
from imaging.ingest.early_reading import EarlyReading
from imaging.ingest.lent_connection import LentConnection
from imaging.ingest.line import Line
from imaging.ingest.pool import Pool, shared_pool
from imaging.ingest.reading_process import Answer, Fault
from imaging.ingest.storing import Batch
from imaging.ingest.submission import Submission, request_to_prepare
from imaging.models import IngestRun
from imaging.queries.exclusion_rules import Rule, active_rules
from imaging.queries.intake import Remembered

FILES_PER_BATCH = 64
"""Most files that share one transaction and one round of flushes."""

RUNS_REMEMBERED = 256
"""Of so many deliveries the rules for test images are asked for once."""


class IntakeClosedError(Exception):
    """The process ends; nothing more is taken in."""


class Intake:
    """Takes in the files of any number of deliveries at once; may be used from any thread.

    Files come through `take_in`, whose thread waits; through `submit`, for which a thread of the
    intake commits; or through a `Door`, which keeps to the database connection of its thread.
    """

    def __init__(self, *, pool: Pool, archive: Archive, clock: Callable[[], datetime]) -> None:
        self.pool = pool
        self._archive = archive
        self._clock = clock
        self._changed = threading.Condition()
        self._waiting: deque[Submission] = deque()
        self._is_committing = False
        self._unanswered = 0
        self._closed = False
        self._thread: threading.Thread | None = None
        self._remembered = Remembered()
        self._rules: dict[int, tuple[Rule, ...]] = {}
        self._connection = LentConnection()

    def early(self, arrival: Arrival, *, run: IngestRun) -> EarlyReading:
        """Begin to read a file that still arrives; to be handed over with it, or discarded."""
        output = self._archive.spool_path()
        request = request_to_prepare(arrival, run=run, output=output, rules=self.rules_of(run))
        return EarlyReading(pool=self.pool, request=request, output=output)

    def take_in(
        self,
        arrival: Arrival,
        *,
        run: IngestRun,
        by: AbstractBaseUser | None,
        early: EarlyReading | None = None,
    ) -> TakenIn:
        """Take in one file; returns once it is durable and recorded.

        Parameters
        ----------
        early
            How far it has been read already.

        Raises
        ------
        ArchiveError, StaleBatchError, DatabaseError, ReadingProcessUnavailableError
            The file does not count as stored.
        IntakeClosedError
        """
        submission = self.begin(arrival, run=run, by=by, line=Line(), here=True, early=early)
        return self.settle(submission, gather=1, connection=self._connection)

    def submit(
        self, arrival: Arrival, *, run: IngestRun, by: AbstractBaseUser | None
    ) -> Future[TakenIn]:
        """Take in one file; the answer comes once it is durable and recorded.

        Returns
        -------
        A future that fails with what `take_in` raises.

        Raises
        ------
        IntakeClosedError
        """
        with self._changed:
            self._require_open()
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._commit_until_closed, name="intake", daemon=True
                )
                self._thread.start()
        return self.begin(arrival, run=run, by=by, line=Line()).answer

    def begin(
        self,
        arrival: Arrival,
        *,
        run: IngestRun,
        by: AbstractBaseUser | None,
        line: Line,
        here: bool = False,
        early: EarlyReading | None = None,
    ) -> Submission:
        """Start reading a file that is to be recorded after those before it in the line.

        Parameters
        ----------
        here
            The calling thread waits for the reading process.

        Raises
        ------
        IntakeClosedError
        """
        rules = self.rules_of(run)
        submission = Submission(
            arrival=arrival,
            run=run,
            by=by,
            output=early.output if early is not None else self._archive.spool_path(),
            unpacked=self._archive.spool_path() if arrival.zip_index is not None else None,
            line=line,
        )
        if arrival.refused:
            submission.refuse(arrival.refused)
        else:
            request = submission.request(rules)
            process = early.process if early is not None else None
            submission.reading = (
                self.pool.ask(request, size_bytes=arrival.size_bytes, of=process)
                if here
                else self.pool.submit(request, size_bytes=arrival.size_bytes)
            )
        with self._changed:
            self._require_open()
            self._unanswered += 1
            line.append(submission)
        submission.answer.add_done_callback(self._count_answer)
        if submission.reading is None:
            self._advance(submission)
        else:
            submission.reading.add_done_callback(partial(self._has_read, submission))
        return submission

    def settle(
        self,
        submission: Submission,
        *,
        gather: int,
        connection: AbstractContextManager[object] | None = None,
    ) -> TakenIn:
        """Wait for one answer and commit meanwhile, once so many of its line are ready.

        Parameters
        ----------
        connection
            To commit with; None: that of the calling thread.
        """
        line = submission.line
        while not submission.answer.done():
            with self._changed:
                self._changed.wait_for(
                    lambda: (
                        submission.answer.done() or (not self._is_committing and line.has(gather))
                    )
                )
                if submission.answer.done():
                    break
                batch = self._take()
            self._commit(batch, connection or nullcontext())
        return submission.answer.result()

    def abandon(self, line: Line) -> None:
        """Take nothing more of the line in; returns once none of its files is in use."""
        with self._changed:
            dropped = line.drop()
            taken = list(line.taken)
            for submission in dropped:
                if submission in self._waiting:
                    self._waiting.remove(submission)
        for submission in dropped:
            if submission.reading is not None and not submission.reading.cancel():
                wait([submission.reading])
            submission.fail(CancelledError())
        wait([submission.answer for submission in taken])

    def close(self) -> None:
        """Answer what was submitted, then end the committing thread."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join()
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _has_read(self, submission: Submission, reading: Future[Answer]) -> None:
        if reading.cancelled():
            submission.failure = CancelledError()
        elif (error := reading.exception()) is not None:
            submission.failure = error
        elif isinstance(answer := reading.result(), Fault):
            submission.failure = storage_fault(answer.errno)
        else:
            submission.take_reading(answer)
        self._advance(submission)
        if submission.answer.done():
            # it failed with another of its line while it was still being read
            submission.discard()

    def _advance(self, submission: Submission) -> None:
        """Let what is ready at the head of the line wait for the next commit."""
        with self._changed:
            ready, failed = submission.line.advance()
            self._waiting += ready
            self._tell()
        for one in failed:
            if one.failure is not None:
                one.fail(one.failure)

    def _take(self) -> list[Submission]:
        """The next batch; the caller holds the lock and commits."""
        self._is_committing = True
        count = min(FILES_PER_BATCH, len(self._waiting))
        batch = [self._waiting.popleft() for _ in range(count)]
        for submission in batch:
            submission.line.take(submission)
        return batch

    def _commit(
        self, batch: Sequence[Submission], connection: AbstractContextManager[object]
    ) -> None:
        try:
            with Answering(batch), connection:
                Batch(archive=self._archive, submissions=batch, remembered=self._remembered).store(
                    at=self._clock()
                )
        finally:
            with self._changed:
                self._is_committing = False
                for submission in batch:
                    submission.line.taken.discard(submission)
                self._changed.notify_all()

    def _commit_until_closed(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(self._has_work_or_end)
                if not self._waiting:
                    return
                batch = self._take()
            self._commit(batch, self._connection)

    def _has_work_or_end(self) -> bool:
        if self._waiting:
            return not self._is_committing
        return self._closed and self._unanswered == 0

    def _require_open(self) -> None:
        if self._closed:
            raise IntakeClosedError("The intake is closed.")

    def _count_answer(self, _: Future[TakenIn]) -> None:
        with self._changed:
            self._unanswered -= 1
            self._tell()

    def _tell(self) -> None:
        """Wake those who wait; the caller holds the lock.

        While somebody commits nobody can go on: the end of it wakes 200 associations once.
        """
        if not self._is_committing:
            self._changed.notify_all()

    def rules_of(self, run: IngestRun) -> tuple[Rule, ...]:
        """Those in force when the first file of the run arrived."""
        rules = self._rules.get(run.id)
        if rules is None:
            if len(self._rules) >= RUNS_REMEMBERED:
                self._rules.clear()
            rules = self._rules[run.id] = active_rules(run.centre_code)
        return rules


_shared_mutex = threading.Lock()
_shared: tuple[int, Archive, Intake] | None = None


def shared_intake(*, clock: Callable[[], datetime]) -> Intake:
    """The intake of this process, made by the first who asks."""
    global _shared
    archive = configured_archive()
    with _shared_mutex:
        if _shared is None or _shared[:2] != (os.getpid(), archive):
            intake = Intake(pool=shared_pool(), archive=archive, clock=clock)
            _shared = (os.getpid(), archive, intake)
            atexit.register(intake.close)
        return _shared[2]
