"""`manage.py verify_history [--chain CODE] [--checkpoints DIR]`"""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry import actions, queries
from registry.actions.checkpoints import CheckpointError

DAMAGE_FOUND = 3


class Command(BaseCommand):
    help = (
        "Walk the history chain of every centre and name the first broken link. "
        "Exit 0: sound. Exit 3: damage found and named."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--chain", help="one chain only (code of the centre)")
        parser.add_argument(
            "--checkpoints",
            type=Path,
            help="a copy of the checkpoints folder kept elsewhere (default: the data folder's own)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        location: Path | None = options["checkpoints"]
        if location and not location.is_dir():
            raise CommandError(f"There is no folder {location}.")
        try:
            checkpoints = actions.checkpoints.read_all(location=location)
        except CheckpointError as error:
            self.stderr.write(self.style.ERROR(str(error)))
            sys.exit(DAMAGE_FOUND)
        chains = sorted({*queries.history.chain_codes(), *checkpoints})
        if options["chain"]:
            if options["chain"] not in chains:
                raise CommandError(f"There is no chain {options['chain']}. Known: {chains}.")
            chains = [options["chain"]]
        broken = 0
        for chain in chains:
            link = queries.history.first_broken_link(
                chain,
                key=settings.CRESCENT_HISTORY_KEY,
                checkpoint=checkpoints.get(chain),
            )
            if link:
                broken += 1
                self.stderr.write(
                    self.style.ERROR(f"{chain}: broken at event {link.sequence}: {link.sentence}.")
                )
            else:
                length = queries.history.lengths().get(chain, 0)
                self.stdout.write(f"{chain}: {length} events, sound.")
                if chain not in checkpoints:
                    self.stdout.write(
                        f"{chain}: no checkpoint, so a cut at its end would not be seen."
                    )
        if broken:
            sys.exit(DAMAGE_FOUND)
