"""Who stores images over HTTP: a registered peer with its token, or a person who is signed in."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from imaging.dicomweb.peer_tokens import ForbiddenError, NotSignedInError, peer_of
from imaging.models import Peer
from imaging.queries import ADD_STUDY

CENTRE_HEADER = "X-Crescent-Centre"


@dataclass(frozen=True)
class Sender:
    """On whose behalf images are stored, and for which centre."""

    centre_code: str
    peer: Peer | None = None
    person: AbstractBaseUser | None = None


def sender_of(request: HttpRequest) -> Sender:
    """Who sends the request. Cookies are ignored where there is an Authorization header.

    Raises
    ------
    NotAuthorisedError
    """
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        return _peer(authorization)
    if not request.user.is_authenticated:
        raise NotSignedInError("Send the token of a registered peer.")
    if _Csrf(_unused).refuses(request):
        raise ForbiddenError(
            "A request with the cookie of a person needs the header X-CSRFToken as well."
        )
    return Sender(centre_code=_centre_of(request), person=request.user)


def _peer(authorization: str) -> Sender:
    peer = peer_of(authorization)
    if not peer.may_send:
        raise ForbiddenError("This peer may read only. Register another one to send.")
    return Sender(centre_code=peer.centre_code, peer=peer)


def _centre_of(request: HttpRequest) -> str:
    person: Any = request.user
    centres = person.centre_codes(ADD_STUDY)
    named = request.headers.get(CENTRE_HEADER)
    if named is None and len(centres) > 1:
        raise ForbiddenError(f"You may add images to several centres: name one in {CENTRE_HEADER}.")
    if not centres or (named is not None and named not in centres):
        raise ForbiddenError("You may not add images there.")
    return named or next(iter(centres))


class _Csrf(CsrfViewMiddleware):
    """Django's own check, asked only where a cookie says who sends."""

    def refuses(self, request: HttpRequest) -> bool:
        self.process_request(request)
        return self.process_view(request, _unused, (), {}) is not None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _unused(request: HttpRequest) -> HttpResponse:
    raise AssertionError("only the check is asked for")
