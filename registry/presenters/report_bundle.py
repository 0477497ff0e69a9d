"""A finished audit in one file: numbers, the facts behind them, and the hashes of both.

The facts are pseudonymous records of single patients: opaque ids, dates, codes. A bundle is handled
like patient data.
"""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from registry.audit.facts import Cohort
from registry.audit.result import AuditResult, result_sha256
from registry.audit.stored_facts import canonical_json
from registry.models import AuditReport

BUNDLE_VERSION = 1
PARTS = ("results", "results_sha256", "facts", "facts_sha256")


class MalformedBundleError(Exception):
    """The file is no report bundle of this version."""


def of_report(report: AuditReport) -> dict[str, Any]:
    """The bundle of a frozen report."""
    return {
        "bundle_version": BUNDLE_VERSION,
        "report": {
            "public_id": str(report.public_id),
            "title": report.title,
            "frozen_at": report.frozen_at.isoformat(),
        },
        "results": report.results,
        "results_sha256": report.results_sha256,
        "facts": report.facts,
        "facts_sha256": report.facts_sha256,
    }


def of_audit(result: AuditResult, cohort: Cohort) -> dict[str, Any]:
    """The bundle of an audit that was run just now."""
    results = result.to_json()
    return {
        "bundle_version": BUNDLE_VERSION,
        "report": None,
        "results": results,
        "results_sha256": result_sha256(results),
        "facts": json.loads(canonical_json(cohort)),
        "facts_sha256": result.facts_sha256,
    }


def read(content: bytes) -> Mapping[str, Any]:
    """A bundle from the content of its file.

    Raises
    ------
    MalformedBundleError
        It is no JSON, of another version, or a part is missing.
    """
    try:
        bundle = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise MalformedBundleError("the file is no JSON") from error
    if not isinstance(bundle, dict) or bundle.get("bundle_version") != BUNDLE_VERSION:
        raise MalformedBundleError(f"the file is no report bundle of version {BUNDLE_VERSION}")
    missing = [part for part in PARTS if part not in bundle]
    if missing:
        raise MalformedBundleError(f"the bundle lacks {', '.join(missing)}")
    if not isinstance(bundle["results"], dict) or not isinstance(bundle["facts"], dict):
        raise MalformedBundleError("results or facts in the bundle have another shape")
    return bundle


def report_id(bundle: Mapping[str, Any]) -> uuid.UUID | None:
    """The frozen report the bundle says it was taken from; None if it names none."""
    report = bundle.get("report")
    named = report.get("public_id") if isinstance(report, dict) else None
    try:
        return uuid.UUID(str(named))
    except ValueError:
        return None


def _no_number(name: str) -> None:
    """Python's parser takes NaN and Infinity; JSON has neither."""
    raise ValueError(name)
