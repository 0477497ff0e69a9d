"""Who issued a report: a signature of the installation that anybody can check.

Ed25519 (RFC 8032). The private key is derived from CRESCENT_HISTORY_KEY with HKDF-SHA256 (RFC
5869), so there is no further secret to keep, and the key of the history chains signs nothing.
"""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

ALGORITHM = "Ed25519"
PURPOSE = b"crescent report bundle\n"
"""Stands before what is signed, so that a signature of one thing is none of another."""


def own_public_key() -> str:
    """The public key of this installation, 64 hexadecimal digits."""
    return _own(settings.CRESCENT_HISTORY_KEY).public_key().public_bytes_raw().hex()


def sign(content: bytes) -> str:
    """The signature of this installation, hexadecimal; the same each time for the same bytes."""
    return _own(settings.CRESCENT_HISTORY_KEY).sign(PURPOSE + content).hex()


def fits(content: bytes, *, signature: str, public_key: str) -> bool:
    """Whether whoever holds the private key to `public_key` signed these bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), PURPOSE + content)
    except (ValueError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=4)
def _own(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"crescent/report-signature").derive(
        secret.encode()
    )
    return Ed25519PrivateKey.from_private_bytes(seed)
