"""Seal what identifies a person: readable only with the key, never by a query or a dump.

The key is derived from CRESCENT_DEID_KEY with HKDF-SHA256 (RFC 5869), so that the key that makes
pseudonyms never encrypts and the key that encrypts never makes pseudonyms.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class UnsealError(Exception):
    """The sealed text was made with another key or was changed."""


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # not generic at run time
    """Text that is stored encrypted (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def get_prep_value(self, value: str | None) -> bytes | None:
        return (
            None if value is None else _fernet(settings.CRESCENT_DEID_KEY).encrypt(value.encode())
        )

    def from_db_value(self, value: bytes | None, *_: object) -> str | None:
        if value is None:
            return None
        try:
            return _fernet(settings.CRESCENT_DEID_KEY).decrypt(bytes(value)).decode()
        except InvalidToken as error:
            raise UnsealError(
                "A sealed field cannot be opened with this CRESCENT_DEID_KEY. Start with the key "
                "the record was written with."
            ) from error

    def to_python(self, value: str | None) -> str | None:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("A sealed field is never serialised in clear.")


def seal(text: str) -> str:
    """Text that only this installation can open again, as a page may carry it."""
    return _fernet(settings.CRESCENT_DEID_KEY).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str, *, most_seconds: int) -> str:
    """What was sealed no longer ago than that.

    Raises
    ------
    UnsealError
    """
    try:
        return _fernet(settings.CRESCENT_DEID_KEY).decrypt(sealed.encode(), most_seconds).decode()
    except InvalidToken as error:
        raise UnsealError("It was not sealed here, was changed, or is too old.") from error


@lru_cache(maxsize=4)
def _fernet(secret: str) -> Fernet:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"crescent/seal").derive(
        secret.encode()
    )
    return Fernet(base64.urlsafe_b64encode(key))
