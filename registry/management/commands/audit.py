"""`manage.py audit`: run an audit protocol for the installation."""

import argparse
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone

from registry import queries
from registry.audit.errors import FiltersError
from registry.audit.patient_limits import PatientLimits
from registry.audit.printed_signals import has_signals
from registry.audit.protocol import Protocol
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.presenters import (
    audit_csv,
    audit_page,
    audit_pdf,
    report_bundle,
    signal_dispositions,
)
from registry.presenters.signal_dispositions import Stated
from registry.queries.audits import Audit
from registry.vocabulary import ComponentKind, DeviceModel, Diagnosis, Sex

CODED = {"sex": Sex, "diagnosis": Diagnosis, "component": ComponentKind, "model": DeviceModel}
LIMITS = (
    "age_from",
    "age_to",
    "implanted_from",
    "implanted_to",
    "sex",
    "component",
    "model",
)


class Command(BaseCommand):
    help = "Count the registry by an audit protocol; JSON goes to standard output by default."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("protocol", choices=sorted(PROTOCOLS), metavar="PROTOCOL")
        parser.add_argument(
            "--centre", action="append", metavar="CODE", help="repeat for several; default: all"
        )
        parser.add_argument("--from", dest="first", type=_day, metavar="DAY")
        parser.add_argument("--to", dest="last", type=_day, metavar="DAY")
        parser.add_argument("--as-of", type=_day, metavar="DAY", help="cut-off; default: today")
        for name in ("age_from", "age_to", "implanted_from", "implanted_to"):
            parser.add_argument(f"--{name.replace('_', '-')}", type=int, metavar="YEARS")
        for name, closed_list in CODED.items():
            parser.add_argument(
                f"--{name}",
                choices=closed_list.codes(),
                metavar="CODE",
                action="append" if name == "diagnosis" else "store",
                help="repeat for several" if name == "diagnosis" else None,
            )
        parser.add_argument(
            "--format", default="json", help=f"one or several of {','.join(WRITERS)}"
        )
        parser.add_argument(
            "--output",
            help="a file; with several formats, or where it ends in / or is a folder, a folder",
        )

    def handle(self, **options: Any) -> None:
        formats = _formats(options["format"])
        output = None if options["output"] is None else str(options["output"])
        if output is None and formats not in TEXT_ALONE:
            raise CommandError("Say where to with --output: only one text format can be printed.")
        for code in options["centre"] or ():
            if not queries.centres.exists(code):
                raise CommandError(f"There is no centre {code}.")
        try:
            filters = Filters(
                centres=None if options["centre"] is None else tuple(options["centre"]),
                performed_from=options["first"],
                performed_to=options["last"],
                limits=PatientLimits(
                    diagnoses=tuple(options["diagnosis"]) if options["diagnosis"] else None,
                    **{name: options[name] for name in LIMITS},
                ),
            )
            now = timezone.now()
            audit = queries.audits.for_command(
                protocol_key=options["protocol"],
                filters=filters,
                as_of=options["as_of"],
                at=now,
                code_version=settings.CODE_VERSION,
            )
        except FiltersError as error:
            raise CommandError(f"{error}.".capitalize()) from error
        protocol = PROTOCOLS[options["protocol"]]
        decided = _decided(audit)
        written = {name: WRITERS[name](audit, protocol, now, decided) for name in formats}
        if output is None:
            self.stdout.write(written[formats[0]].decode())
            return
        try:
            for name, content in written.items():
                path = _path(output, name, audit, several=len(written) > 1)
                _write(path, content, private=name == "bundle")
                self.stderr.write(f"Written: {path}")
        except OSError as error:
            raise CommandError(f"Cannot write to {output}: {error.strerror}.") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2024-03-05") from error


def _formats(text: str) -> list[str]:
    formats = list(dict.fromkeys(part.strip() for part in text.split(",")))
    unknown = [name for name in formats if name not in WRITERS]
    if unknown:
        raise CommandError(f"No format {', '.join(unknown)}. Known: {', '.join(WRITERS)}.")
    return formats


def _path(output: str, name: str, audit: Audit, *, several: bool) -> Path:
    folder = Path(output)
    if not several and not output.endswith("/") and not folder.is_dir():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    result = audit.result
    suffix = "bundle.zip" if name == "bundle" else name
    return folder / f"{result.protocol_key}_{result.as_of.isoformat()}.{suffix}"


def _write(path: Path, content: bytes, *, private: bool) -> None:
    """A bundle holds records of single patients: it is for the eyes of its owner only."""
    if private:
        path.touch(mode=0o600)
        path.chmod(0o600)
    path.write_bytes(content)


Decided = list[Stated] | None


def _decided(audit: Audit) -> Decided:
    """What people made of the device signals; None if the audit raises none by its nature."""
    result = audit.result.to_json()
    if not has_signals(result):
        return None
    return list(
        queries.signal_dispositions.of_audit_for_record(
            result["protocol"]["key"], result["filters"]
        )
    )


def _json(audit: Audit, protocol: Protocol, now: datetime, decided: Decided) -> bytes:
    said = signal_dispositions.in_json(audit.result.to_json(), decided)
    text = json.dumps(said, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _csv(audit: Audit, protocol: Protocol, now: datetime, decided: Decided) -> bytes:
    return audit_csv.write(audit.result.to_json(), protocol, decided=decided).encode()


def _html(audit: Audit, protocol: Protocol, now: datetime, decided: Decided) -> bytes:
    page = audit_page.standalone(audit.result.to_json(), protocol, decided=decided)
    return render_to_string("registry/audit_document.html", {"page": page, "now": now}).encode()


def _pdf(audit: Audit, protocol: Protocol, now: datetime, decided: Decided) -> bytes:
    described = audit_pdf.document(
        audit.result.to_json(), protocol, title=protocol.title, made_at=now, decided=decided
    )
    return audit_pdf.typeset(described)


def _bundle(audit: Audit, protocol: Protocol, now: datetime, decided: Decided) -> bytes:
    """Without dispositions: a bundle keeps only those that a frozen report vouches for."""
    return report_bundle.write_audit(audit.result, audit.cohort, protocol, made_at=now)


WRITERS: dict[str, Callable[[Audit, Protocol, datetime, Decided], bytes]] = {
    "json": _json,
    "csv": _csv,
    "html": _html,
    "pdf": _pdf,
    "bundle": _bundle,
}
TEXT_ALONE = (["json"], ["csv"], ["html"])
