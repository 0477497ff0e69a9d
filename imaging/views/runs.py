"""Deliveries and what became of their files."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.views import View

from imaging import queries
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile, IngestRun
from imaging.views.request import SignedInRequest

RUNS_PER_PAGE = 50
FILES_PER_PAGE = 500
RESULT_ORDER = ("conflict", "quarantined", "rejected", "indexed", "duplicate")
"""What needs somebody comes first."""


class RunList(View):
    """All deliveries to the centres of the person, newest first."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        pages = Paginator(queries.runs(viewer=request.user), RUNS_PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        counts = queries.counts_of_runs(viewer=request.user, page=page)
        rows = [{"run": run, "counts": counts[run.pk]} for run in page]
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
        try:
            run = queries.run(viewer=request.user, public_id=public_id)
        except IngestRun.DoesNotExist as error:
            raise Http404 from error
        names_shown = request.user.has_perm("registry.view_identity", run)
        files = queries.run_files(viewer=request.user, run=run, with_names=names_shown)
        pages = Paginator(files, FILES_PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        return TemplateResponse(
            request,
            "imaging/run_detail.html",
            {
                "run": run,
                "counts": queries.counts(viewer=request.user, run=run),
                "groups": _groups(list(page)),
                "page": page,
                "names_shown": names_shown,
                "series": queries.series_of_run(viewer=request.user, run=run),
                "may_finish": run.finished_at is None
                and run.source == IngestRun.Source.UPLOAD
                and run.started_by == request.user,
            },
        )


def _groups(files: list[IngestedFile]) -> list[dict[str, object]]:
    """Files by result and reason, what needs somebody first."""
    keys = sorted(
        {(file.result, file.reason_code) for file in files},
        key=lambda key: (RESULT_ORDER.index(key[0]), key[1]),
    )
    return [
        {
            "result": IngestedFile.Result(result),
            "reason": ALL_REASONS.get(reason_code),
            "files": [
                file for file in files if (file.result, file.reason_code) == (result, reason_code)
            ],
        }
        for result, reason_code in keys
    ]
