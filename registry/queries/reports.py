"""Frozen reports: which a viewer may see, and whether they still come out the same."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from registry.audit.changed_facts import ChangedFacts, changed_facts, parts_of
from registry.audit.comparison import Difference, compare, recompute
from registry.audit.errors import ReportDoesNotHoldError
from registry.audit.protocols import PROTOCOLS
from registry.audit.public_edition import PublicEdition
from registry.audit.public_edition import public_edition as build_public_edition
from registry.audit.result import AuditResult, result_sha256
from registry.audit.selection import of_centres
from registry.audit.stored_facts import canonical_json, cohort_from_json
from registry.models import AuditReport, Centre, User
from registry.queries import audit_facts, audits, history
from registry.queries.kept_answers import Question


@dataclass(frozen=True)
class PublicExport:
    """One public edition that was made; `is_another` if of another report than was asked for."""

    report: AuditReport
    form: str
    at: datetime
    by: str
    is_another: bool


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
    parts = ("results", "facts", *(["dispositions"] if "dispositions" in frozen else []))
    hashes = {f"{part}_sha256": result_sha256(frozen[part]) for part in parts}
    found = [
        Difference(name, frozen.get(name), hashed)
        for name, hashed in hashes.items()
        if hashed != frozen.get(name)
    ]
    # The results name their facts, too.
    named, of_facts = frozen["results"].get("facts_sha256"), hashes["facts_sha256"]
    if named != of_facts == frozen.get("facts_sha256"):
        found.append(Difference("facts_sha256", named, of_facts))
    counted = compare(frozen["results"], counted_again(frozen).to_json())
    return found + [one for one in counted if one.path not in {other.path for other in found}]


def changed_since(*, viewer: User, report: AuditReport, asked: Question) -> ChangedFacts | None:
    """Whose facts are others today than those the report keeps.

    Parameters
    ----------
    asked
        The audit of the report, asked today.

    Returns
    -------
    None of a registry that is too large to fetch its facts while the page waits.
    """
    if audit_facts.has_more_patients(audits.AT_ONCE_PATIENTS, centre_codes=asked.centres):
        return None
    now = json.loads(canonical_json(audits.facts_for(viewer=viewer, asked=asked)))
    is_newest = report.results["protocol"]["version"] == PROTOCOLS[report.protocol_key].version
    only = None if is_newest else parts_of(report.facts)
    return changed_facts(report.facts, now, only=only)


def public_edition(report: AuditReport) -> PublicEdition:
    """The report as it may be published, counted again from its own frozen facts.

    Raises
    ------
    ReportDoesNotHoldError
        Counted again its numbers are others: what to mask could not be told.
    AuditError
        This version of the code cannot run it.
    """
    key = (result_sha256(report.results), report.facts_sha256)
    if key not in _editions:
        # A preview and its files follow one another; a frozen report stays as it is.
        while len(_editions) >= EDITIONS_KEPT:
            _editions.pop(next(iter(_editions)), None)
        _editions[key] = _edition(report)
    return _editions[key]


EDITIONS_KEPT = 4
_editions: dict[tuple[str, str], PublicEdition] = {}


def _edition(report: AuditReport) -> PublicEdition:
    result = recomputed(report)
    again = compare(report.results, result.to_json())
    if any(not one.is_wording for one in again):
        raise ReportDoesNotHoldError("counted again, the numbers of the report are others")
    cohort = cohort_from_json(json.dumps(report.facts))
    return build_public_edition(result, of_centres(cohort, result.filters.centres))


def public_exports(*, viewer: User, report: AuditReport) -> list[PublicExport]:
    """Public editions that left the registry of this protocol in a centre of the report, newest
    first. Several centres note the same export; it stands here once."""
    reports = {
        one.public_id: one
        for one in listing(viewer=viewer)
        .filter(protocol_key=report.protocol_key, centres__in=report.centres.all())
        .distinct()
    }
    events = (
        history.of_objects(viewer=viewer, object_ids=list(reports))
        .filter(action=AuditReport.PUBLIC_EXPORT)
        .order_by("-at", "-id")
    )
    found: dict[tuple[object, ...], PublicExport] = {}
    for event in events:
        form = event.changes["form"][1]
        found.setdefault(
            (event.at, event.object_id, form),
            PublicExport(
                report=reports[event.object_id],
                form=form,
                at=event.at,
                by=event.actor_name,
                is_another=event.object_id != report.public_id,
            ),
        )
    return list(found.values())


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
