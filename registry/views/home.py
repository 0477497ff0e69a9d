"""The worklist of the person who signed in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from registry.presenters import home as home_page
from registry.views.request import SignedInRequest, asked_for


def home(request: SignedInRequest) -> HttpResponse:
    """What waits; with `list` all of one kind."""
    now = timezone.now()
    if key := asked_for(request, "list"):
        whole = home_page.whole_list(
            viewer=request.user, now=now, key=key, number=asked_for(request, "page")
        )
        if whole is None:
            raise Http404
        return render(request, "registry/home_list.html", {"list": whole})
    page = home_page.present(viewer=request.user, now=now)
    return render(request, "registry/home.html", {"page": page})
