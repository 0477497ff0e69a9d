"""`manage.py add_centre CODE NAME --time-zone Europe/Berlin`"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registry import actions
from registry.actions.errors import InvalidRecordError


class Command(BaseCommand):
    help = "Open a centre."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="2 to 16 capital letters and digits; never changes")
        parser.add_argument("name")
        parser.add_argument("--time-zone", required=True, help="IANA name, e.g. Europe/Berlin")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            centre = actions.centres.add(
                code=options["code"],
                name=options["name"],
                time_zone=options["time_zone"],
                by=None,
                at=timezone.now(),
            )
        except InvalidRecordError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Centre {centre.code} is open.")
