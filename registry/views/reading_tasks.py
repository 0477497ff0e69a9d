"""The reader's own list."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from registry.presenters import reading_list as presenter
from registry.views.request import SignedInRequest, asked_for


@require_GET
def reading_list(request: SignedInRequest) -> HttpResponse:
    if not request.user.has_perm("registry.read_study"):
        raise PermissionDenied
    page = presenter.present(
        viewer=request.user,
        now=timezone.now(),
        show=asked_for(request, "show"),
        age=asked_for(request, "age"),
        number=asked_for(request, "page"),
    )
    return render(request, "registry/reading_list.html", {"list": page})
