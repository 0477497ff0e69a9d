"""A request of somebody who signed in: the middleware lets no other one through."""

from typing import Any

from django.http import HttpRequest


class SignedInRequest(HttpRequest):
    """The account belongs to a layer above; here it is a `Viewer` and an actor."""

    user: Any
