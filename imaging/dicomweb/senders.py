"""Who stores images over HTTP: a registered peer with its token, or a person who is signed in."""

import base64
import binascii
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from imaging.actions.dicomweb_peers import token_sha256
from imaging.models import Peer
from imaging.queries import ADD_STUDY, dicomweb_peers

CENTRE_HEADER = "X-Crescent-Centre"
LONGEST_AUTHORIZATION = 1000
WRONG_TOKEN_SECONDS = 1.0
WRONG_TOKENS_AT_ONCE = 1
"""So many threads of a process wait beside a wrong token; further ones are turned away at once."""


class SenderError(Exception):
    """The request may not store anything; the message says why."""


class NotSignedInError(SenderError):
    """Neither a peer nor a person."""


class WrongTokenError(NotSignedInError):
    """A token or name that no peer has."""


class TooManyWrongTokensError(SenderError):
    """Others are guessing at this moment."""


class ForbiddenError(SenderError):
    """A person who may not add images there, or whose browser was led here by another site."""


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
    NotSignedInError, TooManyWrongTokensError, ForbiddenError
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
    name, token = _credentials(authorization)
    peer = dicomweb_peers.of_token(token_sha256(token)) if token else None
    if peer is None or name not in (None, peer.name):
        _slow_down()
        raise WrongTokenError("No registered peer has this name and token.")
    return Sender(centre_code=peer.centre_code, peer=peer)


def _credentials(authorization: str) -> tuple[str | None, str]:
    """Name, where there is one, and token; the token is empty where the header has none."""
    scheme, _, rest = authorization.strip().partition(" ")
    if len(authorization) > LONGEST_AUTHORIZATION:
        return None, ""
    if scheme.lower() == "bearer":
        return None, rest.strip()
    if scheme.lower() != "basic":
        return None, ""
    try:
        name, _, token = base64.b64decode(rest.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None, ""
    return name, token


def _centre_of(request: HttpRequest) -> str:
    person: Any = request.user
    centres = person.centre_codes(ADD_STUDY)
    named = request.headers.get(CENTRE_HEADER)
    if named is None and len(centres) > 1:
        raise ForbiddenError(f"You may add images to several centres: name one in {CENTRE_HEADER}.")
    if not centres or (named is not None and named not in centres):
        raise ForbiddenError("You may not add images there.")
    return named or next(iter(centres))


_guessing = threading.BoundedSemaphore(WRONG_TOKENS_AT_ONCE)


def _slow_down() -> None:
    """Make guessing slow without letting it take the threads of honest senders."""
    if not _guessing.acquire(blocking=False):
        raise TooManyWrongTokensError("Too many wrong tokens. Try again in a minute.")
    try:
        time.sleep(WRONG_TOKEN_SECONDS)
    finally:
        _guessing.release()


class _Csrf(CsrfViewMiddleware):
    """Django's own check, asked only where a cookie says who sends."""

    def refuses(self, request: HttpRequest) -> bool:
        self.process_request(request)
        return self.process_view(request, _unused, (), {}) is not None

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _unused(request: HttpRequest) -> HttpResponse:
    raise AssertionError("only the check is asked for")
