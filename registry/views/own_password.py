"""Whoever signed in with a password that somebody else gave chooses another first."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

OPEN = ("registry:password-change", "registry:sign-out")


class OwnPasswordMiddleware:
    """Until then every address leads to the page where it is done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        waits = getattr(request.user, "must_change_password", False)
        if waits and request.path not in {reverse(name) for name in OPEN}:
            return redirect("registry:password-change")
        return self.get_response(request)
