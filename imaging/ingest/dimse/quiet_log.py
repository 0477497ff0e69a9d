"""Log lines that a stranger can cause: each kind once in a while, however often it happens."""

import logging
import threading
import time

EVERY_SECONDS = 60.0
MOST_KINDS = 1000

logger = logging.getLogger(__name__)


class QuietLog:
    """Writes the first line of a kind, then how many were left out."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._kinds: dict[tuple[str, ...], tuple[float, int]] = {}

    def warn(self, line: str, *kind: str, error: BaseException | None = None) -> None:
        """Write the line unless one of its kind was written a moment ago.

        Parameters
        ----------
        kind
            What may differ and makes another line of it.
        """
        now = time.monotonic()
        key = (line, *kind)
        with self._mutex:
            written_at, left_out = self._kinds.get(key, (0.0, 0))
            if written_at and now - written_at < EVERY_SECONDS:
                self._kinds[key] = (written_at, left_out + 1)
                return
            if len(self._kinds) >= MOST_KINDS:
                self._kinds.clear()
            self._kinds[key] = (now, 0)
        more = f" ({left_out} more since the last such line)" if left_out else ""
        words = f"{line}: {', '.join(kind)}" if kind else line
        logger.warning("%s%s", words, more, exc_info=error)
