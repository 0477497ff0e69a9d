"""`manage.py send_reports`: freeze the scheduled reports that are due, and tell of them."""

import sys
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from registry.exchange import report_mail

NOT_ALL_SENT = 2


class Command(BaseCommand):
    help = (
        "Freeze the scheduled reports that are due and send a mail with a link to each recipient. "
        "It may be interrupted and repeated: nothing is frozen or sent twice. Exit code 0: all "
        "done; 2: something is left, named."
    )
    requires_system_checks = ()  # about pages and deployment, which it does not touch

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now",
            metavar="TIME",
            help="as if it were 2026-01-05T08:00+01:00; never the future",
        )

    def handle(self, **options: Any) -> None:
        moment = _moment(options["now"])
        done = report_mail.send_due(
            address=settings.CRESCENT_ADDRESS,
            code_version=settings.CODE_VERSION,
            clock=timezone.now if moment is None else lambda: moment,
        )
        self.stdout.write(f"Reports frozen: {done.frozen}; mails sent: {done.sent}.")
        if settings.CRESCENT_ADDRESS is None:
            self.stderr.write("E-mail is not set up: see CRESCENT_MAIL_HOST in the documentation.")
        for number, words in (
            (done.without_report, "due and not frozen; the page of its schedule says why"),
            (done.not_sent, "not sent; the page of its schedule says why"),
            (done.waiting, "waiting to be sent"),
            (done.in_doubt, "in doubt: begun before, and nobody knows whether it was sent"),
        ):
            if number:
                self.stderr.write(f"{number} {words}.")
        if not done.is_complete:
            sys.exit(NOT_ALL_SENT)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no time; write it as 2026-01-05T08:00+01:00.") from error
    if moment.tzinfo is None:
        raise CommandError("Say the zone of the time, as in 2026-01-05T08:00+01:00.")
    if moment > timezone.now():
        raise CommandError("The time lies in the future.")
    return moment
