"""Reporting checklists of an audit and of a frozen report: the page and the CSV."""

import uuid
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from registry import queries
from registry.audit.protocol import Protocol
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.models import AuditReport
from registry.presenters import audit_checklist, audit_links, report_stamp
from registry.presenters.audit_words import Result, filter_line, synthetic_words
from registry.views import audit_answers
from registry.views.document_language import in_source_language
from registry.views.request import SignedInRequest

from .audits import asked, attachment, with_errors

CSV = "text/csv; charset=utf-8"


@require_GET
def audit_checklist_page(request: SignedInRequest, key: str) -> HttpResponse:
    result = _counted(request, key)
    if isinstance(result, HttpResponse):
        return result
    query = audit_links.query(
        Filters.from_json(result["filters"]), date.fromisoformat(result["as_of"])
    )
    return _page(
        request,
        result,
        PROTOCOLS[key],
        address=f"{reverse('registry:audit-protocol', args=[key])}?{query}",
        csv_address=f"{reverse('registry:audit-checklist-csv', args=[key])}?{query}",
    )


@require_GET
@in_source_language
def audit_checklist_csv(request: SignedInRequest, key: str) -> HttpResponse:
    result = _counted(request, key)
    if isinstance(result, HttpResponse):
        return result
    return attachment(
        audit_checklist.csv_text(result, PROTOCOLS[key]),
        content_type=CSV,
        name=f"{key}_{result['as_of']}_checklist.csv",
    )


def _counted(request: SignedInRequest, key: str) -> Result | HttpResponse:
    """The result that the address asks for; else the page that says why there is none yet."""
    this = asked(request, key)
    if not this.is_valid:
        return with_errors(request, this)
    question = this.question(request)
    answer = audit_answers.answer(request, question, now=this.now)
    if answer is None:
        return audit_answers.to_page(request, question, now=this.now)
    return answer.result


@require_GET
def report_checklist(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    report = _report(request, public_id)
    return _page(
        request,
        report.results,
        PROTOCOLS[report.protocol_key],
        address=reverse("registry:report-detail", args=[public_id]),
        csv_address=reverse("registry:report-checklist-csv", args=[public_id]),
        report=report,
    )


@require_GET
@in_source_language
def report_checklist_csv(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    report = _report(request, public_id)
    return attachment(
        audit_checklist.csv_text(report.results, PROTOCOLS[report.protocol_key]),
        content_type=CSV,
        name=f"{report_stamp.file_stem(report)}_checklist.csv",
    )


def _page(
    request: SignedInRequest,
    result: Result,
    protocol: Protocol,
    *,
    address: str,
    csv_address: str,
    report: AuditReport | None = None,
) -> HttpResponse:
    def place(anchor: str) -> str:
        return f"{address}#{anchor}" if anchor else address

    return render(
        request,
        "registry/audit_checklist.html",
        {
            "protocol": protocol,
            "report": report,
            "checklists": audit_checklist.page(result, protocol, report=place),
            "how_to_read": audit_checklist.HOW_TO_READ,
            "address": address,
            "csv_address": csv_address,
            "filter_line": filter_line(result),
            "synthetic": synthetic_words(result),
        },
    )


def _report(request: SignedInRequest, public_id: uuid.UUID) -> AuditReport:
    return get_object_or_404(queries.reports.visible(viewer=request.user), public_id=public_id)
