"""Release, discard and expire what lies in quarantine: decision and bytes together.

The decision is committed first, then the bytes are removed. A crash in between leaves bytes of a
file that is decided about; `remove_decided`, a part of every recovery, removes them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser

from imaging import actions
from imaging.actions import quarantine as decisions
from imaging.actions.quarantine import AlreadyDecidedError, ReasonMissingError
from imaging.archive.archive import Archive
from imaging.archive.errors import BlobMissingError
from imaging.ingest.arrival import Arrival
from imaging.ingest.door import Door
from imaging.ingest.intake import Intake
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile, IngestRun
from imaging.queries import quarantine

Result = IngestedFile.Result

LOOKED_AT_ONE_BY_ONE = frozenset({"burned_in_annotation"})
"""Each picture may show another name: none of these is released unless every frame was seen."""


class NotReleasableError(Exception):
    """No look at the file can settle its reason; releasing it would do what the reason warns of."""


class NotLookedAtError(Exception):
    """Nobody has seen every frame of this file; what is written in it is not known."""


@dataclass
class Released:
    """What became of files that were taken in again.

    Attributes
    ----------
    files
        Their new rows: indexed, duplicate, or in quarantine again for another reason.
    refused_again
        Reason codes of those that were refused otherwise; they stay, and nothing is decided.
    decided_meanwhile
        How many somebody else decided about first.
    """

    run: IngestRun
    files: list[IngestedFile] = field(default_factory=list)
    refused_again: list[str] = field(default_factory=list)
    decided_meanwhile: int = 0


def release(
    files: Sequence[IngestedFile],
    *,
    by: AbstractBaseUser,
    reason: str,
    clock: Callable[[], datetime],
    archive: Archive,
    intake: Intake,
    frames_looked_at: int | None = None,
) -> Released:
    """Take originals in again, in a run of their own, past the one reason that was overruled.

    Whatever else a file is refused for still holds. Files of one centre, at least one.

    Parameters
    ----------
    frames_looked_at
        How many frames the person saw, where these are all of the one file.

    Raises
    ------
    NotReleasableError, NotLookedAtError, ReasonMissingError
        Nothing was done.
    ArchiveError, ReadingProcessUnavailableError, StaleBatchError, DatabaseError
        What is decided by then is done; the rest waits as before.
    """
    if not all(ALL_REASONS[file.reason_code].releasable for file in files):
        raise NotReleasableError
    looked_at = len(files) == 1 and frames_looked_at
    if not looked_at and any(file.reason_code in LOOKED_AT_ONE_BY_ONE for file in files):
        raise NotLookedAtError
    if not reason.strip():
        raise ReasonMissingError("Say why, in words.")
    arrivals, originals = _arrivals(files, archive=archive)
    run = actions.start_run(
        centre_code=files[0].run.centre_code, source=IngestRun.Source.RELEASE, by=by, at=clock()
    )
    released = Released(run=run, decided_meanwhile=len(files) - len(arrivals))
    for row in Door(run=run, by=by, intake=intake).take_in(arrivals):
        if row.result == Result.REJECTED:
            released.refused_again.append(row.reason_code)
            continue
        file = originals[row.position]
        assert file.quarantine_key is not None
        with archive.storing():
            try:
                decisions.release(
                    file=file,
                    released_file=row,
                    by=by,
                    at=clock(),
                    reason=reason,
                    frames_looked_at=frames_looked_at,
                )
            except AlreadyDecidedError:
                released.decided_meanwhile += 1
            else:
                archive.remove_original(file.quarantine_key)
                released.files.append(row)
    actions.finish_run(run=run, by=by, at=clock())
    return released


def _arrivals(
    files: Sequence[IngestedFile], *, archive: Archive
) -> tuple[list[Arrival], dict[int, IngestedFile]]:
    """The originals that are still there, with the files by their position."""
    arrivals: list[Arrival] = []
    originals = {}
    for file in files:
        assert file.quarantine_key is not None
        try:
            source = archive.original_path(file.quarantine_key)
        except BlobMissingError:
            continue
        arrival = Arrival(
            position=len(arrivals) + 1,
            name=file.name or "",
            # Not ours to move: the original stays until the decision is recorded.
            source=source,
            size_bytes=source.stat().st_size,
            overridden=frozenset({file.reason_code}),
        )
        arrivals.append(arrival)
        originals[arrival.position] = file
    return arrivals, originals


def discard(
    files: Sequence[IngestedFile],
    *,
    by: AbstractBaseUser,
    reason: str,
    at: datetime,
    archive: Archive,
) -> int:
    """Decide that files are not wanted, and remove their bytes for good.

    Returns
    -------
    How many; about the others somebody else decided meanwhile.

    Raises
    ------
    ReasonMissingError
        Nothing was done.
    ArchiveError
        The bytes of what is decided by then are removed by the next recovery.
    """
    discarded = 0
    for file in files:
        assert file.quarantine_key is not None
        with archive.storing():
            try:
                decisions.discard(file=file, by=by, at=at, reason=reason)
            except AlreadyDecidedError:
                continue
            archive.remove_original(file.quarantine_key)
            discarded += 1
    return discarded


def expire(*, archive: Archive, at: datetime, kept_days: int) -> int:
    """Discard what nobody decided about in `kept_days`; returns how many files."""
    expired = 0
    for file in quarantine.overdue(before=at - timedelta(days=kept_days)):
        assert file.quarantine_key is not None
        with archive.storing():
            try:
                decisions.expire(file=file, at=at, kept_days=kept_days)
            except AlreadyDecidedError:
                continue
            archive.remove_original(file.quarantine_key)
            expired += 1
    return expired


def remove_decided(*, archive: Archive) -> int:
    """Remove bytes that outlived the decision about them; returns how many files."""
    removed = 0
    for key in archive.quarantine_keys():
        if quarantine.is_decided(key):
            archive.remove_original(key)
            removed += 1
    return removed
