"""Checks and imports that go on while their page shows how far they are."""

import atexit
import logging
import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import connections
from django.utils.translation import get_language, override

from registry.actions.errors import RegistryError
from registry.exchange import case_import as cases
from registry.exchange import import_progress
from registry.exchange.import_progress import Clock, Kind, Work
from registry.models import CaseImport, User

AT_ONCE_ROWS = 25
"""So many are done before the page that asks for them is answered: in a second or so."""

DOES: dict[Kind, Any] = {"check": cases.check, "take_in": cases.take_in, "undo": cases.undo}

logger = logging.getLogger(__name__)


def begin(kind: Kind, *, case_import: CaseImport, by: User, clock: Clock) -> bool:
    """Begin to check, take in or take back, unless somebody works on this import.

    Returns
    -------
    Whether it is done. Otherwise `import_progress` says how far it is.

    Raises
    ------
    RegistryError
        Those of `exchange.case_import`, where it was done at once.
    """
    work = import_progress.hold(case_import.public_id, kind=kind, clock=clock)
    if work is None:
        return False
    do = partial(_do, work, DOES[kind], case_import=case_import, by=by, clock=clock)
    if case_import.rows <= AT_ONCE_ROWS:
        with import_progress.turn(wait=False) as has_come:
            if has_come:
                do(keeps_refusal=False)
                return True
    shared_threads().submit(_in_background, do, get_language()).add_done_callback(_tell)
    return False


def _do(
    work: Work,
    does: Any,
    *,
    case_import: CaseImport,
    by: User,
    clock: Clock,
    keeps_refusal: bool,
) -> None:
    try:
        work.begin()
        does(case_import=case_import, by=by, at=clock(), tell=work.tell)
    except RegistryError as error:
        work.end(str(error) if keeps_refusal else "")
        raise
    else:
        work.end()
    finally:
        work.release()


def _in_background(do: Any, language: str | None) -> None:
    try:
        with override(language), import_progress.turn(wait=True):
            do(keeps_refusal=True)
    finally:
        connections.close_all()


def _tell(done: "Future[None]") -> None:
    """Nobody waits for the result: what is not told here is never heard of."""
    error = None if done.cancelled() else done.exception()
    if error is not None and not isinstance(error, RegistryError):
        logger.error("Work on an import broke off: %s", type(error).__name__)


_shared_mutex = threading.Lock()
_shared: tuple[int, ThreadPoolExecutor] | None = None


def shared_threads() -> ThreadPoolExecutor:
    """The thread of this process, begun by the first who asks."""
    global _shared
    with _shared_mutex:
        if _shared is None or _shared[0] != os.getpid():
            threads = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
            _shared = (os.getpid(), threads)
            atexit.register(threads.shutdown, wait=False, cancel_futures=True)
        return _shared[1]
