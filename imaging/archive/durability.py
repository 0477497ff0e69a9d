"""Make bytes and folder entries outlive a power cut.

`rename` alone survives the end of the process, not the end of the machine: the file, and then
the folder that names it, must be flushed, in this order.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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


class DiskThreads:
    """Threads that wait for the disk; started when first needed, and anew in a process that forked,
    as threads do not come along."""

    def __init__(self, count: int, *, name: str) -> None:
        self._count = count
        self._name = name
        self._owner: int | None = None
        self._threads: ThreadPoolExecutor | None = None

    def submit(self, work: Callable[[], None]) -> "Future[None]":
        return self._started().submit(work)

    def map(self, flush: Callable[[Path], None], paths: Iterable[Path]) -> Iterator[None]:
        """Flush each path; whoever exhausts the iterator gets the first failure."""
        every = list(paths)
        return map(flush, every) if len(every) < 2 else self._started().map(flush, every)

    def _started(self) -> ThreadPoolExecutor:
        if self._threads is None or self._owner != os.getpid():
            self._threads = ThreadPoolExecutor(self._count, thread_name_prefix=self._name)
            self._owner = os.getpid()
        return self._threads
