"""A file that is read while it still arrives."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from imaging.ingest.pool import Pool
from imaging.ingest.reading_process import ReadingProcess


class EarlyReading:
    """Tells a reading process how far a file has come; it is asked for the answer as ever.

    Nobody waits: a process that is busy is not told, and does more in the end. Who sends slowly
    keeps no process from others.

    Attributes
    ----------
    output
        Where the de-identified file goes.
    process
        Who knows of the file; None as long as nobody does.
    """

    def __init__(self, *, pool: Pool, request: Mapping[str, Any], output: Path) -> None:
        self.output = output
        self.process: ReadingProcess | None = None
        self._pool = pool
        self._request = {**request, "task": "arriving"}

    def has_arrived(self) -> None:
        """More of the file can be read."""
        if self.process is None:
            self.process = self._pool.tell(self._request)
        else:
            self._pool.tell({"task": "more", "output": str(self.output)}, to=self.process)

    def discard(self) -> None:
        """The file will not be completed."""
        if self.process is not None:
            self._pool.tell({"task": "forget", "output": str(self.output)}, to=self.process)
        self.output.unlink(missing_ok=True)
