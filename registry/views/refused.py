"""What an action refused where its page did not expect it: somebody else was quicker."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from registry.actions.errors import RegistryError


class RefusedMiddleware:
    """Answer 409 in the words of the refusal; nothing was written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RegistryError):
            return None
        return render(request, "409.html", {"words": str(exception)}, status=409)
