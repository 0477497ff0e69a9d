"""The request as views see it: LoginRequiredMiddleware lets nobody else through."""

from django.http import HttpRequest

from registry.models import User


class SignedInRequest(HttpRequest):
    user: User
