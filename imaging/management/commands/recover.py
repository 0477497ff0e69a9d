"""`manage.py recover`: bring the store back to a sound state after a crash."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.actions.planner_statistics import refresh_planner_statistics
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import ArchiveError
from imaging.ingest.recovery import MOST_SET_ASIDE, TooManyUnrecordedError, recover

BYTES_MISSING = 3


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Clear what dead processes left in the spool, judge series an interrupted delivery left "
        "unjudged, close deliveries that nobody went on with for a day, set aside stored files "
        "that have no row, discard what nobody decided about for CRESCENT_QUARANTINE_DAYS, and "
        "remove what was set aside so long ago. Let SQLite see how much there is by now. May be "
        "interrupted and rerun. Exit code 3: stored files are missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--set-aside-all",
            action="store_true",
            help=f"set files without a row aside even when there are more than {MOST_SET_ASIDE}: "
            "after an older database was restored",
        )

    def handle(self, *, set_aside_all: bool, **options: Any) -> None:
        try:
            recovered = recover(
                archive=configured_archive(),
                partial_files=configured_partial_files(),
                clock=timezone.now,
                quarantine_days=settings.CRESCENT_QUARANTINE_DAYS,
                most_set_aside=None if set_aside_all else MOST_SET_ASIDE,
            )
        except (ArchiveError, TooManyUnrecordedError) as error:
            raise CommandError(str(error)) from error
        refresh_planner_statistics()
        self.stdout.write(
            f"{recovered.spool_files_removed} spool files removed, "
            f"{recovered.series_judged} series judged, "
            f"{recovered.runs_closed} abandoned deliveries closed, "
            f"{recovered.partial_files_removed} partial files removed, "
            f"{recovered.quarantine_expired} files in quarantine discarded after their time, "
            f"{recovered.quarantine_removed} removed that were decided about, "
            f"{len(recovered.orphans_set_aside)} stored files without a row set aside, "
            f"{recovered.orphans_removed} removed that were set aside long ago."
        )
        for name in recovered.orphans_set_aside:
            self.stdout.write(f"orphan {name}")
        for sha256 in recovered.rows_without_bytes:
            self.stdout.write(f"row without bytes: file {sha256}")
        if recovered.rows_without_bytes:
            sys.exit(BYTES_MISSING)
