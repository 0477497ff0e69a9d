"""Keyed pseudonyms: the UIDs and the subject key that stand for those of the source.

Without the secret nobody can compute them or test a guess; with it the same study sent again
is the same study, and two centres never collide.

References
----------
RFC 5869 (HKDF), RFC 9562 (UUID version 8), DICOM PS3.5 annex B.2 (UUID-derived UIDs).
"""

import hashlib
import hmac
import unicodedata
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@dataclass(frozen=True, slots=True)
class Keys:
    """Sub-keys of the de-identification secret; never printed."""

    uid: bytes = field(repr=False)
    subject: bytes = field(repr=False)


def derive_keys(secret: bytes) -> Keys:
    """Derive the sub-keys for UIDs and subjects from the one secret (HKDF-SHA256).

    Raises
    ------
    ValueError
        The secret is empty.
    """
    if not secret:
        raise ValueError("the de-identification secret is empty")
    return Keys(
        uid=_derive(secret, b"crescent/uid"),
        subject=_derive(secret, b"crescent/subject"),
    )


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def pseudonymous_uid(original: str, *, keys: Keys, centre_code: str) -> str:
    """The UID that stands for a source UID, the same for the same centre and secret.

    The first 16 bytes of the HMAC with version (8) and variant of RFC 9562 set, as decimal
    below the root 2.25 (PS3.5 annex B.2).
    """
    digest = hmac.digest(keys.uid, f"{centre_code}|{original}".encode(), hashlib.sha256)
    number = int.from_bytes(digest[:16], "big")
    number = number & ~(0xF << 76) | (8 << 76)
    number = number & ~(0b11 << 62) | (0b10 << 62)
    return f"2.25.{number}"


def subject_key(local_identifier: str | None, *, keys: Keys, centre_code: str) -> str | None:
    """The keyed hash that stands for a person within one centre; None without an identifier.

    Surrounding blanks, case and repeated blanks make no difference; leading zeros do. Letters and
    digits that Unicode holds in several forms (wide digits, accents apart) are one.
    """
    text = unicodedata.normalize("NFKC", local_identifier or "").upper()
    # The capitals of a few Greek letters come with their accents apart.
    normalised = " ".join(unicodedata.normalize("NFKC", text).split())
    if not normalised:
        return None
    message = f"subject|{centre_code}|{normalised}".encode()
    return hmac.digest(keys.subject, message, hashlib.sha256).hex()
