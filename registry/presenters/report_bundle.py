"""A finished audit in one file: paper, numbers, the rows behind them, definitions and hashes.

The rows are pseudonymous records of single patients: opaque ids, dates, codes. A bundle is handled
like patient data.
"""

import hashlib
import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from registry.audit.canonical import canonical_bytes
from registry.audit.facts import Cohort
from registry.audit.protocol import Protocol
from registry.audit.result import AuditResult, result_sha256
from registry.audit.stored_facts import canonical_json
from registry.exchange import fact_tables, plain_zip, report_signature
from registry.exchange.plain_zip import ContainerError, RepackedError
from registry.models import AuditReport

from . import audit_checklist, audit_csv, audit_pdf, report_stamp, signal_dispositions
from .audit_definitions import definitions

BUNDLE_VERSION = 2
FIRST_VERSION = 1
"""One JSON file with results, facts and the hash of each; still read."""

PARTS = ("results", "results_sha256", "facts", "facts_sha256")
MANIFEST, SIGNATURE = "manifest.json", "signature.json"
RESULTS, FACTS = "results.json", "facts.json"
PAPER, NUMBERS, COUNTED = "report.pdf", "numbers.csv", "counted.csv"
DEFINITIONS = "definitions.json"
CHECKLIST = "checklist.csv"
"""Bundles of earlier versions have none."""

ROWS = "rows"
STAMP = "stamp"
"""In the manifest: what the paper says of the frozen report."""

Files = dict[str, bytes]


class MalformedBundleError(Exception):
    """The file is no report bundle of a version this code reads."""


@dataclass(frozen=True)
class Bundle:
    """What a bundle says, before anybody has checked it.

    ``files`` and ``manifest`` are empty in one of the first version, which had neither.
    ``repacked`` says what tells that another program made the zip; empty where ours did.
    """

    frozen: Mapping[str, Any]
    files: Files = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)
    repacked: str = ""


def of_report(report: AuditReport) -> dict[str, Any]:
    """A frozen report as `queries.reports.differences` compares it."""
    return {
        "report": {"public_id": str(report.public_id)},
        "results": report.results,
        "results_sha256": report.results_sha256,
        "facts": report.facts,
        "facts_sha256": report.facts_sha256,
    } | _decided(report)


def _decided(report: AuditReport) -> dict[str, Any]:
    """Nothing for a report without device signals, whose bundles stay as they were."""
    if report.dispositions is None:
        return {}
    return {
        "dispositions": report.dispositions,
        "dispositions_sha256": result_sha256(report.dispositions),
    }


def write_report(
    report: AuditReport, again: AuditResult, protocol: Protocol, *, code_version: str
) -> bytes:
    """The bundle of a frozen report, the same bytes each time.

    Parameters
    ----------
    again
        The report counted again from its own facts: it knows who is behind each number.
    code_version
        Of the software that writes the bundle.

    Raises
    ------
    ContainerError
        It would be too large for one file.
    """
    return _write(
        said_of(report)
        | {"written_by": code_version}
        | ({} if report.dispositions is None else {"dispositions": report.dispositions}),
        results=report.results,
        facts=report.facts,
        again=again,
        protocol=protocol,
    )


def said_of(report: AuditReport) -> dict[str, Any]:
    """What the manifest says of a frozen report besides numbers and hashes."""
    return {
        "title": report.title,
        "made_at": report.frozen_at.astimezone(UTC).isoformat(),
        "report": str(report.public_id),
        STAMP: [list(pair) for pair in report_stamp.words(report).items()],
    }


def write_audit(
    result: AuditResult, cohort: Cohort, protocol: Protocol, *, made_at: datetime
) -> bytes:
    """The bundle of an audit that was run just now.

    Raises
    ------
    ContainerError
        It would be too large for one file.
    """
    return _write(
        {
            "title": protocol.title,
            "made_at": made_at.astimezone(UTC).isoformat(),
            "report": None,
            "stamp": [],
            "written_by": result.code_version,
        },
        results=result.to_json(),
        facts=json.loads(canonical_json(cohort)),
        again=result,
        protocol=protocol,
    )


def derived(
    said: Mapping[str, Any], results: Mapping[str, Any], again: AuditResult, protocol: Protocol
) -> Files:
    """The files that follow from results and facts but the rows, see `rows`.

    Parameters
    ----------
    said
        The manifest: title, day and stamp of the paper, and what people made of device signals.
    """
    stamp, decided = dict(said["stamp"]), said.get("dispositions")
    paper = audit_pdf.document(
        results,
        protocol,
        title=said["title"],
        made_at=datetime.fromisoformat(said["made_at"]),
        stamp=stamp,
        decided=decided,
        with_checklists=True,
    )
    return {
        PAPER: audit_pdf.typeset(paper),
        NUMBERS: audit_csv.write(results, protocol, stamp=stamp, decided=decided).encode(),
        COUNTED: counted(again, printed={table["key"] for table in results["tables"]}),
        DEFINITIONS: _readable(definitions(results, protocol)),
        CHECKLIST: audit_checklist.csv_text(results, protocol).encode(),
    }


def rows(facts: Mapping[str, Any]) -> Files:
    """The facts as tables, see `registry.exchange.fact_tables`."""
    return {
        f"{ROWS}/{table}.csv": text.encode() for table, text in fact_tables.tables(facts).items()
    }


