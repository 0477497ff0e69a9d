"""Compressed pixels at intake: can they be shown, and does anything beside them name somebody.

They are stored byte for byte, so a comment inside them that names the patient cannot be taken
out; such a file is kept apart.
"""

import re
from collections.abc import Iterable

from .code_streams import examine
from .element_values import integer
from .errors import ResidualIdentifierError
from .identifiers import MIN_NUMBER, Identifiers
from .source_instance import SourceInstance

MIN_WORD_IN_BYTES = 4
"""Shortest word looked for: three letters occur in binary segments by chance."""

_DIGITS = re.compile(r"[0-9]+")


def check(source: SourceInstance, identifiers: Identifiers) -> str | None:
    """Look at the code streams of an accepted, encapsulated image.

    Returns
    -------
    Why its frames cannot be shown; None when nothing is known against it.

    Raises
    ------
    ResidualIdentifierError
        A comment, an application segment or what follows a code stream repeats an identifier
        of the header.
    """
    if not source.encapsulated:
        return None
    dataset = source.dataset
    with (
        memoryview(source.content) as whole,
        whole[source.pixel_offset : source.pixel_offset + source.pixel_length] as pixels,
    ):
        found = examine(
            _Window(pixels),
            transfer_syntax_uid=source.transfer_syntax_uid,
            frames=source.frames,
            rows=integer(dataset, 0x00280010) or 0,
            columns=integer(dataset, 0x00280011) or 0,
            samples=integer(dataset, 0x00280002) or 0,
            bytes_per_sample=(integer(dataset, 0x00280100) or 0) // 8,
        )
    if names_somebody(identifiers, found.texts):
        raise ResidualIdentifierError("comment in the compressed pixels")
    return found.fault


class _Window:
    """Bytes of the file, copied only where they are looked at."""

    def __init__(self, view: memoryview) -> None:
        self._view = view

    def __getitem__(self, key: slice, /) -> bytes:
        return bytes(self._view[key])

    def __len__(self) -> int:
        return len(self._view)


def names_somebody(identifiers: Identifiers, texts: Iterable[bytes]) -> bool:
    """Whether one of these texts repeats a word, a number or the birth date of the header."""
    words = [word for word in identifiers.words if len(word) >= MIN_WORD_IN_BYTES]
    for text in texts:
        for spelling in _spellings(text):
            if any(word in spelling for word in words):
                return True
            for digits in _DIGITS.findall(spelling):
                if len(digits) >= MIN_NUMBER and any(
                    number in digits
                    for number in (*identifiers.numbers, *identifiers.birth_dates)
                    if len(number) >= MIN_NUMBER
                ):
                    return True
    return False


def _spellings(text: bytes) -> tuple[str, ...]:
    """As one byte per character, and without the NUL bytes of UTF-16."""
    upper = text.decode("latin-1").upper()
    return (upper, upper.replace("\0", "")) if "\0" in upper else (upper,)
