"""Which registered peer an Authorization header names."""

import base64
import binascii
import threading
import time

from imaging.actions.dicomweb_peers import token_sha256
from imaging.models import Peer
from imaging.queries import dicomweb_peers

LONGEST_AUTHORIZATION = 1000
WRONG_TOKEN_SECONDS = 1.0
WRONG_TOKENS_AT_ONCE = 1
"""So many threads of a process wait beside a wrong token; further ones are turned away at once."""


class NotAuthorisedError(Exception):
    """The request may not do what it asks for; the message says why."""


class NotSignedInError(NotAuthorisedError):
    """Neither a peer nor a person."""


class WrongTokenError(NotSignedInError):
    """A token or name that no peer has."""


class TooManyWrongTokensError(NotAuthorisedError):
    """Others are guessing at this moment."""


class ForbiddenError(NotAuthorisedError):
    """Somebody who may not do that there, or whose browser was led here by another site."""


def peer_of(authorization: str) -> Peer:
    """The registered peer with this token, and with this name where one is given.

    Raises
    ------
    WrongTokenError, TooManyWrongTokensError
    """
    name, token = _credentials(authorization)
    peer = dicomweb_peers.of_token(token_sha256(token)) if token else None
    if peer is None or name not in (None, peer.name):
        _slow_down()
        raise WrongTokenError("No registered peer has this name and token.")
    return peer


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


_guessing = threading.BoundedSemaphore(WRONG_TOKENS_AT_ONCE)


def _slow_down() -> None:
    """Make guessing slow without letting it take the threads of honest peers."""
    if not _guessing.acquire(blocking=False):
        raise TooManyWrongTokensError("Too many wrong tokens. Try again in a minute.")
    try:
        time.sleep(WRONG_TOKEN_SECONDS)
    finally:
        _guessing.release()
