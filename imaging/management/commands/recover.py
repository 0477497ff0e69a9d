"""`manage.py recover`: bring the store back to a sound state after a crash."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import ArchiveError
from imaging.ingest.recovery import recover


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Clear what dead processes left in the spool, judge series an interrupted delivery left "
        "unjudged, close deliveries that nobody went on with for a day, discard what nobody "
        "decided about for CRESCENT_QUARANTINE_DAYS, and set aside stored "
        "files that have no row. May be interrupted and rerun."
    )

    def handle(self, **options: Any) -> None:
        try:
            recovered = recover(
                archive=configured_archive(),
                partial_files=configured_partial_files(),
                clock=timezone.now,
                quarantine_days=settings.CRESCENT_QUARANTINE_DAYS,
            )
        except ArchiveError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{recovered.spool_files_removed} spool files removed, "
            f"{recovered.series_judged} series judged, "
            f"{recovered.runs_closed} abandoned deliveries closed, "
            f"{recovered.partial_files_removed} partial files removed, "
            f"{recovered.quarantine_expired} files in quarantine discarded after their time, "
            f"{recovered.quarantine_removed} removed that were decided about, "
            f"{len(recovered.orphans_set_aside)} stored files without a row set aside."
        )
        for sha256 in recovered.orphans_set_aside:
            self.stdout.write(f"orphan {sha256}")
