"""Give up what was sent in parts and not taken in."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser

from imaging import actions
from imaging.archive.errors import storage_faults_named
from imaging.archive.partial_files import FileInUseError, PartialFiles
from imaging.models import IngestRun
from imaging.queries import intake

ABANDONED_AFTER = timedelta(hours=24)


def give_up(
    *, run: IngestRun, files: PartialFiles, by: AbstractBaseUser | None, at: datetime
) -> int:
    """End every partial upload of a delivery and remove its bytes; returns how many.

    One that is being taken in at this moment is left to the request that does so.
    """
    given_up = 0
    for upload in intake.open_partial_uploads(run):
        try:
            with files.held(upload.public_id):
                actions.end_partial_upload(upload=upload, taken_in=False, by=by, at=at)
                files.remove(upload.public_id)
        except FileInUseError:
            continue
        given_up += 1
    return given_up


def close_abandoned(*, files: PartialFiles, clock: Callable[[], datetime]) -> int:
    """Close deliveries that nobody has gone on with for a day; returns how many.

    A browser that went away, a pull or a command whose process died. What they brought stays. Sent
    again it is a new delivery, whose files count as duplicates.
    """
    since = clock() - ABANDONED_AFTER
    closed = 0
    for run in intake.quiet_runs(since=since):
        if any(
            _last_part_at(files, upload.public_id, default=upload.begun_at) >= since
            for upload in run.partial_uploads.all()
        ):
            continue
        give_up(run=run, files=files, by=None, at=clock())
        actions.finish_run(run=run, by=None, at=clock())
        closed += 1
    return closed


def remove_left_over(*, files: PartialFiles) -> int:
    """Remove bytes that no unfinished upload waits for; returns the number of files."""
    removed = 0
    for key in files.all_keys():
        try:
            with files.held(key):
                if not intake.waits_for_parts(key):
                    files.remove(key)
                    removed += 1
        except FileInUseError:
            continue
    return removed


def _last_part_at(files: PartialFiles, key: UUID, *, default: datetime) -> datetime:
    with storage_faults_named():
        try:
            changed_at = files.path(key).stat().st_mtime
        except FileNotFoundError:
            return default
    return max(default, datetime.fromtimestamp(changed_at, tz=UTC))
