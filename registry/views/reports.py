"""Frozen reports: freezing one, reading it, and checking that it still holds."""

import json
import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from registry import actions, queries
from registry.audit.comparison import compare
from registry.audit.errors import AuditError, UnknownNumberError
from registry.audit.protocols import PROTOCOLS
from registry.audit.selection import Filters
from registry.audit.stored_facts import cohort_from_json
from registry.exchange import report_signature
from registry.exchange.plain_zip import ContainerError
from registry.forms.report_title import ReportTitleForm
from registry.models import AuditReport, User
from registry.presenters import (
    audit_csv,
    audit_links,
    audit_page,
    audit_pdf,
    changed_records,
    report_bundle,
    report_differences,
    report_stamp,
    signal_dispositions,
)
from registry.presenters.changed_records import ChangedRecords
from registry.queries.audits import Behind
from registry.queries.kept_answers import Question
from registry.views import audit_answers
from registry.views.document_language import in_source_language
from registry.views.once import creates_once
from registry.views.request import SignedInRequest, asked_for

from .audits import BAD_REQUEST, asked, attachment, audited, cases_page, protocol_page

REPORTS_PER_PAGE = 50


@require_POST
@creates_once(
    visible=queries.reports.listing,
    page_of=lambda report: reverse("registry:report-detail", args=[report.public_id]),
)
def report_freeze(request: SignedInRequest, key: str) -> HttpResponse:
    this = asked(request, key)
    title_form = ReportTitleForm(request.POST)
    if not this.is_valid:
        context = {"protocol": this.protocol, "form": this.form, "page": None}
        return render(request, "registry/audit_protocol.html", context, status=BAD_REQUEST)
    chosen = set(this.form.filters().centres or ())
    if not chosen <= request.user.centre_codes("registry.freeze_report"):
        raise PermissionDenied
    if not title_form.is_valid():
        return protocol_page(request, this, title_form=title_form, status=BAD_REQUEST)
    audit = audited(request.user, this)
    seen = title_form.cleaned_data["facts_sha256"]
    if seen and seen != audit.result.facts_sha256:
        messages.warning(
            request,
            gettext(
                "Nothing was frozen: the data changed since you opened the page. These are the "
                "numbers now. Look at them, then freeze."
            ),
        )
        return redirect(
            f"{request.path.removesuffix('freeze/')}"
            f"?{audit_links.query(audit.result.filters, audit.result.as_of)}"
        )
    report = actions.reports.freeze(
        result=audit.result,
        cohort=audit.cohort,
        title=title_form.cleaned_data["title"],
        by=request.user,
        at=this.now,
        public_id=request.new_id,
    )
    messages.success(
        request, gettext("The report is frozen with its facts. It can always be recomputed.")
    )
    return redirect("registry:report-detail", report.public_id)


@require_GET
def report_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.run_audit"):
        raise PermissionDenied
    reports = Paginator(queries.reports.listing(viewer=request.user), REPORTS_PER_PAGE)
    page = reports.get_page(request.GET.get("page"))
    return render(request, "registry/report_list.html", {"page": page})


