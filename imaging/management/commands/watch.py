"""`manage.py watch DIR --centre CODE`: take in what is dropped into a folder."""

import os
import signal
import threading
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from django.utils import timezone
from django.utils.module_loading import import_string

from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import ArchiveError
from imaging.ingest.intake import Intake
from imaging.ingest.pool import new_pool
from imaging.ingest.reasons import ALL_REASONS
from imaging.ingest.recovery import at_start
from imaging.ingest.watched_folder import (
    DONE,
    REFUSED,
    TRY_AGAIN_SECONDS,
    FolderInUseError,
    WatchedFolder,
)
from imaging.ingest.watching import FAULTS, Burst
from imaging.models import IngestedFile

POLL_SECONDS = 1.0
FILES_AT_ONCE = 500
"""So many are taken in before the folder is looked at again."""


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Take in files that are dropped into a folder once they have stopped changing, until "
        f"SIGTERM or Ctrl+C. What is in is moved to {DONE}/, what is refused to {REFUSED}/."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--centre", required=True, help="code of the centre the images are of")
        parser.add_argument(
            "--stable-seconds",
            type=float,
            default=5.0,
            metavar="N",
            help="a file is complete once size and time of change stay for so long (default: 5)",
        )
        parser.add_argument(
            "--quiet-seconds",
            type=float,
            default=60.0,
            metavar="N",
            help="a delivery ends when nothing has arrived for so long (default: 60)",
        )
        parser.add_argument(
            "--remove",
            action="store_true",
            help=f"remove files that are in instead of moving them to {DONE}/",
        )
        parser.add_argument(
            "--once", action="store_true", help="end when the folder is empty and quiet"
        )
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)

    def handle(self, *, folder: Path, centre: str, workers: int, **options: Any) -> None:
        if not import_string(settings.CENTRE_EXISTS)(centre):
            raise CommandError(f"There is no centre {centre!r}. Use the code of an existing one.")
        if not folder.is_dir():
            raise CommandError("The folder to watch does not exist. Make it first.")
        data = Path(settings.CRESCENT_DATA).resolve()
        if data == folder.resolve() or data in folder.resolve().parents:
            raise CommandError("The data folder cannot be watched. Name a folder outside it.")
        if workers < 1 or options["stable_seconds"] < 0 or options["quiet_seconds"] < 0:
            raise CommandError("--workers must be at least 1, the seconds not below 0.")
        self._end = threading.Event()
        before = {
            name: signal.signal(name, lambda *_: self._end.set())
            for name in (signal.SIGTERM, signal.SIGINT)
        }
        watched = WatchedFolder(folder, stable_seconds=options["stable_seconds"])
        archive = configured_archive()
        try:
            with (
                watched.watched_alone(),
                new_pool(size=workers) as pool,
                Intake(pool=pool, archive=archive, clock=timezone.now) as intake,
            ):
                at_start(
                    archive=archive, partial_files=configured_partial_files(), clock=timezone.now
                )
                self._watch(watched, intake, centre=centre, **options)
        except FolderInUseError as error:
            raise CommandError("Another process watches this folder. End it first.") from error
        except (ArchiveError, DatabaseError) as error:
            raise CommandError(f"The start failed ({type(error).__name__}): {error}") from error
        finally:
            for name, handler in before.items():
                signal.signal(name, handler)

    def _watch(
        self,
        watched: WatchedFolder,
        intake: Intake,
        *,
        centre: str,
        quiet_seconds: float,
        remove: bool,
        once: bool,
        **_: Any,
    ) -> None:
        self._burst: Burst | None = None
        last_seconds = time.monotonic()
        while not self._end.is_set():
            try:
                files = watched.settled(now_seconds=time.monotonic())[:FILES_AT_ONCE]
                if files:
                    if self._burst is None:
                        self._burst = self._open(watched, intake, centre=centre, remove=remove)
                    for row in self._burst.take_in(files, now_seconds=time.monotonic()):
                        self._tell(row)
                        if self._end.is_set():
                            break
                waiting = bool(files) or watched.has_files
                if waiting:
                    last_seconds = time.monotonic()
                quiet = not waiting and time.monotonic() - last_seconds >= quiet_seconds
                if quiet:
                    self._close()
                if quiet and once and not watched.has_put_off:
                    return
            except FAULTS as error:
                # The files still lie there: what was not put away is taken in when it works again.
                self.stderr.write(
                    f"trying again in {TRY_AGAIN_SECONDS:.0f} s, others first: {_words(error)}"
                )
                self.stderr.flush()
                if isinstance(error, DatabaseError):
                    connections.close_all()  # it may be broken; the next question opens another
                self._end.wait(TRY_AGAIN_SECONDS)
                continue
            if not files:
                self._end.wait(POLL_SECONDS)
        self._close()

    def _open(self, watched: WatchedFolder, intake: Intake, *, centre: str, remove: bool) -> Burst:
        burst = Burst(
            folder=watched, intake=intake, centre_code=centre, clock=timezone.now, remove=remove
        )
        self.stdout.write(f"run {burst.run.public_id}")
        return burst

    def _close(self) -> None:
        if self._burst is None:
            return
        self._burst.close()
        counts = self._burst.counts
        parts = [f"{counts[result]} {result}" for result in [*IngestedFile.Result, "ignored"]]
        self.stdout.write(f"end of run {self._burst.run.public_id}: {', '.join(parts)}.")
        self.stdout.flush()
        self._burst = None

    def _tell(self, row: IngestedFile) -> None:
        """One line per file, flushed: what is printed is durable. No name is printed."""
        place = f"{row.position}.{row.entry}" if row.entry else f"{row.position}"
        line = f"{place} {row.result}"
        if row.reason_code:
            reason = ALL_REASONS[row.reason_code]
            line += f" {reason.reason_code}: {reason.sentence} {reason.remedy}"
        self.stdout.write(line)
        self.stdout.flush()


def _words(error: Exception) -> str:
    """What happened, without the path that an OSError names."""
    if isinstance(error, ArchiveError):
        return str(error)
    if isinstance(error, OSError):
        return f"{type(error).__name__}: {error.strerror}"
    return type(error).__name__
