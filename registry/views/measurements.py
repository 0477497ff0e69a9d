"""Measurements of all signed reads a person may see, by kind, finding and value."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from registry import queries
from registry.forms.measurement_search import MeasurementSearchForm
from registry.presenters import measurement_list
from registry.queries.read_marks import Wanted
from registry.views.request import SignedInRequest, asked_for

PER_PAGE = 50


@require_GET
def measurements(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.view_patient"):
        raise PermissionDenied
    form = MeasurementSearchForm(request.GET)
    # What cannot be understood narrows nothing, and says so beside the field.
    wanted = form.wanted() if form.is_valid() else Wanted()
    page = queries.read_marks.page(
        viewer=request.user, wanted=wanted, after=asked_for(request, "after"), size=PER_PAGE
    )
    query = request.GET.copy()
    query.pop("after", None)
    return render(
        request,
        "registry/measurement_list.html",
        {
            "form": form,
            "page": page,
            "is_first": not asked_for(request, "after"),
            "lines": measurement_list.lines(page.rows),
            "query": query.urlencode(),
            "searched": wanted != Wanted(),
        },
    )