@require_GET
def report_detail(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    report = _report(request, public_id)
    context = {}
    if request.GET.get("compare") in ("cut", "today"):
        context = _compared_with_now(request, report)
    return _detail(request, report, context)


def _detail(
    request: SignedInRequest, report: AuditReport, context: dict[str, object]
) -> HttpResponse:
    protocol = PROTOCOLS[report.protocol_key]
    page = audit_page.page(report.results, protocol, href=audit_links.to_frozen_cases(report))
    return render(
        request,
        "registry/report_detail.html",
        {
            "report": report,
            "protocol": protocol,
            "page": page,
            "stamp": report_stamp.words(report),
            "signing_key": report_signature.own_public_key(),
            "signals": None
            if report.dispositions is None
            else signal_dispositions.panel(report.results, report.dispositions),
            **context,
        },
    )


def _compared_with_now(request: SignedInRequest, report: AuditReport) -> dict[str, object]:
    """The same filters on today's data, at the report's own cut-off or at today's."""
    against = request.GET["compare"]
    as_of = report.as_of
    if against == "today":
        moment = timezone.now()
        as_of = max(centre.day_at(moment) for centre in report.centres.all())
    question = queries.audits.question(
        viewer=request.user,
        protocol_key=report.protocol_key,
        filters=Filters.from_json(report.filters),
        as_of=as_of,
        code_version=settings.CODE_VERSION,
    )
    answer = audit_answers.answer(request, question, now=timezone.now())
    if answer is None:
        page = reverse("registry:audit-protocol", args=[report.protocol_key])
        return {"audit_url": f"{page}?{audit_links.query(question.filters, as_of)}"}
    now = answer.result
    same_facts = report.facts_sha256 == now["facts_sha256"]
    ignored = ("code_version", "facts_sha256", "as_of")
    return {
        "against": against,
        "against_as_of": as_of,
        "same_facts": same_facts,
        "changes": report_differences.in_words(
            compare(report.results, now, ignore=ignored),
            frozen=report.results,
            now=now,
            protocol=PROTOCOLS[report.protocol_key],
        ),
        "changed": None if same_facts else _changed_records(request.user, report, question),
    }


def _changed_records(viewer: User, report: AuditReport, asked: Question) -> ChangedRecords | None:
    changed = queries.reports.changed_since(viewer=viewer, report=report, asked=asked)
    if changed is None:
        return None
    ids = [one.patient_id for one in changed.patients]
    return changed_records.in_words(
        changed,
        patients=queries.audits.patients_behind(viewer=viewer, patient_ids=ids),
        unread=queries.audits.unread_by(viewer=viewer, patient_ids=ids),
    )


@require_POST
def report_verify(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Count the report again from its own frozen facts and say whether it holds."""
    report = _report(request, public_id)
    context: dict[str, object] = {"verified": True}
    try:
        found = queries.reports.differences(report_bundle.of_report(report))
        again = queries.reports.recomputed(report).to_json()
    except AuditError:
        context["unreadable"] = True
    else:
        context["faults"] = report_differences.in_words(
            found, frozen=report.results, now=again, protocol=PROTOCOLS[report.protocol_key]
        )
        context["wordings"] = report_differences.wordings(found)
    return _detail(request, report, context)


@require_GET
def report_cases(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    report = _report(request, public_id)
    return cases_page(
        request,
        behind=behind_report(request, report),
        protocol=PROTOCOLS[report.protocol_key],
        context={"report": report},
    )


def behind_report(request: SignedInRequest, report: AuditReport) -> Behind:
    """Who is behind the number the address asks for, counted from the report's own facts.

    Raises
    ------
    Http404
        The report has no such number.
    """
    result = queries.reports.recomputed(report)
    cohort = cohort_from_json(json.dumps(report.facts))
    try:
        return queries.audits.behind_result(result, cohort, asked_for(request, "number"))
    except UnknownNumberError as error:
        raise Http404 from error


@require_GET
@in_source_language
def report_json(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    report = _report(request, public_id)
    return attachment(
        json.dumps(
            signal_dispositions.in_json(report.results, report.dispositions),
            indent=2,
            ensure_ascii=False,
            allow_nan=False,
        ),
        content_type="application/json",
        name=f"{report_stamp.file_stem(report)}.json",
    )


@require_GET
@in_source_language
def report_csv(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    report = _report(request, public_id)
    stamp = report_stamp.words(report)
    return attachment(
        audit_csv.write(
            report.results,
            PROTOCOLS[report.protocol_key],
            stamp=stamp,
            decided=report.dispositions,
        ),
        content_type="text/csv; charset=utf-8",
        name=f"{report_stamp.file_stem(report)}.csv",
    )


@require_GET
@in_source_language
def report_pdf(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    report = _report(request, public_id)
    described = audit_pdf.document(
        report.results,
        PROTOCOLS[report.protocol_key],
        title=report.title,
        made_at=report.frozen_at,
        stamp=report_stamp.words(report),
        decided=report.dispositions,
        with_checklists=True,
    )
    return attachment(
        audit_pdf.typeset(described),
        content_type="application/pdf",
        name=f"{report_stamp.file_stem(report)}.pdf",
    )


@require_GET
@in_source_language
def report_bundle_file(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """Paper, numbers and the facts behind them, signed, for `manage.py verify_report`.

    The download is logged.
    """
    report = _report(request, public_id)
    codes = {centre.code for centre in report.centres.all()}
    if not codes <= request.user.centre_codes("registry.freeze_report"):
        raise PermissionDenied
    try:
        content = report_bundle.write_report(
            report,
            queries.reports.recomputed(report),
            PROTOCOLS[report.protocol_key],
            code_version=settings.CODE_VERSION,
        )
    except (AuditError, ContainerError):
        messages.error(
            request,
            gettext(
                "No bundle was made: this version of the code cannot count the report again, or it "
                "is too large for one file."
            ),
        )
        return redirect("registry:report-detail", public_id)
    actions.reports.export_bundle(report=report, by=request.user, at=timezone.now())
    return attachment(
        content,
        content_type="application/zip",
        name=f"{report_stamp.file_stem(report)}_bundle.zip",
    )


def _report(request: SignedInRequest, public_id: uuid.UUID) -> AuditReport:
    return get_object_or_404(queries.reports.visible(viewer=request.user), public_id=public_id)
