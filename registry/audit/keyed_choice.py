"""Choices that look random, follow from a secret key, and come out the same whenever they are made.

A clock or a random number would do as well once; only a keyed choice can be made again and shown to
have been right, and cannot be foreseen by somebody without the key.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, TypeVar
from uuid import UUID

T = TypeVar("T")

RANGE: Final = 2**64
"""A choice is one of so many equally likely numbers, from 0."""


def is_chosen(*, key: str, what: str, share_percent: int) -> bool:
    """Whether this one belongs to the share of all; 0 chooses nobody, 100 everybody."""
    return _number(key, "share", what) * 100 < share_percent * RANGE


def shuffled(things: Iterable[T], *, key: str, occasion: str, name: Callable[[T], str]) -> list[T]:
    """The things in an order that belongs to the occasion, whatever order they came in.

    Parameters
    ----------
    occasion
        Say, a reader and a day; another occasion has another order.
    name
        What a thing is known by; two things never share a name.
    """
    return sorted(things, key=lambda one: _number(key, "order", occasion, name(one)))


def masked_id(*, key: str, what: str, earliest: datetime, latest: datetime) -> UUID:
    """An id that cannot be told from one that was given between two moments.

    A UUID of version 7 begins with the time at which it was made, so an id that was made when a
    read was signed would say of what it is the second look.

    References
    ----------
    RFC 9562, section 5.7.
    """
    first, last = (round(at.astimezone(UTC).timestamp() * 1000) for at in (earliest, latest))
    milliseconds = first + _number(key, "moment", what) % (max(last, first) - first + 1)
    digits = _number(key, "digits", what) << 64 | _number(key, "more digits", what)
    random_a, random_b = digits >> 64 & 0xFFF, digits & 0x3FFF_FFFF_FFFF_FFFF
    return UUID(int=milliseconds << 80 | 7 << 76 | random_a << 64 | 2 << 62 | random_b)


def _number(key: str, *words: str) -> int:
    digest = hmac.new(key.encode(), "\x1f".join(words).encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8])
