"""`manage.py add_user NAME --centre CODE --role ROLE [--role ROLE]`"""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registry import actions, queries
from registry.actions.errors import InvalidRecordError
from registry.models import Role


class Command(BaseCommand):
    help = (
        "Open an account with roles in one centre. The password is asked for, or read from stdin."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--centre", required=True)
        parser.add_argument("--role", action="append", required=True, choices=Role.values)

    def handle(self, *args: Any, **options: Any) -> None:
        if not queries.centres.exists(options["centre"]):
            raise CommandError(
                f"There is no centre {options['centre']}. Open it with `manage.py add_centre`."
            )
        password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().strip()
        try:
            user = actions.people.add(
                username=options["username"],
                password=password,
                centre=queries.centres.by_code(options["centre"]),
                roles=options["role"],
                by=None,
                at=timezone.now(),
            )
        except InvalidRecordError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.username} may sign in.")
