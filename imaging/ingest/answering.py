"""Nobody waits for ever: what a batch leaves without answer fails with what stopped it."""

from collections.abc import Sequence
from types import TracebackType

from imaging.ingest.submission import Submission


class Answering:
    """Hands an exception of the commit to the senders of the batch, whose calls raise it.

    The thread that commits may be that of another sender, who is not to blame.
    """

    def __init__(self, batch: Sequence[Submission]) -> None:
        self._batch = batch

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        for submission in self._batch:
            submission.fail(error or RuntimeError("a file of the batch was not answered"))
        return isinstance(error, Exception)
