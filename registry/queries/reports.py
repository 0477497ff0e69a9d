"""Frozen reports: which a viewer may see, and whether they still come out the same."""

import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from registry.audit.comparison import Difference, compare, recompute
from registry.audit.result import AuditResult, result_sha256
from registry.models import AuditReport, Centre, User


def visible(*, viewer: User) -> QuerySet[AuditReport]:
    """Reports all of whose centres the viewer may audit."""
    foreign = Centre.objects.exclude(code__in=viewer.centre_codes("registry.run_audit"))
    return (
        AuditReport.objects.exclude(centres__in=foreign)
        .select_related("frozen_by")
        .prefetch_related("centres")
    )


def listing(*, viewer: User) -> QuerySet[AuditReport]:
    """Visible reports without their facts, newest first."""
    return visible(viewer=viewer).defer("facts", "results")


def by_public_id(public_id: uuid.UUID) -> AuditReport:
    """The report, for commands, where nobody is signed in.

    Raises
    ------
    AuditReport.DoesNotExist
        There is none.
    """
    return AuditReport.objects.get(public_id=public_id)


def recomputed(report: AuditReport) -> AuditResult:
    """The report's audit run again on its own frozen facts.

    Raises
    ------
    AuditError
        This version of the code cannot run it.
    """
    return recompute(facts=json.dumps(report.facts), frozen=report.results)


def counted_again(frozen: Mapping[str, Any]) -> AuditResult:
    """The same of a report as `presenters.report_bundle` states it.

    Raises
    ------
    AuditError
        This version of the code cannot run it.
    """
    return recompute(facts=json.dumps(frozen["facts"]), frozen=frozen["results"])


def differences(frozen: Mapping[str, Any]) -> list[Difference]:
    """Everything in which a frozen report, as `presenters.report_bundle` states it, does not hold.

    Results and facts are each checked against their hash as they are stored, so that nothing can be
    added to them either; then the results are counted again from the facts.

    Raises
    ------
    AuditError
        The facts cannot be read or the audit cannot be run by this version of the code.
    """
    found = []
    for part in ("results", "facts", *(["dispositions"] if "dispositions" in frozen else [])):
        hashed = result_sha256(frozen[part])
        if hashed != frozen.get(f"{part}_sha256"):
            found.append(Difference(f"{part}_sha256", frozen.get(f"{part}_sha256"), hashed))
    counted = compare(frozen["results"], counted_again(frozen).to_json())
    return found + [one for one in counted if one.path not in {other.path for other in found}]


def unlike_the_registry(frozen: Mapping[str, Any], report: AuditReport) -> list[Difference]:
    """Hashes in which a bundle differs from the report it was taken from."""
    decided = None if report.dispositions is None else result_sha256(report.dispositions)
    kept = {
        "results_sha256": report.results_sha256,
        "facts_sha256": report.facts_sha256,
        "dispositions_sha256": decided,
    }
    return [
        Difference(name, frozen.get(name), hashed)
        for name, hashed in kept.items()
        if frozen.get(name) != hashed
    ]
