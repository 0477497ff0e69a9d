"""Working lists, what is not answered, the search, and the filters kept of them."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from registry import actions, queries
from registry.actions.errors import InvalidRecordError
from registry.forms.list_filter import KeepFilterForm, ListFilterForm, SearchForm
from registry.models import Centre, FilteredPage
from registry.presenters import list_terms, work_lists
from registry.queries.lists import Wanted
from registry.views.request import SignedInRequest, asked_for


@require_GET
def overview(request: SignedInRequest) -> HttpResponse:
    _require_cases(request)
    return render(
        request,
        "registry/work_lists.html",
        {
            "lists": work_lists.overview(viewer=request.user, today=timezone.now().date()),
            "answers": work_lists.answers(viewer=request.user),
            "kept": work_lists.kept_filters(viewer=request.user, page=FilteredPage.LISTS),
            "transfers": queries.patient_transfers.waiting_for(viewer=request.user).exists(),
        },
    )


@require_GET
def work_list(request: SignedInRequest, name: str) -> HttpResponse:
    _require_cases(request)
    words = work_lists.list_words(name, viewer=request.user)
    if words is None:
        raise Http404
    form = ListFilterForm(request.GET, centres=_centres(request))
    asked = work_lists.wanted(words, today=timezone.now().date(), **form.narrowed_to())
    page = work_lists.present(
        viewer=request.user, asked=asked, after=asked_for(request, "after"), query=form.query()
    )
    return render(
        request,
        "registry/work_list.html",
        {
            "words": words,
            "form": form,
            "page": page,
            "narrowed": bool(form.query()),
            "keeping": _keeping(FilteredPage.LISTS, {"list": name} | form.query()),
            "kept": work_lists.kept_filters(viewer=request.user, page=FilteredPage.LISTS),
        },
    )


@require_GET
def search(request: SignedInRequest) -> HttpResponse:
    _require_cases(request)
    form = SearchForm(request.GET, centres=_centres(request), choices=list_terms.search_choices())
    asked = Wanted(form.term(), newest_first=True, **form.narrowed_to())
    page = work_lists.present(
        viewer=request.user, asked=asked, after=asked_for(request, "after"), query=form.query()
    )
    return render(
        request,
        "registry/search.html",
        {
            "form": form,
            "page": page,
            "narrowed": bool(form.query()),
            "keeping": _keeping(FilteredPage.SEARCH, form.query()),
            "kept": work_lists.kept_filters(viewer=request.user, page=FilteredPage.SEARCH),
        },
    )


@require_POST
def filter_keep(request: SignedInRequest) -> HttpResponse:
    _require_cases(request)
    form = KeepFilterForm(request.POST)
    centres = _centres(request)
    if not form.is_valid():
        messages.error(request, _("The search was not kept: give it a name of up to 80 letters."))
        return redirect("registry:work-lists")
    given = form.cleaned_data
    asked = {name: value for name, value in request.POST.items() if name == "centre"}
    centre = next((one for one in centres if one.code == asked.get("centre")), centres[0])
    try:
        kept = actions.saved_filters.keep(
            centre=centre, by=request.user, at=timezone.now(), **given
        )
    except InvalidRecordError as error:
        messages.error(request, str(error))
        return redirect("registry:work-lists")
    messages.success(request, _("Kept as “%(name)s”.") % {"name": kept.name})
    return redirect(work_lists.filter_url(kept))


@require_POST
def filter_remove(request: SignedInRequest, public_id: uuid.UUID) -> HttpResponse:
    kept = get_object_or_404(queries.saved_filters.own(viewer=request.user), public_id=public_id)
    actions.saved_filters.remove(saved_filter=kept, by=request.user, at=timezone.now())
    messages.success(request, _("“%(name)s” is kept no more.") % {"name": kept.name})
    return redirect(reverse("registry:work-lists"))


def _keeping(page: FilteredPage, query: dict[str, str]) -> KeepFilterForm:
    return KeepFilterForm(
        initial={"page": page.value, "query": urlencode(query)}, auto_id="keep_%s"
    )


def _centres(request: SignedInRequest) -> list[Centre]:
    return request.user.centres("registry.view_patient")


def _require_cases(request: SignedInRequest) -> None:
    if not request.user.has_perm("registry.view_patient"):
        raise PermissionDenied
