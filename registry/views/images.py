"""Stored images that nobody has linked to a contrast study yet."""

from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from imaging.queries.patients import awaiting_answer
from imaging.queries.uncounted import page_of_parts
from registry import queries
from registry.presenters import study_links
from registry.views.request import SignedInRequest

STUDIES_PER_PAGE = 20


@require_GET
def image_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.link_images"):
        raise PermissionDenied
    page = page_of_parts(
        queries.study_links.unlinked_by_centre(viewer=request.user),
        key=queries.study_links.arrival_of,
        asked_for=request.GET.get("page"),
        size=STUDIES_PER_PAGE,
    )
    shown = list(page.object_list)
    prefetch_related_objects(shown, "series")
    candidates = queries.study_links.candidates_of(viewer=request.user, studies=shown)
    waiting = awaiting_answer(study.pk for study in shown)
    studies = [
        study_links.present(study, candidates=candidates[study.pk], waits_for=waiting.get(study.pk))
        for study in shown
    ]
    return render(request, "registry/image_list.html", {"page": page, "studies": studies})
