"""`manage.py verify_report`: does a finished report still come out the same, and who issued it?"""

import argparse
import re
import sys
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from registry import queries
from registry.audit.errors import AuditError
from registry.exchange.plain_zip import MOST_BYTES
from registry.models import AuditReport
from registry.presenters import bundle_check, report_bundle
from registry.presenters.report_bundle import Bundle, MalformedBundleError

DAMAGE_FOUND = 3


class Command(BaseCommand):
    help = (
        "Count finished reports again from their own facts and compare: exit 0 if they hold, "
        f"{DAMAGE_FOUND} with every difference named. Words that this version puts otherwise are "
        "named, too, and are no damage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "reports", metavar="BUNDLE|ID", nargs="+", help="bundle files, or ids of reports"
        )
        parser.add_argument(
            "--key",
            type=_key,
            metavar="PUBLIC-KEY",
            help="demand that this key signed the bundles; the issuer's `report_key` prints it",
        )

    def handle(self, **options: Any) -> None:
        several = len(options["reports"]) > 1
        damaged = [
            name
            for name in options["reports"]
            if not self._holds(name, key=options["key"], prefix=f"{name}: " if several else "")
        ]
        if damaged:
            sys.exit(DAMAGE_FOUND)

    def _holds(self, name: str, *, key: str | None, prefix: str) -> bool:
        try:
            bundle, kept = _bundle(name)
            found = bundle_check.check(
                bundle, kept=kept, code_version=settings.CODE_VERSION, trusted_key=key
            )
        except (MalformedBundleError, AuditError) as error:
            self.stderr.write(self.style.ERROR(f"{prefix}The report cannot be verified: {error}."))
            return False
        for fault in found.faults:
            self.stderr.write(self.style.ERROR(f"{prefix}{fault}"))
        if found.faults:
            return False
        results = bundle.frozen["results"]
        self.stdout.write(
            f"{prefix}Sound: {results['protocol']['key']}, data as of {results['as_of']}, "
            f"facts {bundle.frozen['facts_sha256'][:16]}…"
        )
        for note in found.notes:
            self.stdout.write(f"{prefix}{note}")
        return True


def _key(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("a key has 64 hexadecimal digits")
    return text


def _bundle(name: str) -> tuple[Bundle, AuditReport | None]:
    """What is to be verified, and the report this registry keeps of it, if any."""
    path = Path(name)
    if not path.is_file():
        try:
            report = _kept(uuid.UUID(name))
        except ValueError:
            report = None
        if report is None:
            raise CommandError("There is neither such a file nor such a report.")
        return Bundle(report_bundle.of_report(report)), report
    try:
        if path.stat().st_size > MOST_BYTES:
            raise MalformedBundleError("the file is larger than any bundle")
        bundle = report_bundle.read(path.read_bytes())
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}.") from error
    return bundle, _kept(report_bundle.report_id(bundle))


def _kept(public_id: uuid.UUID | None) -> AuditReport | None:
    if public_id is None or not _has_registry():
        return None
    try:
        return queries.reports.by_public_id(public_id)
    except AuditReport.DoesNotExist:
        return None


def _has_registry() -> bool:
    """A bundle is verified where no registry was ever set up, too."""
    return AuditReport._meta.db_table in connection.introspection.table_names()
