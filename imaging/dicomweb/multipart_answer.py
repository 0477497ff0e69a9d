"""An answer in parts, written while it is sent.

References
----------
RFC 2046 5.1, RFC 2387; DICOM PS3.18 8.6.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class OutgoingPart:
    """One part: what it is, its length (None: unknown) and how to read it when its turn comes."""

    content_type: str
    length: int | None
    read: Callable[[], Iterator[bytes]]


class MultipartAnswer:
    """A body of `multipart/related`.

    Parameters
    ----------
    media_type
        Of the parts, for the header.
    """

    def __init__(self, media_type: str, parts: Iterable[OutgoingPart]) -> None:
        self._boundary = secrets.token_hex(16)
        self._parts = list(parts)
        self.content_type = f'multipart/related; type="{media_type}"; boundary={self._boundary}'

    @property
    def length(self) -> int | None:
        """None where a part does not know its own."""
        total = len(self._tail)
        for part in self._parts:
            if part.length is None:
                return None
            total += len(self._head(part)) + part.length
        return total - 2

    def __iter__(self) -> Iterator[bytes]:
        for place, part in enumerate(self._parts):
            head = self._head(part)
            yield head if place else head[2:]
            yield from part.read()
        yield self._tail

    def _head(self, part: OutgoingPart) -> bytes:
        return f"\r\n--{self._boundary}\r\nContent-Type: {part.content_type}\r\n\r\n".encode()

    @property
    def _tail(self) -> bytes:
        return f"\r\n--{self._boundary}--\r\n".encode()
