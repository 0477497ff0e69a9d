"""Retrospective cases from a table: send, map, check, take in, take back."""

import json
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry import actions, queries
from registry.actions.errors import ImportGoneError, ImportRefusedError, NotUndoableError
from registry.exchange import case_import, mapping
from registry.exchange.mapping import FileMapping
from registry.exchange.problem_book import problem_book, template
from registry.exchange.redcap_reader import from_redcap
from registry.exchange.spreadsheet_reader import (
    MOST_BYTES,
    RawSheet,
    UnreadableFileError,
    from_json,
    read_file,
    to_json,
)
from registry.exchange.spreadsheets import XLSX
from registry.forms.case_import import MappingForm, SendTableForm
from registry.models import CaseImport
from registry.presenters.case_import import checked
from registry.views.document_language import in_source_language
from registry.views.request import SignedInRequest


@require_POST
def case_import_create(request: SignedInRequest) -> HttpResponse:
    """Keep the file, and guess its columns: from the last file of the centre, or by name."""
    if not request.user.has_perm("registry.log_case"):
        raise PermissionDenied
    centres = queries.centres.with_permission(viewer=request.user, permission="registry.log_case")
    form = SendTableForm(request.POST, request.FILES, centres=centres)
    if not form.is_valid():
        messages.error(request, _("Choose a centre and a file."))
        return redirect("registry:data")
    file, centre = form.cleaned_data["file"], form.cleaned_data["centre"]
    try:
        sheets = _read(file, form.cleaned_data["dictionary"])
    except UnreadableFileError as error:
        messages.error(request, str(error))
        return redirect("registry:data")
    kept = queries.case_imports.latest_mapping(viewer=request.user, centre=centre)
    guessed = mapping.guess(sheets, FileMapping.from_json(json.loads(kept)) if kept else None)
    sent = actions.case_imports.send(
        centre=centre,
        by=request.user,
        at=timezone.now(),
        file_name=file.name[:200],
        content=to_json(sheets),
        mapping=guessed.to_json(),
        rows=sum(len(sheet.rows) for sheet in sheets),
    )
    return redirect("registry:case-import", sent.public_id)


@require_http_methods(["GET", "POST"])
def case_import_map(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    one = _import(request, public_id)
    sheets, known = _sheets(one), _mapping(one)
    form = MappingForm(request.POST or None, sheets=sheets, mapping=known)
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        try:
            actions.case_imports.map_columns(
                case_import=one, mapping=chosen.to_json(), by=request.user, at=timezone.now()
            )
        except ImportGoneError as error:
            messages.error(request, str(error))
            return redirect("registry:case-import", one.public_id)
        if "check" in request.POST:
            return redirect("registry:case-import-check", one.public_id)
        return redirect("registry:case-import", one.public_id)
    return render(request, "registry/case_import.html", {"one": one, "form": form})


@require_GET
def case_import_check(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What taking the file in would do; nothing of it stays."""
    one = _import(request, public_id)
    if one.imported_at:
        return redirect("registry:case-import", one.public_id)
    outcome = case_import.rehearse(case_import=one, by=request.user, at=timezone.now())
    page = checked(outcome)
    return render(request, "registry/case_import_check.html", {"one": one, "page": page})


@require_GET
def case_import_problems(request: SignedInRequest, public_id: uuid.UUID) -> FileResponse:
    one = _import(request, public_id)
    outcome = case_import.rehearse(case_import=one, by=request.user, at=timezone.now())
    file = problem_book(_sheets(one), outcome.problems)
    return FileResponse(file, as_attachment=True, filename="to-correct.xlsx", content_type=XLSX)


@require_POST
def case_import_take_in(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    one = _import(request, public_id)
    try:
        case_import.take_in(case_import=one, by=request.user, at=timezone.now())
    except (ImportGoneError, ImportRefusedError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The file was taken in, all of it."))
    return redirect("registry:case-import", one.public_id)


@require_POST
def case_import_undo(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    one = _import(request, public_id)
    try:
        case_import.undo(case_import=one, by=request.user, at=timezone.now())
    except (ImportGoneError, NotUndoableError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The import was taken back. Nothing was deleted."))
    return redirect("registry:case-import", one.public_id)


@require_GET
@in_source_language
def template_xlsx(request: SignedInRequest) -> FileResponse:
    if not request.user.has_perm("registry.log_case"):
        raise PermissionDenied
    return FileResponse(template(), as_attachment=True, filename="template.xlsx", content_type=XLSX)


def _read(file: "File[bytes]", dictionary: "File[bytes] | None") -> list[RawSheet]:
    sheets: list[RawSheet] = []
    for one in (file, dictionary):
        if one is not None:
            sheets += read_file(one.read(MOST_BYTES + 1), name=str(one.name))
    return from_redcap(sheets)


def _import(request: SignedInRequest, public_id: uuid.UUID) -> CaseImport:
    return get_object_or_404(queries.case_imports.visible(viewer=request.user), public_id=public_id)


def _sheets(one: CaseImport) -> list[RawSheet]:
    return from_json(str(one.content))


def _mapping(one: CaseImport) -> FileMapping:
    return FileMapping.from_json(json.loads(str(one.mapping)))
