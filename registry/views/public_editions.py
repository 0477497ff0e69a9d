"""The public edition of a frozen report: a preview, and its files, each noted in the history."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from registry import actions, queries
from registry.audit.errors import AuditError
from registry.audit.protocols import PROTOCOLS
from registry.audit.public_edition import PublicEdition
from registry.models import AuditReport
from registry.presenters import public_files, public_page, report_stamp
from registry.views.document_language import in_source_language
from registry.views.request import SignedInRequest

from .audits import attachment

CONTENT_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
}
UNPROCESSABLE = 422


@require_GET
def preview(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the files would hold; for those who may publish, who also see how much is small."""
    report = _publishable(request, public_id)
    protocol = PROTOCOLS[report.protocol_key]
    exports = queries.reports.public_exports(viewer=request.user, report=report)
    context: dict[str, object] = {
        "report": report,
        "protocol": protocol,
        "exports": exports,
        "another": any(one.is_another for one in exports),
    }
    try:
        edition = queries.reports.public_edition(report)
    except AuditError:
        return render(request, "registry/public_edition.html", context, status=UNPROCESSABLE)
    context["page"] = public_page.page(edition.content, protocol)
    context["small"] = len(edition.masking.small)
    context["protecting"] = len(edition.masking.complementary)
    return render(request, "registry/public_edition.html", context)


@require_GET
@in_source_language
def edition_file(request: SignedInRequest, public_id: uuid.UUID, form: str) -> HttpResponse:
    """The edition as JSON, CSV or PDF; that it was made, and by whom, is noted."""
    if form not in CONTENT_TYPES:
        raise Http404
    report = _publishable(request, public_id)
    try:
        edition = queries.reports.public_edition(report)
    except AuditError as error:
        raise Http404 from error
    content = _content(edition, report, form)
    actions.reports.export_public(
        report=report,
        form=form,
        sha256=edition.sha256,
        masking=edition.masking,
        by=request.user,
        at=timezone.now(),
    )
    name = f"{report_stamp.file_stem(report)}_public.{form}"
    return attachment(content, content_type=CONTENT_TYPES[form], name=name)


def _content(edition: PublicEdition, report: AuditReport, form: str) -> str | bytes:
    protocol = PROTOCOLS[report.protocol_key]
    if form == "json":
        return public_files.json_text(edition.content, edition.sha256)
    if form == "csv":
        return public_files.csv_text(edition.content, protocol, edition.sha256)
    described = public_files.paper(
        edition.content, protocol, made_at=report.frozen_at, sha256=edition.sha256
    )
    return public_files.pdf(described)


def _publishable(request: SignedInRequest, public_id: uuid.UUID) -> AuditReport:
    """The report, if the viewer may freeze reports in all of its centres."""
    report = get_object_or_404(queries.reports.visible(viewer=request.user), public_id=public_id)
    codes = {centre.code for centre in report.centres.all()}
    if not codes <= request.user.centre_codes("registry.freeze_report"):
        raise PermissionDenied
    return report
