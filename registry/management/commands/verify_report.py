"""`manage.py verify_report`: does a finished report still come out the same?"""

import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from registry import queries
from registry.audit.errors import AuditError
from registry.models import AuditReport
from registry.presenters import report_bundle
from registry.presenters.report_bundle import MalformedBundleError

DAMAGE_FOUND = 3


class Command(BaseCommand):
    help = (
        "Count a finished report again from its own facts and compare: exit 0 if it holds, "
        f"{DAMAGE_FOUND} with every difference named. Words that this version puts otherwise are "
        "named, too, and are no damage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("report", metavar="BUNDLE|ID", help="a bundle file or a report's id")

    def handle(self, **options: Any) -> None:
        try:
            frozen, kept = _frozen(options["report"])
            found = queries.reports.differences(frozen)
            if kept is not None:
                found += queries.reports.unlike_the_registry(frozen, kept)
        except (MalformedBundleError, AuditError) as error:
            self.stderr.write(self.style.ERROR(f"The report cannot be verified: {error}."))
            sys.exit(DAMAGE_FOUND)
        damage = [difference for difference in found if not difference.is_wording]
        for difference in damage:
            self.stderr.write(
                self.style.ERROR(
                    f"{difference.path}: frozen {difference.frozen!r}, "
                    f"counted again {difference.recomputed!r}"
                )
            )
        for difference in found:
            if difference.is_wording:
                self.stdout.write(
                    f"Words differ: {difference.path}: frozen {difference.frozen!r}, "
                    f"this version {difference.recomputed!r}"
                )
        if damage:
            sys.exit(DAMAGE_FOUND)
        results = frozen["results"]
        self.stdout.write(
            f"Sound: {results['protocol']['key']}, data as of {results['as_of']}, "
            f"facts {frozen['facts_sha256'][:16]}…"
        )
        if kept is None:
            self.stdout.write(
                "This registry holds no such report: the bundle was checked against itself only."
            )


def _frozen(name: str) -> tuple[Mapping[str, Any], AuditReport | None]:
    """What is to be verified, and the report this registry keeps of it, if any."""
    path = Path(name)
    if not path.is_file():
        try:
            report = queries.reports.by_public_id(uuid.UUID(name))
        except (ValueError, AuditReport.DoesNotExist) as error:
            raise CommandError("There is neither such a file nor such a report.") from error
        return report_bundle.of_report(report), report
    try:
        bundle = report_bundle.read(path.read_bytes())
    except OSError as error:
        raise CommandError(f"Cannot read {name}: {error.strerror}.") from error
    return bundle, _kept(report_bundle.report_id(bundle))


def _kept(public_id: uuid.UUID | None) -> AuditReport | None:
    if public_id is None:
        return None
    try:
        return queries.reports.by_public_id(public_id)
    except AuditReport.DoesNotExist:
        return None
