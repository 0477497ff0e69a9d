"""Deliveries and what became of their files."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views import View

from imaging import queries
from imaging.actions.patients import confirm_patients
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile, IngestRun
from imaging.queries.deliveries import Progress, files_by_need, progress
from imaging.queries.patients import PatientOfRun, asks_about_patients, patients_of_run
from imaging.queries.runs import arrival_of_run, runs_by_centre
from imaging.queries.uncounted import page_of_parts
from imaging.views.request import SignedInRequest

RUNS_PER_PAGE = 50
FILES_PER_PAGE = 500
RESULT_ORDER = ("conflict", "quarantined", "rejected", "indexed", "duplicate")
"""What needs somebody comes first."""

LISTED_RESULTS = ("indexed", "duplicate", "conflict", "quarantined", "rejected", "ignored")
"""The columns of the list; together they are the files seen."""

LOOKED_AT_EVERY_SECONDS = 3
QUIET_SECONDS = 60
"""After so long without a file a delivery counts as interrupted, until one comes."""
LOOKED_AT_RARELY_SECONDS = 30


class RunList(View):
    """All deliveries to the centres of the person, newest first."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        if not request.user.has_perm(queries.VIEW_DELIVERY):
            raise PermissionDenied
        page = page_of_parts(
            runs_by_centre(viewer=request.user),
            key=arrival_of_run,
            asked_for=request.GET.get("page"),
            size=RUNS_PER_PAGE,
        )
        counts = queries.counts_of_runs(viewer=request.user, page=page)
        rows = [_row(run, counts[run.pk]) for run in page]
        return TemplateResponse(
            request,
            "imaging/run_list.html",
            {
                "rows": rows,
                "page": page,
                "may_add": bool(request.user.centre_codes(queries.ADD_STUDY)),
            },
        )


class RunDetail(View):
    """The files of one delivery by result, each with the reason and the next step."""

    def get(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = _run(request, public_id)
        names_shown = request.user.has_perm("registry.view_identity", run)
        files = files_by_need(viewer=request.user, run=run, with_names=names_shown)
        page = Paginator(files, FILES_PER_PAGE).get_page(request.GET.get("page"))
        patients = patients_of_run(viewer=request.user, run=run)
        return TemplateResponse(
            request,
            "imaging/run_detail.html",
            _live(request, run)
            | {
                "groups": _groups(list(page)),
                "page": page,
                "names_shown": names_shown,
                "patients": patients,
                "joined": _joined(patients),
                "asked_about": asks_about_patients(run, patients),
                "facts_shown": request.user.has_perm("registry.view_patient", run),
                "may_answer": request.user.has_perm(queries.ADD_STUDY, run),
                "may_decide": request.user.has_perm(queries.DECIDE_QUARANTINE, run),
                "series": queries.series_of_run(viewer=request.user, run=run).order_by(
                    "study__study_date", "study_id", "series_number", "id"
                ),
                "may_finish": run.finished_at is None
                and run.source == IngestRun.Source.UPLOAD
                and run.started_by == request.user,
            },
        )


class RunLive(View):
    """The counts of a delivery that is under way; the page asks for them again and again."""

    def get(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = _run(request, public_id)
        response = TemplateResponse(request, "imaging/run_live.html", _live(request, run))
        if run.finished_at is not None:
            # It is over: the whole page has more to say now.
            response["HX-Refresh"] = "true"
        return response


class RunConfirmPatients(View):
    """The answer that a delivery was meant to hold several patients."""

    def post(self, request: SignedInRequest, public_id: UUID) -> HttpResponse:
        run = _run(request, public_id)
        if not request.user.has_perm(queries.ADD_STUDY, run):
            raise PermissionDenied
        confirm_patients(run=run, by=request.user, at=timezone.now())
        messages.success(request, gettext("Noted. The studies of this delivery can be linked."))
        return redirect("imaging:run-detail", public_id)


def _row(run: IngestRun, counts: Mapping[str, int]) -> dict[str, Any]:
    return {
        "run": run,
        "seen": counts["files"] + counts["ignored"],
        "by_result": [counts[result] for result in LISTED_RESULTS],
    }


def _run(request: SignedInRequest, public_id: UUID) -> IngestRun:
    try:
        return queries.run(viewer=request.user, public_id=public_id)
    except IngestRun.DoesNotExist as error:
        raise Http404 from error


def _live(request: SignedInRequest, run: IngestRun) -> dict[str, Any]:
    """What `run_live.html` shows."""
    came = progress(viewer=request.user, run=run)
    counts = queries.counts(viewer=request.user, run=run)
    missing = _missing(run, came)
    last_sign = came.last_at or run.started_at
    quiet = timezone.now() - last_sign > timedelta(seconds=QUIET_SECONDS)
    rate = came.files_per_second
    return {
        "run": run,
        "counts": counts,
        "seen": counts["files"] + counts["ignored"],
        "missing": missing,
        "last_sign": last_sign,
        "quiet": quiet,
        "every_seconds": LOOKED_AT_RARELY_SECONDS if quiet else LOOKED_AT_EVERY_SECONDS,
        "files_per_second": rate,
        "seconds_left": round(missing / rate) if rate and missing else None,
    }


def _missing(run: IngestRun, came: Progress) -> int | None:
    """How many announced files did not come yet; None where nobody announced a number."""
    if run.expected_files is None:
        return None
    return max(0, run.expected_files - came.positions)


def _joined(patients: list[PatientOfRun]) -> int:
    """How many new images joined studies that were here before."""
    return sum(study.images for patient in patients for study in patient.studies if study.joined)


def _groups(files: list[IngestedFile]) -> list[dict[str, Any]]:
    """Files by result and reason, what needs somebody first."""
    keys = sorted(
        {(file.result, file.reason_code) for file in files},
        key=lambda key: (RESULT_ORDER.index(key[0]), key[1]),
    )
    groups = []
    for result, reason_code in keys:
        alike = [file for file in files if (file.result, file.reason_code) == (result, reason_code)]
        groups.append(
            {
                "result": IngestedFile.Result(result),
                "reason": ALL_REASONS.get(reason_code),
                "files": alike,
                "waiting": [file for file in alike if _waits(file)],
            }
        )
    return groups


def _waits(file: IngestedFile) -> bool:
    return file.quarantine_key is not None and not hasattr(file, "quarantine_decision")
