"""Bring the store back to a sound state after a crash. May be killed and run again at any time."""

import os
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from imaging import actions
from imaging.archive.archive import Archive
from imaging.archive.partial_files import PartialFiles
from imaging.ingest import partial_uploads, quarantine
from imaging.queries import intake

QUIET_TIME = timedelta(minutes=1)
"""A database server may still be committing what a process asked for just before it died."""


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


_ready_mutex = threading.Lock()
_ready: weakref.WeakKeyDictionary[Archive, int] = weakref.WeakKeyDictionary()


def once_in_process(*, archive: Archive, clock: Callable[[], datetime]) -> None:
    """`before_run` at the first delivery of a process that lives on: a worker of the web server.

    Each later delivery judges its own series when it ends.
    """
    with _ready_mutex:
        if _ready.get(archive) != os.getpid():
            before_run(archive=archive, clock=clock)
            _ready[archive] = os.getpid()


def before_run(*, archive: Archive, clock: Callable[[], datetime]) -> Recovered:
    """The part that is quick enough for the start of every delivery: spool and verdicts."""
    return Recovered(
        spool_files_removed=archive.clear_abandoned_spool(),
        series_judged=actions.judge_series_left_over(at=clock()),
    )


def recover(
    *,
    archive: Archive,
    partial_files: PartialFiles,
    clock: Callable[[], datetime],
    quarantine_days: int,
) -> Recovered:
    """Clear the spool, judge series left unjudged, close abandoned deliveries, discard what nobody
    decided about in `quarantine_days`, and set aside files that have no row.

    A stored file without a row was never confirmed to anybody: its delivery was interrupted
    between storing and recording. Sending it again stores it again, under the same name.
    """
    recovered = before_run(archive=archive, clock=clock)
    recovered.runs_closed = partial_uploads.close_abandoned(files=partial_files, clock=clock)
    recovered.partial_files_removed = partial_uploads.remove_left_over(files=partial_files)
    recovered.quarantine_removed = quarantine.remove_decided(archive=archive)
    recovered.quarantine_expired = quarantine.expire(
        archive=archive, at=clock(), kept_days=quarantine_days
    )
    for sha256 in archive.stored_files():
        if intake.has_stored_file(sha256):
            continue
        with archive.nobody_storing():
            quiet = clock() - archive.stored_at(sha256) >= QUIET_TIME
            if quiet and not intake.has_stored_file(sha256):
                archive.set_aside(sha256)
                recovered.orphans_set_aside.append(sha256)
    for key in archive.quarantine_keys():
        if intake.has_quarantined_file(key):
            continue
        with archive.nobody_storing():
            arrived_at = datetime.fromtimestamp(archive.original_path(key).stat().st_mtime, tz=UTC)
            quiet = clock() - arrived_at >= QUIET_TIME
            if quiet and not intake.has_quarantined_file(key):
                archive.set_aside_original(key)
                recovered.orphans_set_aside.append(str(key))
    return recovered
