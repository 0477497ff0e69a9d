"""Bring the store back to a sound state after a crash. May be killed and run again at any time."""

import logging
import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from imaging import actions
from imaging.archive.archive import Archive
from imaging.archive.partial_files import PartialFiles
from imaging.ingest import partial_uploads, quarantine
from imaging.ingest.unrecorded import compare, unrecorded_files, unrecorded_originals

logger = logging.getLogger(__name__)

MOST_SET_ASIDE = 1000
"""A crash leaves a few batches of files without rows. Where there are more, the database is
another one than the archive's, or older, and a person has to say so."""


class TooManyUnrecordedError(Exception):
    """More stored files have no row than crashes leave."""


@dataclass
class Recovered:
    """What recovery found and did."""

    spool_files_removed: int = 0
    series_judged: int = 0
    runs_closed: int = 0
    partial_files_removed: int = 0
    quarantine_expired: int = 0
    quarantine_removed: int = 0
    orphans_set_aside: list[str] = field(default_factory=list)
    orphans_removed: int = 0
    rows_without_bytes: list[str] = field(default_factory=list)


_started_mutex = threading.Lock()
_started: weakref.WeakKeyDictionary[Archive, int] = weakref.WeakKeyDictionary()


def once_in_process(
    *, archive: Archive, partial_files: PartialFiles, clock: Callable[[], datetime]
) -> None:
    """`at_start` of a process that the web server started, or at its first delivery."""
    with _started_mutex:
        if _started.get(archive) != os.getpid():
            at_start(archive=archive, partial_files=partial_files, clock=clock)
            _started[archive] = os.getpid()


def at_start(
    *, archive: Archive, partial_files: PartialFiles, clock: Callable[[], datetime]
) -> Recovered:
    """What every process does before it takes anything in.

    Archive and rows are compared only where a process died: it could not remove its spool, which
    is cleared last. All else asks about what is unfinished and takes no longer where much is
    stored.
    """
    recovered = Recovered()
    with archive.abandoned_spool() as abandoned:
        if abandoned:
            try:
                _mend(archive, recovered, most_set_aside=MOST_SET_ASIDE)
            except TooManyUnrecordedError as error:
                logger.warning("%s", error)
        recovered.spool_files_removed = abandoned.clear()
    _finish(recovered, partial_files=partial_files, clock=clock)
    return recovered


def recover(
    *,
    archive: Archive,
    partial_files: PartialFiles,
    clock: Callable[[], datetime],
    quarantine_days: int,
    most_set_aside: int | None = MOST_SET_ASIDE,
) -> Recovered:
    """The same whether a process died or not; and discard what nobody decided about, and remove
    what was set aside, after `quarantine_days`.

    Parameters
    ----------
    most_set_aside
        None: however many files have no row.

    Raises
    ------
    TooManyUnrecordedError
        Nothing was set aside, and nothing else done.
    """
    recovered = Recovered()
    with archive.abandoned_spool() as abandoned:
        _mend(archive, recovered, most_set_aside=most_set_aside)
        recovered.spool_files_removed = abandoned.clear()
    _finish(recovered, partial_files=partial_files, clock=clock)
    recovered.quarantine_expired = quarantine.expire(
        archive=archive, at=clock(), kept_days=quarantine_days
    )
    recovered.orphans_removed = archive.remove_set_aside(
        before=clock() - timedelta(days=quarantine_days)
    )
    return recovered


def _mend(archive: Archive, recovered: Recovered, *, most_set_aside: int | None) -> None:
    """Set aside what has no row, and name the rows that have no file: those are never removed."""
    compared = compare(archive)
    recovered.rows_without_bytes = compared.missing
    if compared.missing:
        logger.warning(
            "%d stored files are missing. `manage.py verify_archive` names them.",
            len(compared.missing),
        )
    unnamed = len(compared.unnamed) + len(compared.unnamed_originals)
    if most_set_aside is not None and unnamed > most_set_aside:
        raise TooManyUnrecordedError(
            f"{unnamed} stored files have no row: more than crashes leave. Is this "
            "the database of this archive, or an older one? If it is as it should be, run "
            "`manage.py recover --set-aside-all`."
        )
    for sha256 in unrecorded_files(archive, among=compared.unnamed):
        archive.set_aside(sha256)
        recovered.orphans_set_aside.append(sha256)
    for key in unrecorded_originals(archive, among=compared.unnamed_originals):
        archive.set_aside_original(key)
        recovered.orphans_set_aside.append(str(key))
    recovered.quarantine_removed = quarantine.remove_decided(archive=archive)


def _finish(
    recovered: Recovered, *, partial_files: PartialFiles, clock: Callable[[], datetime]
) -> None:
    """Bring to an end what nobody goes on with."""
    recovered.runs_closed = partial_uploads.close_abandoned(files=partial_files, clock=clock)
    recovered.partial_files_removed = partial_uploads.remove_left_over(files=partial_files)
    recovered.series_judged = actions.judge_series_left_over(at=clock())