def counted(result: AuditResult, *, printed: Collection[str]) -> bytes:
    """Which ids each number counts: a row for each.

    `printed` are the keys of the tables that the report prints; newer code may count more.
    """
    return fact_tables.to_csv(
        [
            {"number": number, "counts": member}
            for number, members in sorted(result.numbers(tables=printed).items())
            for member in members
        ]
    ).encode()


def read(content: bytes) -> Bundle:
    """A bundle from the content of its file, of this or the first version.

    Raises
    ------
    MalformedBundleError
        It is neither, or a part is missing or of another shape.
    """
    if content.startswith(b"PK"):
        return _read_zip(content)
    return Bundle(_of_shape(parsed(content, "the file"), version=FIRST_VERSION))


def report_id(bundle: Bundle) -> uuid.UUID | None:
    """The frozen report the bundle says it was taken from; None if it names none."""
    named = bundle.manifest.get("report")
    if not bundle.manifest and isinstance(bundle.frozen.get("report"), dict):
        named = bundle.frozen["report"].get("public_id")
    try:
        return uuid.UUID(str(named))
    except ValueError:
        return None


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(
    said: dict[str, Any],
    *,
    results: Mapping[str, Any],
    facts: Mapping[str, Any],
    again: AuditResult,
    protocol: Protocol,
) -> bytes:
    files = {
        RESULTS: canonical_bytes(results),
        FACTS: canonical_bytes(facts),
        **derived(said, results, again, protocol),
        **rows(facts),
    }
    manifest = canonical_bytes(
        said
        | {
            "bundle_version": BUNDLE_VERSION,
            "protocol": results["protocol"],
            "code_version": results["code_version"],
            "results_sha256": result_sha256(results),
            "facts_sha256": result_sha256(facts),
            "files": {
                name: {"bytes": len(content), "sha256": sha256(content)}
                for name, content in files.items()
            },
        }
    )
    signature = canonical_bytes(
        {
            "algorithm": report_signature.ALGORITHM,
            "public_key": report_signature.own_public_key(),
            "signature": report_signature.sign(manifest),
        }
    )
    return plain_zip.pack(files | {MANIFEST: manifest, SIGNATURE: signature})


def _read_zip(content: bytes) -> Bundle:
    repacked = ""
    try:
        files = plain_zip.unpack(content)
    except RepackedError as error:
        files, repacked = error.parts, str(error)
    except ContainerError as error:
        raise MalformedBundleError(str(error)) from error
    missing = [name for name in (MANIFEST, SIGNATURE, RESULTS, FACTS) if name not in files]
    if missing:
        raise MalformedBundleError(f"the bundle lacks {', '.join(missing)}")
    manifest = parsed(files[MANIFEST], MANIFEST)
    frozen = {name: manifest.get(name) for name in ("results_sha256", "facts_sha256")} | {
        "bundle_version": manifest.get("bundle_version"),
        "results": parsed(files[RESULTS], RESULTS),
        "facts": parsed(files[FACTS], FACTS),
    }
    whole = _whole(manifest)
    if "dispositions" in whole:
        decided = whole["dispositions"]
        frozen |= {"dispositions": decided, "dispositions_sha256": result_sha256(decided)}
    return Bundle(_of_shape(frozen, version=BUNDLE_VERSION), files, whole, repacked)


def _whole(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        datetime.fromisoformat(manifest["made_at"])
        texts = [manifest[name] for name in ("title", "written_by", "code_version")]
        stamp = dict(manifest["stamp"])
        texts += [text for pair in stamp.items() for text in pair]
        listed = manifest["files"].values()
        whole = all(isinstance(text, str) for text in texts) and all(
            isinstance(one["sha256"], str) and type(one["bytes"]) is int for one in listed
        )
        # A word said twice would be checked once.
        whole = whole and manifest["stamp"] == [list(pair) for pair in stamp.items()]
        # Only whether they can be read; what they say is compared elsewhere.
        for one in manifest.get("dispositions", ()):
            signal_dispositions.decision(one, None)
    except (KeyError, TypeError, ValueError, AttributeError):
        whole = False
    if not whole:
        raise MalformedBundleError(f"{MANIFEST} has another shape")
    return manifest


def _of_shape(frozen: dict[str, Any], *, version: int) -> Mapping[str, Any]:
    if frozen.get("bundle_version") != version:
        raise MalformedBundleError(f"the file is no report bundle of version {version}")
    missing = [part for part in PARTS if part not in frozen]
    if missing:
        raise MalformedBundleError(f"the bundle lacks {', '.join(missing)}")
    if not isinstance(frozen["results"], dict) or not isinstance(frozen["facts"], dict):
        raise MalformedBundleError("results or facts in the bundle have another shape")
    return frozen


def parsed(content: bytes, name: str) -> dict[str, Any]:
    """A JSON object.

    Raises
    ------
    MalformedBundleError
        It is none; ``name`` says of what.
    """
    try:
        found = json.loads(content, parse_constant=_no_number)
        # Half a surrogate pair or a number beyond all bounds can be read, and not written again.
        canonical_bytes(found)
    except (ValueError, RecursionError) as error:
        raise MalformedBundleError(f"{name} is no JSON") from error
    if not isinstance(found, dict):
        raise MalformedBundleError(f"{name} is no JSON object")
    return found


def _readable(what: Mapping[str, Any]) -> bytes:
    text = json.dumps(what, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _no_number(name: str) -> None:
    """Python's parser takes NaN and Infinity; JSON has neither."""
    raise ValueError(name)
