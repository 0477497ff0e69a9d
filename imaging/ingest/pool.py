"""Several reading processes, so that receiving, reading and storing overlap."""

import atexit
import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from imaging.dicom.deidentification import derive_keys
from imaging.ingest.reading_process import (
    Answer,
    ReadingProcess,
    ReadingProcessUnavailableError,
)

UPLOAD_PROCESSES = 2


class Pool:
    """Hands requests to whichever reading process is free.

    All are started at once and in the background, so that the first files wait no longer than
    they must. The one used last is asked first: it remembers most.
    """

    def __init__(self, *, size: int, keys: Mapping[str, str]) -> None:
        self.size = size
        self._free = [ReadingProcess(keys) for _ in range(size)]
        self._freed = threading.Condition()
        self._threads = ThreadPoolExecutor(max_workers=size, thread_name_prefix="reading")
        for _ in range(size):
            self._threads.submit(self._start_one)

    def submit(self, request: Mapping[str, Any], *, size_bytes: int = 0) -> Future[Answer]:
        return self._threads.submit(self._ask, request, size_bytes)

    def ask(
        self,
        request: Mapping[str, Any],
        *,
        size_bytes: int = 0,
        of: ReadingProcess | None = None,
    ) -> Future[Answer]:
        """The same in the calling thread, which saves two changes of threads: answered already.

        Parameters
        ----------
        of
            The process to ask, once it is free; None: any.

        Raises
        ------
        ReadingProcessUnavailableError
        """
        future: Future[Answer] = Future()
        future.set_result(self._ask(request, size_bytes, of))
        return future

    def tell(
        self, request: Mapping[str, Any], *, to: ReadingProcess | None = None
    ) -> ReadingProcess | None:
        """Say what needs no answer, if the process is free; which one was told."""
        with self._freed:
            if not self._free or (to is not None and to not in self._free):
                return None
            process = self._taken(to)
        try:
            process.tell(request)
        finally:
            self._give_back(process)
        return process

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        while self._free:
            self._free.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _start_one(self) -> None:
        process = self._take()
        try:
            # one that does not start is tried again, and complained of, when it is asked
            with suppress(ReadingProcessUnavailableError):
                process.start()
        finally:
            self._give_back(process)

    def _ask(
        self, request: Mapping[str, Any], size_bytes: int, of: ReadingProcess | None = None
    ) -> Answer:
        process = self._take(of)
        try:
            return process.ask(request, size_bytes=size_bytes)
        finally:
            self._give_back(process)

    def _take(self, wanted: ReadingProcess | None = None) -> ReadingProcess:
        with self._freed:
            self._freed.wait_for(lambda: self._free if wanted is None else wanted in self._free)
            return self._taken(wanted)

    def _taken(self, wanted: ReadingProcess | None) -> ReadingProcess:
        """One that is free; the caller holds the lock."""
        if wanted is None:
            return self._free.pop()
        self._free.remove(wanted)
        return wanted

    def _give_back(self, process: ReadingProcess) -> None:
        with self._freed:
            self._free.append(process)
            self._freed.notify_all()


_shared_mutex = threading.Lock()
_shared: tuple[int, Pool] | None = None


def new_pool(*, size: int) -> Pool:
    """A pool with the keys of this installation."""
    keys = derive_keys(settings.CRESCENT_DEID_KEY.encode())
    return Pool(size=size, keys={"uid": keys.uid.hex(), "subject": keys.subject.hex()})


def shared_pool() -> Pool:
    """The pool that the web requests of this process share; started by the first."""
    global _shared
    with _shared_mutex:
        if _shared is None or _shared[0] != os.getpid():
            pool = new_pool(size=UPLOAD_PROCESSES)
            _shared = (os.getpid(), pool)
            atexit.register(pool.close)
        return _shared[1]
