"""Which part of something was asked for.

References
----------
RFC 9110 14.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

from imaging.dicomweb.refusal import RefusedError

_ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@dataclass(frozen=True)
class ByteRange:
    """From `first` to `last`, both included."""

    first: int
    last: int
    size_bytes: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def content_range(self) -> str:
        return f"bytes {self.first}-{self.last}/{self.size_bytes}"


def byte_range(header: str | None, *, size_bytes: int) -> ByteRange | None:
    """The range to send; None for all of it, as for several ranges or one in another unit.

    Raises
    ------
    RefusedError
        416: it lies outside.
    """
    found = _ONE_RANGE.fullmatch((header or "").strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size_bytes - int(last)), size_bytes - 1
        wanted = int(last)
    else:
        start, end = int(first), min(int(last), size_bytes - 1) if last else size_bytes - 1
        if last and int(last) < start:
            return None
        wanted = size_bytes - start
    if wanted <= 0 or not size_bytes:
        raise RefusedError(
            HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
            f"There are {size_bytes} bytes; the range lies behind them.",
            headers={"Content-Range": f"bytes */{size_bytes}"},
        )
    return ByteRange(first=start, last=end, size_bytes=size_bytes)
