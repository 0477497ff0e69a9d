"""`manage.py verify_archive`: is every stored file there and what it was?"""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from imaging.archive.configured import configured_archive
from imaging.ingest.verification import verify

DAMAGE_FOUND = 3


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Compare database and archive: rows without bytes, bytes with another hash, bytes "
        "without rows. Exit code 0: sound; 3: damage, which is named."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--share",
            type=_share,
            default=1.0,
            help="share of the files whose bytes are read, such as 0.1; which ones changes from "
            "day to day, so that each is read within 1/share days",
        )

    def handle(self, *, share: float, **options: Any) -> None:
        checked = 0
        damages = 0
        for finding in verify(archive=configured_archive(), share=share, on=timezone.now().date()):
            if finding.damage:
                damages += 1
                self.stdout.write(f"{finding.damage}: {finding.what}")
            else:
                checked += 1
        self.stdout.write(f"{checked} stored files sound, {damages} damaged.")
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
