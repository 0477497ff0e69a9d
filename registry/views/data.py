"""What leaves the registry as tables: every case a person may see, and the codebook."""

import io
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from registry import actions, queries
from registry.exchange import export, redcap_dictionary, redcap_records
from registry.exchange.codebook import codebook
from registry.exchange.export import Stamp
from registry.exchange.spreadsheets import (
    BYTE_ORDER_MARK,
    XLSX,
    Sheet,
    csv_lines,
    write_csv_archive,
    write_xlsx,
)
from registry.forms.case_import import SendTableForm
from registry.models import Centre
from registry.views.audits import attachment
from registry.views.document_language import in_source_language
from registry.views.request import SignedInRequest

MOST_IMPORTS_SHOWN = 20


@require_GET
def data(request: SignedInRequest) -> HttpResponse:
    _require_cases(request)
    may_import = request.user.has_perm("registry.log_case")
    centres = queries.centres.with_permission(viewer=request.user, permission="registry.log_case")
    imports = queries.case_imports.without_content(viewer=request.user)[:MOST_IMPORTS_SHOWN]
    return render(
        request,
        "registry/data.html",
        {
            "centres": _centres(request),
            "may_import": may_import,
            "form": SendTableForm(centres=centres) if may_import else None,
            "imports": list(imports),
        },
    )


@require_GET
@in_source_language
def cases_xlsx(request: SignedInRequest) -> HttpResponse | FileResponse:
    made_at = _noted(request, "cases.xlsx")
    return _file(write_xlsx(_sheets(request, made_at)), XLSX, f"cases-{made_at:%Y-%m-%d}.xlsx")


@require_GET
@in_source_language
def cases_csv(request: SignedInRequest) -> HttpResponse | FileResponse:
    made_at = _noted(request, "cases.zip")
    archive = write_csv_archive(_sheets(request, made_at))
    return _file(archive, "application/zip", f"cases-{made_at:%Y-%m-%d}.zip")


@require_GET
@in_source_language
def codebook_xlsx(request: SignedInRequest) -> HttpResponse | FileResponse:
    """What the columns mean; it holds no data of anybody."""
    _require_cases(request)
    return _file(write_xlsx([codebook()]), XLSX, "codebook.xlsx")


@require_GET
@in_source_language
def redcap_dictionary_csv(request: SignedInRequest) -> HttpResponse:
    """What a REDCap project is built from; it holds no data of anybody."""
    _require_cases(request)
    return _redcap(redcap_dictionary.dictionary(), "redcap-data-dictionary.csv")


@require_GET
@in_source_language
def redcap_records_csv(request: SignedInRequest) -> HttpResponse:
    made_at = _noted(request, "redcap-records.csv")
    found = redcap_records.records(_sheets(request, made_at))
    return _redcap(found, f"redcap-records-{made_at:%Y-%m-%d}.csv")


def _require_cases(request: SignedInRequest) -> None:
    if not request.user.has_perm("registry.view_patient"):
        raise PermissionDenied


def _centres(request: SignedInRequest) -> list[Centre]:
    found = queries.centres.with_permission(viewer=request.user, permission="registry.view_patient")
    return list(found)


def _noted(request: SignedInRequest, what: str) -> datetime:
    """The moment of the export, which is in the history before anything leaves."""
    _require_cases(request)
    made_at = timezone.now()
    actions.data_exports.note(centres=_centres(request), what=what, by=request.user, at=made_at)
    return made_at


def _sheets(request: SignedInRequest, made_at: datetime) -> list[Sheet]:
    patients = queries.patients.unmerged(viewer=request.user)
    stamp = _stamp(request, made_at)
    return list(export.sheets(viewer=request.user, patients=patients, stamp=stamp))


def _stamp(request: SignedInRequest, made_at: datetime) -> Stamp:
    centres = ", ".join(centre.code for centre in _centres(request))
    return Stamp(
        made_at=made_at,
        made_by=request.user.get_username(),
        code_version=settings.CODE_VERSION,
        filters=(("centres", centres), ("filter", "none: everything")),
    )


def _redcap(sheet: Sheet, name: str) -> HttpResponse:
    """Without a byte order mark, which REDCap would take for the start of a name."""
    text = "".join(csv_lines(sheet)).removeprefix(BYTE_ORDER_MARK)
    return attachment(text, content_type="text/csv; charset=utf-8", name=name)


def _file(content: io.BytesIO, content_type: str, name: str) -> FileResponse:
    return FileResponse(content, as_attachment=True, filename=name, content_type=content_type)
