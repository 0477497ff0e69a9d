"""Who reads over HTTP: a registered peer with its token, or a person who is signed in."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from imaging.dicomweb.peer_tokens import ForbiddenError, NotSignedInError, peer_of
from imaging.models import Peer
from imaging.queries import VIEW_STUDY, Viewer


@dataclass
class PeerViewer:
    """A program sees what a person would who may see the images of its centre, and nothing else."""

    peer: Peer
    pk: Any = None
    """It has no account."""

    def centre_codes(self, permission: str) -> frozenset[str]:
        return frozenset({self.peer.centre_code} if permission == VIEW_STUDY else ())

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        centre_code = self.peer.centre_code if obj is None else obj.centre_code
        return centre_code in self.centre_codes(perm)


@dataclass(frozen=True)
class Reader:
    """On whose behalf something is read."""

    viewer: Viewer
    peer: Peer | None = None


def reader_of(request: HttpRequest) -> Reader:
    """Who asks. Cookies are ignored where there is an Authorization header.

    Raises
    ------
    NotAuthorisedError
    """
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        peer = peer_of(authorization)
        if not peer.may_read:
            raise ForbiddenError("This peer may send only. Register one with `--may read`.")
        return Reader(viewer=PeerViewer(peer), peer=peer)
    person: Any = request.user
    if not person.is_authenticated:
        raise NotSignedInError("Sign in, or send the token of a registered peer that may read.")
    return Reader(viewer=person)
