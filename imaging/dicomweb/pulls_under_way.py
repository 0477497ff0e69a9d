"""Pulls that people started on a page: they go on while the page of the run shows how far."""

import atexit
import logging
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import connections

from imaging.archive.archive import Archive
from imaging.dicomweb import pull
from imaging.dicomweb.remote_archive_client import FoundStudy, RemoteArchiveClient
from imaging.ingest.intake import Intake
from imaging.models import IngestRun

AT_ONCE = 2
MOST_WAITING = 20

logger = logging.getLogger(__name__)


class PullsUnderWay:
    """The pulls of one process. A pull that ends with the process leaves its run unfinished."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="pull")
        self._mutex = threading.Lock()
        self._count = 0

    def has_room_for(self, count: int) -> bool:
        return self._count + count <= MOST_WAITING

    def start(
        self,
        run: IngestRun,
        study: FoundStudy,
        *,
        client: RemoteArchiveClient,
        intake: Intake,
        archive: Archive,
        by: AbstractBaseUser,
        clock: Callable[[], datetime],
    ) -> Future[None]:
        """Take the study in as soon as a thread is free."""
        with self._mutex:
            self._count += 1

        def work() -> None:
            try:
                pull.take_in(
                    run,
                    study,
                    client=client,
                    intake=intake,
                    archive=archive,
                    by=by,
                    clock=clock,
                )
            finally:
                connections.close_all()
                with self._mutex:
                    self._count -= 1

        def tell(done: Future[None]) -> None:
            # nobody waits for the result: what is not told here is never heard of
            if not done.cancelled() and (error := done.exception()) is not None:
                logger.error("Pull %s broke off: %s", run.public_id, type(error).__name__)

        pulling = self._threads.submit(work)
        pulling.add_done_callback(tell)
        return pulling

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


_shared_mutex = threading.Lock()
_shared: tuple[int, PullsUnderWay] | None = None


def shared_pulls() -> PullsUnderWay:
    """Those of this process, begun by the first who asks."""
    global _shared
    with _shared_mutex:
        if _shared is None or _shared[0] != os.getpid():
            pulls = PullsUnderWay()
            _shared = (os.getpid(), pulls)
            atexit.register(pulls.close)
        return _shared[1]
