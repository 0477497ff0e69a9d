"""Who issued a report: a signature of the installation that anybody can check.

Ed25519 (RFC 8032). The private key is derived from CRESCENT_HISTORY_KEY with HKDF-SHA256 (RFC
5869), so there is no further secret to keep, and the key of the history chains signs nothing.
"""

import re
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


KEYS = frozenset({"algorithm", "public_key", "signature"})
"""What a signature says; nothing else belongs into its file."""

KEY, SIGNED = re.compile("[0-9a-f]{64}"), re.compile("[0-9a-f]{128}")


def own_public_key() -> str:
    """The public key of this installation, 64 hexadecimal digits."""
    return _own(settings.CRESCENT_HISTORY_KEY).public_key().public_bytes_raw().hex()


def sign(content: bytes) -> str:
    """The signature of this installation, hexadecimal; the same each time for the same bytes."""
    return _own(settings.CRESCENT_HISTORY_KEY).sign(PURPOSE + content).hex()


def fits(content: bytes, *, signature: str, public_key: str) -> bool:
    """Whether whoever holds the private key to `public_key` signed these bytes.

    Both are taken in one spelling only, that of `sign` and `own_public_key`.
    """
    if not KEY.fullmatch(public_key) or not SIGNED.fullmatch(signature):
        return False
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
