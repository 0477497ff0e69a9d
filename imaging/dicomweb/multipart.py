"""Take a multipart body apart while it streams in, in memory that does not depend on its size.

Delimiters are searched in large pieces; a part is handed on as it comes and never held.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

READ_BYTES = 512 * 1024
MOST_PARTS = 20_000
LONGEST_HEADERS = 8 * 1024
LONGEST_PADDING = 128
LONGEST_PREAMBLE = 64 * 1024
"""Also of the epilogue: nothing in either is ever used."""

_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_PADDING = b" \t"


class MultipartError(Exception):
    """The body is not what its headers announced; the message says what is wrong."""


class MalformedMultipartError(MultipartError):
    """The body breaks the rules of RFC 2046."""


class MultipartTooLargeError(MultipartError):
    """The body exceeds a limit."""


@dataclass(frozen=True)
class Part:
    """One part: its headers by lower-case name, and its bytes, to be read once and in order."""

    headers: dict[str, str]
    chunks: Iterator[memoryview]


class Multipart:
    """A body in parts.

    Parameters
    ----------
    read
        Gives at most so many bytes, and none once the body has ended.
    boundary
        Without the leading hyphens.

    References
    ----------
    RFC 2046 5.1.1. A line that begins with the delimiter is one, whatever follows; if neither the
    end of the line nor the closing hyphens do, the body is refused.
    """

    def __init__(self, read: Callable[[int], bytes], *, boundary: bytes) -> None:
        self._read = read
        self._delimiter = b"\r\n--" + boundary
        # The first delimiter may stand at the very start, as if a line had just ended.
        self._data = b"\r\n"
        self._at = 0

    def parts(self) -> Iterator[Part]:
        """Each part in turn; what the caller leaves unread of one is skipped.

        Raises
        ------
        MalformedMultipartError, MultipartTooLargeError
            When the parts are asked for or while their bytes are read. A part is complete only
            once its bytes ended without an error.
        """
        self._skip(self._body(), most=LONGEST_PREAMBLE, what="before the first part")
        number = 0
        while not self._closed():
            number += 1
            if number > MOST_PARTS:
                raise MultipartTooLargeError(f"The body has more than {MOST_PARTS} parts.")
            body = self._body()  # begins to read when it is first asked: after the headers
            yield Part(headers=self._headers(), chunks=body)
            for _ in body:
                pass
        self._skip(self._rest(), most=LONGEST_PREAMBLE, what="after the last part")

    def _body(self) -> Iterator[memoryview]:
        """Everything before the next delimiter, which is passed over."""
        keep = len(self._delimiter) - 1
        while (end := self._data.find(self._delimiter, self._at)) < 0:
            safe = max(self._at, len(self._data) - keep)
            if safe > self._at:
                yield memoryview(self._data)[self._at : safe]
            self._at = safe
            self._more()
        if end > self._at:
            yield memoryview(self._data)[self._at : end]
        self._at = end + len(self._delimiter)

    def _closed(self) -> bool:
        """Read the rest of a delimiter line; whether it was the closing one."""
        while len(self._data) - self._at < 2:
            self._more()
        if self._data.startswith(b"--", self._at):
            self._at += 2
            return True
        padding = 0
        while True:
            rest = self._data[self._at : self._at + LONGEST_PADDING + 2]
            padding = len(rest) - len(rest.lstrip(_PADDING))
            if len(rest) >= padding + 2 or padding > LONGEST_PADDING:
                break
            self._more()
        if rest[padding : padding + 2] != b"\r\n":
            raise MalformedMultipartError(
                "The boundary is followed by something else than the end of the line: it also "
                "occurs inside a part, or the parts are not separated as RFC 2046 says."
            )
        # The line end stays: it is the first half of the empty line where no header follows.
        self._at += padding
        return False

    def _headers(self) -> dict[str, str]:
        while (end := self._data.find(b"\r\n\r\n", self._at, self._at + LONGEST_HEADERS)) < 0:
            if len(self._data) - self._at >= LONGEST_HEADERS:
                raise MalformedMultipartError(
                    f"The headers of a part do not end within {LONGEST_HEADERS} bytes."
                )
            self._more()
        lines = self._data[self._at : end].split(b"\r\n")[1:]
        # A part without content may end with the line end of its own empty line.
        while len(self._data) < end + 2 + len(self._delimiter):
            at = self._at
            self._more()
            end -= at
        self._at = end + 2
        if not self._data.startswith(self._delimiter, self._at):
            self._at += 2
        headers = {}
        for line in lines:
            name, colon, value = line.partition(b":")
            if not colon or _NAME.fullmatch(name) is None or b"\r" in value or b"\n" in value:
                raise MalformedMultipartError("A part has a line among its headers that is none.")
            headers[name.decode("ascii").lower()] = value.strip().decode("latin-1")
        return headers

    def _rest(self) -> Iterator[memoryview]:
        yield memoryview(self._data)[self._at :]
        while chunk := self._read(READ_BYTES):
            yield memoryview(chunk)

    def _more(self) -> None:
        chunk = self._read(READ_BYTES)
        if not chunk:
            raise MalformedMultipartError("The body ends before its closing boundary.")
        self._data = self._data[self._at :] + chunk
        self._at = 0

    @staticmethod
    def _skip(chunks: Iterator[memoryview], *, most: int, what: str) -> None:
        skipped = 0
        for chunk in chunks:
            skipped += len(chunk)
            if skipped > most:
                raise MalformedMultipartError(f"More than {most} bytes stand {what}.")
