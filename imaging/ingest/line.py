"""Files of one delivery in the order in which they are to be recorded."""

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from imaging.ingest.submission import Submission


class Line:
    """Reading overtakes, recording does not: which of two contradicting files comes first is told
    by their place in the delivery and not by chance.

    Whoever calls holds the lock of the intake.

    Attributes
    ----------
    taken
        Submissions that somebody is committing.
    """

    def __init__(self) -> None:
        self._unread: deque[Submission] = deque()
        self._ready: dict[Submission, None] = {}
        self._failure: BaseException | None = None
        self.taken: set[Submission] = set()

    def append(self, submission: "Submission") -> None:
        if self._failure is not None:
            submission.failure = self._failure
        self._unread.append(submission)

    def advance(self) -> "tuple[list[Submission], list[Submission]]":
        """The submissions that became ready, and those that failed.

        After a failure nothing behind it is ready any more: the storage or the reading is at fault.
        """
        ready: list[Submission] = []
        failed: list[Submission] = []
        while self._unread and (self._failure or self._unread[0].is_read):
            submission = self._unread.popleft()
            self._failure = self._failure or submission.failure
            if self._failure is None:
                ready.append(submission)
                self._ready[submission] = None
            else:
                submission.failure = self._failure
                failed.append(submission)
        return ready, failed

    def has(self, count: int) -> bool:
        """Whether so many are ready, or all there are."""
        return len(self._ready) >= count or (bool(self._ready) and not self._unread)

    def take(self, submission: "Submission") -> None:
        del self._ready[submission]
        self.taken.add(submission)

    def drop(self) -> "list[Submission]":
        """Everything that nobody has begun to commit."""
        dropped = [*self._ready, *self._unread]
        self._ready.clear()
        self._unread.clear()
        return dropped
