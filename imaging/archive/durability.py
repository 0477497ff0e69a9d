"""Make bytes and folder entries outlive a power cut.

`rename` alone survives the end of the process, not the end of the machine: the file, and then
the folder that names it, must be flushed, in this order.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

FLUSHES_AT_ONCE = 8
"""A disk writes several flushes that wait together in one go."""


def flush_file(path: Path) -> None:
    """fsync the file; a failure is never retried, as a second fsync would lie about the first."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(path: Path) -> None:
    """fsync the folder, so that the names in it are durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Flushing:
    """Several flushes at a time, in threads that are started when first needed."""

    def __init__(self) -> None:
        self._owner: int | None = None
        self._threads: ThreadPoolExecutor | None = None

    def map(self, flush: Callable[[Path], None], paths: Iterable[Path]) -> Iterator[None]:
        """Flush each path; whoever exhausts the iterator gets the first failure.

        The threads of a process that forked did not come along.
        """
        every = list(paths)
        if len(every) < 2:
            return map(flush, every)
        if self._threads is None or self._owner != os.getpid():
            self._threads = ThreadPoolExecutor(FLUSHES_AT_ONCE, thread_name_prefix="flushing")
            self._owner = os.getpid()
        return self._threads.map(flush, every)
