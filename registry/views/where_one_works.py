"""Each person's pages speak their language and show the time of their centre."""

from collections.abc import Callable
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from registry.models import User


class WhereOneWorksMiddleware:
    """Before sign-in the browser's language counts, afterwards the person's own choice."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user
        if isinstance(person, User):
            language, zone = person.language, zone_of(person)
        else:
            language, zone = translation.get_language_from_request(request), UTC
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def zone_of(person: User) -> tzinfo:
    """The time zone of the person's centres; UTC where they have none, or several."""
    names = {membership.centre.time_zone for membership in person.active_memberships}
    return ZoneInfo(names.pop()) if len(names) == 1 else UTC
