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


def differences(frozen: Mapping[str, Any]) -> list[Difference]:
    """Everything in which a frozen report, as `presenters.report_bundle` states it, does not hold.

    The results are checked against their hash, then counted again from the facts; the facts are
    checked against their hash in the same step, since it is printed on the result.

    Raises
    ------
    AuditError
        The facts cannot be read or the audit cannot be run by this version of the code.
    """
    found = []
    hashed = result_sha256(frozen["results"])
    if hashed != frozen["results_sha256"]:
        found.append(Difference("results_sha256", frozen["results_sha256"], hashed))
    if frozen["facts_sha256"] != frozen["results"]["facts_sha256"]:
        found.append(
            Difference("facts_sha256", frozen["facts_sha256"], frozen["results"]["facts_sha256"])
        )
    again = recompute(facts=json.dumps(frozen["facts"]), frozen=frozen["results"])
    return found + compare(frozen["results"], again.to_json())
