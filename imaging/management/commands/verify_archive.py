"""`manage.py verify_archive`: is every stored file there and what it was?"""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from imaging.archive.configured import configured_archive
from imaging.ingest.verification import verify
from imaging.management.progress import Countdown
from imaging.queries import intake

DAMAGE_FOUND = 3
TOLD_EVERY_FILES = 10_000


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Compare database and archive: rows without bytes, bytes with another hash, bytes "
        "without rows. Exit code 0: sound; 3: damage, which is named. On a terminal it shows how "
        f"far it is, elsewhere it says so every {TOLD_EVERY_FILES} files."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--share",
            type=_share,
            default=1.0,
            help="share of the files whose bytes are read, such as 0.1; which ones changes from "
            "day to day, so that each is read within 1/share days",
        )
        parser.add_argument(
            "--from",
            type=int,
            default=0,
            dest="from_row",
            metavar="ROW",
            help="go on with the bytes where an interrupted check stopped: it named the row",
        )

    def handle(self, *, share: float, from_row: int, **options: Any) -> None:
        damages = 0
        looked_at = 0
        read = 0
        shown = Countdown(of=intake.stored_files().count(), to=self.stderr)
        for finding in verify(
            archive=configured_archive(), share=share, on=timezone.now().date(), from_row=from_row
        ):
            if finding.damage:
                damages += 1
                self.stdout.write(f"{finding.damage}: {finding.what}")
                self.stdout.flush()
            if finding.row is None:
                continue
            looked_at += 1
            read += finding.is_read
            shown.show(looked_at)
            if looked_at % TOLD_EVERY_FILES == 0 and not shown.is_shown:
                self.stdout.write(f"{looked_at} files checked; goes on with --from {finding.row}")
                self.stdout.flush()
        shown.end()
        self.stdout.write(f"{looked_at} stored files, {read} of them read; {damages} damages.")
        if damages:
            sys.exit(DAMAGE_FOUND)


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError as error:
        raise ArgumentTypeError("a number such as 0.1") from error
    if not 0 < share <= 1:
        raise ArgumentTypeError("more than 0 and at most 1")
    return share
