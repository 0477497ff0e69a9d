"""Retrospective cases from a table: send, map, check, take in, take back."""

import json
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from registry import actions, queries
from registry.actions.errors import ImportGoneError, ImportRefusedError, NotUndoableError
from registry.exchange import import_progress, import_work, mapping
from registry.exchange.checked_import import from_json
from registry.exchange.import_progress import Kind, Progress
from registry.exchange.mapping import FileMapping
from registry.exchange.problem_book import problem_book, template
from registry.exchange.redcap_reader import from_redcap
from registry.exchange.spreadsheet_reader import (
    MOST_BYTES,
    RawSheet,
    UnreadableFileError,
    read_file,
    to_json,
)
from registry.exchange.spreadsheet_reader import from_json as sheets_of
from registry.exchange.spreadsheets import XLSX
from registry.forms.case_import import MappingForm, SendTableForm
from registry.models import CaseImport
from registry.presenters import case_import as case_import_words
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
    if page := _under_way(request, one):
        return page
    if one.imported_at and request.method == "GET":
        words = case_import_words.taken_in(one, viewer=request.user)
        context = {"one": one, "left": _left(one), **words}
        return render(request, "registry/case_import.html", context)
    sheets, known = sheets_of(str(one.content)), _mapping(one)
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
            return _begin(request, _import(request, public_id), "check")
        return redirect("registry:case-import", one.public_id)
    return render(
        request, "registry/case_import.html", {"one": one, "form": form, "left": _left(one)}
    )


@require_http_methods(["GET", "POST"])
def case_import_check(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """What taking the file in would do; nothing of it stays."""
    one = _import(request, public_id)
    if one.imported_at:
        return redirect("registry:case-import", one.public_id)
    if request.method == "POST":
        return _begin(request, one, "check")
    if page := _under_way(request, one):
        return page
    checked = case_import_words.page(from_json(str(one.checked))) if one.checked else None
    return render(
        request,
        "registry/case_import_check.html",
        {"one": one, "page": checked, "left": _left(one)},
    )


@require_GET
def case_import_live(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far it is; the page asks for it again and again, and is drawn anew at the end."""
    one = _import(request, public_id)
    under_way = import_progress.progress(one.public_id)
    if under_way is None or not under_way.goes_on:
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    words = case_import_words.under_way(one, under_way)
    return render(request, "registry/case_import_live.html", words)


@require_GET
def case_import_problems(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The workbook to correct, with what the last check found."""
    one = _import(request, public_id)
    if not one.checked:
        return redirect("registry:case-import-check", one.public_id)
    file = problem_book(sheets_of(str(one.content)), from_json(str(one.checked)).problems)
    return FileResponse(file, as_attachment=True, filename="to-correct.xlsx", content_type=XLSX)


@require_POST
def case_import_take_in(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    one = _import(request, public_id)
    if not one.checked and not one.imported_at:
        # A page from before the columns were mapped anew: nobody has seen what would be written.
        messages.error(request, _("Nobody has checked the rows since the columns were mapped."))
        return redirect("registry:case-import-check", one.public_id)
    return _begin(request, one, "take_in")


@require_POST
def case_import_undo(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    return _begin(request, _import(request, public_id), "undo")


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


def _begin(request: SignedInRequest, one: CaseImport, kind: Kind) -> HttpResponse:
    """Begin it once; the page where it ends shows how far it is until then."""
    done = {
        "take_in": _("The file was taken in, all of it."),
        "undo": _("The import was taken back. Nothing was deleted."),
    }
    try:
        is_done = import_work.begin(kind, case_import=one, by=request.user, clock=timezone.now)
    except (ImportGoneError, ImportRefusedError, NotUndoableError) as error:
        messages.error(request, str(error))
    else:
        if is_done and kind in done:
            messages.success(request, done[kind])
    page = "registry:case-import-check" if kind == "check" else "registry:case-import"
    return redirect(page, one.public_id)


def _under_way(request: SignedInRequest, one: CaseImport) -> HttpResponse | None:
    """The page that shows how far it is; None where nobody works on it."""
    progress = import_progress.progress(one.public_id)
    if progress is None or not progress.goes_on:
        return None
    words = case_import_words.under_way(one, progress)
    return render(request, "registry/case_import_under_way.html", words)


def _left(one: CaseImport) -> Progress | None:
    """What ended without doing anything, as long as it was not done since."""
    left = import_progress.progress(one.public_id)
    if left is None:
        return None
    done_at = {"check": one.checked_at, "take_in": one.imported_at, "undo": one.undone_at}[
        left.kind
    ]
    return left if done_at is None or done_at < left.begun_at else None


def _import(request: SignedInRequest, public_id: uuid.UUID) -> CaseImport:
    return get_object_or_404(queries.case_imports.visible(viewer=request.user), public_id=public_id)


def _mapping(one: CaseImport) -> FileMapping:
    return FileMapping.from_json(json.loads(str(one.mapping)))
