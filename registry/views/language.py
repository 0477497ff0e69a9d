"""Choosing the language of one's pages."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from registry import actions
from registry.actions.errors import InvalidRecordError
from registry.views.request import SignedInRequest


@require_POST
def choose(request: SignedInRequest) -> HttpResponse:
    """Another language from the next page on; one that nobody speaks changes nothing."""
    try:
        actions.people.choose_language(
            user=request.user,
            language=request.POST.get("language", ""),
            by=request.user,
            at=timezone.now(),
        )
    except InvalidRecordError:
        return redirect(settings.LOGIN_REDIRECT_URL)
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
        return redirect(settings.LOGIN_REDIRECT_URL)
    page = urlsplit(came_from)
    back = urlunsplit(("", "", page.path, page.query, ""))
    # A path of two slashes is an address of another machine.
    is_page = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return redirect(back if is_page else settings.LOGIN_REDIRECT_URL)
