"""The pages for what went wrong. None of them repeats the address or says what exists."""

import sys
from http import HTTPStatus

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same body for what does not exist and for what belongs to another centre."""
    return render(request, "404.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def failed(request: HttpRequest) -> HttpResponse:
    """503 when it was the database that did not answer; the page itself asks nothing of it."""
    no_database = isinstance(sys.exc_info()[1], (OperationalError, InterfaceError))
    around = {"code_version": settings.CODE_VERSION, "demo": settings.CRESCENT_DEMO}
    return HttpResponse(
        render_to_string("500.html", around),
        status=HTTPStatus.SERVICE_UNAVAILABLE if no_database else HTTPStatus.INTERNAL_SERVER_ERROR,
    )
