"""Several reading processes, so that receiving, reading and storing overlap."""

import atexit
import os
import queue
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
        self._free: queue.LifoQueue[ReadingProcess] = queue.LifoQueue()
        for _ in range(size):
            self._free.put(ReadingProcess(keys))
        self._threads = ThreadPoolExecutor(max_workers=size, thread_name_prefix="reading")
        for _ in range(size):
            self._threads.submit(self._start_one)

    def submit(self, request: Mapping[str, Any], *, size_bytes: int = 0) -> Future[Answer]:
        return self._threads.submit(self._ask, request, size_bytes)

    def submit_here(self, request: Mapping[str, Any], *, size_bytes: int = 0) -> Future[Answer]:
        """The same in the calling thread, which saves two changes of threads: answered already.

        Raises
        ------
        ReadingProcessUnavailableError
        """
        future: Future[Answer] = Future()
        future.set_result(self._ask(request, size_bytes))
        return future

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        while not self._free.empty():
            self._free.get().close()

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
        process = self._free.get()
        try:
            # one that does not start is tried again, and complained of, when it is asked
            with suppress(ReadingProcessUnavailableError):
                process.start()
        finally:
            self._free.put(process)

    def _ask(self, request: Mapping[str, Any], size_bytes: int) -> Answer:
        process = self._free.get()
        try:
            return process.ask(request, size_bytes=size_bytes)
        finally:
            self._free.put(process)


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
