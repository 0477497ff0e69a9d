"""The values of a header as text, for a person who compares or checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from .character_sets import text_of
from .element_values import binary_numbers, raw_bytes
from .loading import load_header
from .value_rules import BINARY_SIZES, TEXT_VRS

LONGEST_VALUE = 200
"""Characters; the rest of a longer value is left out, visibly."""
LONG_TEXT_VRS = frozenset({"LT", "PN", "ST", "UC", "UR", "UT"})
MOST_VALUES = 4000
"""An enhanced image repeats its groups for each frame: nobody reads more."""

_CHARACTER_SET = 0x00080005


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """One element: its path as in a manifest, such as ``(0018,9346)[].(0008,0100)``."""

    path: str
    keyword: str
    vr: str
    value: str


def header_values(
    source: Path, *, overridden: frozenset[str] = frozenset()
) -> tuple[HeaderValue, ...]:
    """Every element before the pixels, in the order of the file; items of a sequence in turn.

    Raises
    ------
    DicomError
        The file cannot be read.
    """
    loaded = load_header(source, overridden=overridden)
    found = []
    for value in _walk(loaded.dataset, "", b""):
        found.append(value)
        if len(found) == MOST_VALUES:
            break
    return tuple(found)


def _walk(dataset: Dataset, parent: str, declared: bytes) -> Iterator[HeaderValue]:
    declared = raw_bytes(dataset, _CHARACTER_SET) or declared
    for tag in sorted(dataset._dict):
        element = dataset._dict[tag]
        path = f"{parent}({tag >> 16:04X},{tag & 0xFFFF:04X})"
        items = element.value
        if element.VR == "SQ" and isinstance(items, Sequence):
            yield HeaderValue(path, keyword_for_tag(tag), "SQ", _count(len(items), "item"))
            for item in items:
                yield from _walk(item, f"{path}[].", declared)
        else:
            text = _text(element, declared)
            yield HeaderValue(path, keyword_for_tag(tag), element.VR or "", text)


def _text(element: RawDataElement | DataElement, declared: bytes) -> str:
    value = element.value
    if not isinstance(value, bytes):
        return "" if value is None else _bounded(str(value))
    if element.VR in TEXT_VRS or element.VR in LONG_TEXT_VRS:
        return _bounded(text_of(value, declared=declared).strip(" \0"))
    if element.VR in BINARY_SIZES and isinstance(element, RawDataElement):
        numbers = binary_numbers(element)
        if numbers:
            return _bounded("\\".join(f"{number:g}" for number in numbers))
    return _count(len(value), "byte") if value else ""


def _bounded(text: str) -> str:
    printable = "".join(character if character.isprintable() else " " for character in text)
    return printable if len(printable) <= LONGEST_VALUE else f"{printable[:LONGEST_VALUE]}…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
