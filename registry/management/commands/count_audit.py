"""`manage.py count_audit`: count what a page waits for; the page starts it."""

import gc
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from registry.queries import audit_work

NICER = 5
"""Who looks at a page goes before."""


class Command(BaseCommand):
    help = "Count an audit that a page waits for. Pages start it; there is no need to."

    # `recover` has run them before the web server started, and a page waits.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("digest", help="names the question, below the data folder")

    def handle(self, **options: Any) -> None:
        os.nice(NICER)
        # Millions of facts are made, and none of them goes before the process does.
        gc.disable()
        audit_work.count(options["digest"], clock=timezone.now)
