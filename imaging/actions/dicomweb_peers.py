"""Register programs that store or read over HTTP."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from imaging.actions import history
from imaging.models import Peer

TOKEN_BYTES = 32


class NameTakenError(Exception):
    """There is a peer or archive of this name, or was one: names are used once."""


def token_sha256(token: str) -> str:
    """What is kept of a token. It has 256 random bits, so a plain hash does not give it away."""
    return hashlib.sha256(token.encode()).hexdigest()


def register(
    *,
    name: str,
    centre_code: str,
    may_send: bool = True,
    may_read: bool = False,
    by: AbstractBaseUser | None,
    at: datetime,
) -> tuple[Peer, str]:
    """Register a program for one centre.

    What a token may do is never widened later: a program that shall do more gets another one.

    Parameters
    ----------
    may_send
        Store images.
    may_read
        Search for what is stored, and fetch it.

    Returns
    -------
    The peer, and its token, which is kept nowhere else.

    Raises
    ------
    NameTakenError
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        if Peer.objects.filter(name=name).exists():
            raise NameTakenError
        peer = Peer.objects.create(
            name=name,
            kind=Peer.Kind.DICOMWEB,
            centre_code=centre_code,
            token_sha256=token_sha256(token),
            may_send=may_send,
            may_read=may_read,
            registered_at=at,
            registered_by_id=by.pk if by else None,
        )
        history.record(
            centre_code=centre_code,
            at=at,
            by=by,
            action="register_peer",
            object_type=peer._meta.label_lower,
            object_id=peer.public_id,
            facts={
                "name": name,
                "kind": Peer.Kind.DICOMWEB.value,
                "may_send": may_send,
                "may_read": may_read,
            },
        )
    return peer, token
