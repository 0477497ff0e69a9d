"""Freezing a finished audit."""

import json
import uuid
from datetime import datetime

from django.db import transaction

from registry.actions import history
from registry.audit.facts import Cohort
from registry.audit.printed_signals import has_signals
from registry.audit.result import AuditResult, result_sha256
from registry.audit.stored_facts import canonical_json
from registry.audit.suppression import Masking
from registry.models import AuditReport, Centre, User
from registry.queries import signal_dispositions


def freeze(
    *,
    result: AuditResult,
    cohort: Cohort,
    title: str,
    by: User,
    at: datetime,
    public_id: uuid.UUID | None = None,
) -> AuditReport:
    """Keep a result together with the facts it was computed from, for good.

    The centres are those the result's filters name. The database refuses every later change;
    `recompute` in `registry.audit` runs the protocol again on the stored facts. What people had
    made of its device signals by then is kept beside it. Freezing twice under one `public_id` gives
    the report of the first time.
    """
    results = result.to_json()
    report = AuditReport(
        **({"public_id": public_id} if public_id else {}),
        protocol_key=results["protocol"]["key"],
        protocol_version=results["protocol"]["version"],
        filters=results["filters"],
        as_of=result.as_of,
        facts=json.loads(canonical_json(cohort)),
        facts_sha256=result.facts_sha256,
        results=results,
        results_sha256=result_sha256(results),
        code_version=results["code_version"],
        title=title,
        frozen_at=at,
        frozen_by=by,
    )
    centres = Centre.objects.filter(code__in=results["filters"]["centres"])
    with transaction.atomic():
        # Locks the centres, so that of two sendings the second sees the first.
        list(centres.select_for_update(no_key=True).order_by("pk"))
        if first := AuditReport.objects.filter(public_id=report.public_id).first():
            return first
        if has_signals(results):
            report.dispositions = signal_dispositions.of_audit_for_record(
                report.protocol_key, results["filters"]
            )
        report.save(force_insert=True)
        report.centres.set(centres)
        for centre in centres:
            history.record(
                chain=centre.code,
                at=at,
                by=by,
                action="report.freeze",
                obj=report,
                after={
                    "protocol": report.protocol_key,
                    "facts_sha256": report.facts_sha256,
                    "results_sha256": report.results_sha256,
                    "code_version": report.code_version,
                }
                | (
                    {}
                    if report.dispositions is None
                    else {"dispositions_sha256": result_sha256(report.dispositions)}
                ),
            )
    return report


def export_bundle(*, report: AuditReport, by: User, at: datetime) -> None:
    """Note that somebody took the facts of single patients out of the registry."""
    with transaction.atomic():
        for centre in report.centres.all():
            history.record(
                chain=centre.code, at=at, by=by, action="report.export_bundle", obj=report
            )


def export_public(
    *, report: AuditReport, form: str, sha256: str, masking: Masking, by: User, at: datetime
) -> None:
    """Note that a public edition was made, so that a second one can be weighed against it.

    Parameters
    ----------
    form
        "json", "csv" or "pdf".
    sha256
        Of what was published.
    masking
        What was masked; how many of it are small is told here only, since in public it would help
        to work them out.
    """
    with transaction.atomic():
        for centre in report.centres.all():
            history.record(
                chain=centre.code,
                at=at,
                by=by,
                action=AuditReport.PUBLIC_EXPORT,
                obj=report,
                after={
                    "form": form,
                    "protocol": report.protocol_key,
                    "filters": report.filters,
                    "as_of": report.as_of.isoformat(),
                    "sha256": sha256,
                    "limit": masking.limit,
                    "small": len(masking.small),
                    "protecting": len(masking.complementary),
                },
            )
