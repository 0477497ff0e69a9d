"""The worklist of the person who signed in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from registry.presenters import home as home_page
from registry.views.request import SignedInRequest


def home(request: SignedInRequest) -> HttpResponse:
    page = home_page.present(viewer=request.user, now=timezone.now())
    return render(request, "registry/home.html", {"page": page})
