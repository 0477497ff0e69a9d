"""The request as views see it: LoginRequiredMiddleware lets nobody else through."""

import uuid

from django.http import HttpRequest

from registry.models import User


class SignedInRequest(HttpRequest):
    user: User
    new_id: uuid.UUID
    """Of the record this request creates; see `registry.views.once`."""
    once: str
    """The same, signed, for the form."""


def asked_for(request: HttpRequest, name: str) -> str:
    """What the address asks for; a character that no database takes finds nothing, not a fault."""
    return request.GET.get(name, "").replace("\x00", "\N{REPLACEMENT CHARACTER}")
