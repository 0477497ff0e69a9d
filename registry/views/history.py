"""The change log of the centres whose history one may see."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registry import queries
from registry.views.request import SignedInRequest, asked_for

EVENTS_PER_PAGE = 50


@require_GET
def history(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.view_history"):
        raise PermissionDenied
    page = queries.history.page(
        viewer=request.user, after=asked_for(request, "after"), size=EVENTS_PER_PAGE
    )
    return render(request, "registry/history.html", {"page": page})
