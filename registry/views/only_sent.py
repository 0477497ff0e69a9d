"""A page for whoever opens an address that only takes what a form sends."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string


class OnlySentMiddleware:
    """It happens to people whose session ended while they filled in a form: signing in leads to
    where the form went. The browser's own page for that status tells them nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        opened = request.method == "GET" and request.accepts("text/html")
        if not isinstance(response, HttpResponseNotAllowed) or not opened:
            return response
        response.content = render_to_string("405.html", request=request)
        return response
