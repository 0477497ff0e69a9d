"""Peers that store over HTTP."""

from imaging.models import Peer


def of_token(token_sha256: str) -> Peer | None:
    """The registered peer with the token, unless it was retired."""
    return Peer.objects.filter(
        kind=Peer.Kind.DICOMWEB, token_sha256=token_sha256, retired_at=None
    ).first()
