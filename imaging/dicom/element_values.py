"""Values of elements, read leniently: what is malformed is absent, never an exception.

pydicom converts and validates a value when it is touched, which costs twenty times more
than what is needed here and raises on values that occur in real headers. The mapping behind a
data set (`_dict`) is read directly, because every public way in converts.
"""

import math
import re
import struct
from datetime import date, time
from functools import lru_cache
from typing import Any

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset

from .elements import plain_elements

_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,12}")
_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"([0-9]{2})([0-9]{2})?([0-9]{2})?(?:\.([0-9]{1,6}))?")
LONGEST_REMEMBERED = 256
"""Bytes of a value that is read once for all files; senders must not fill the memory."""

_BINARY_FORMATS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "FL": "f", "FD": "d"}


def element_of(dataset: Dataset, tag: int) -> Any:
    """The DataElement or RawDataElement as it was read; None when it is absent."""
    return plain_elements(dataset).get(tag)


def items(dataset: Dataset, tag: int) -> list[Dataset]:
    """The items of a sequence; [] when it is absent or no sequence."""
    element = element_of(dataset, tag)
    return list(element.value) if element is not None and element.VR == "SQ" else []


def texts(dataset: Dataset, tag: int) -> tuple[str, ...]:
    """The components of a text element without padding; () when it is absent."""
    element = element_of(dataset, tag)
    if element is None:
        return ()
    value = element.value
    if isinstance(element, RawDataElement) and isinstance(value, bytes):
        if len(value) <= LONGEST_REMEMBERED:
            return _remembered_components(value, element.VR)
        return components(value, element.VR)
    if value is None or value == "":
        return ()
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return (str(value),)
    return tuple(str(part) for part in value)


def components(value: bytes, vr: str | None) -> tuple[str, ...]:
    """The components of the bytes of a text element without padding."""
    return tuple([part.strip(" ") for part in _text(value, vr).split("\\")])


def _text(value: bytes, vr: str | None) -> str:
    text = value.decode("latin-1")
    if vr == "UI":
        # PS3.5 section 6.2 pads with one NUL; scanners pad with blanks and with several NULs,
        # too. A blank anywhere else is an error to be seen.
        return text.rstrip("\0 ").replace(" ", "_")
    return text.rstrip("\0 ")


_remembered_components = lru_cache(maxsize=4096)(components)


def raw_bytes(dataset: Dataset, tag: int) -> bytes:
    """The bytes of an element; b"" when it is absent, empty or a sequence."""
    element = element_of(dataset, tag)
    value = element.value if isinstance(element, RawDataElement) else None
    return value if isinstance(value, bytes) else b""


def first_text(dataset: Dataset, tag: int) -> str | None:
    """The first component; None when absent or empty."""
    values = texts(dataset, tag)
    return values[0] if values and values[0] else None


def decimal(text: str) -> float | None:
    """A decimal string; None when it is not one or not finite."""
    if not _DECIMAL.fullmatch(text.strip(" ")):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def numbers(dataset: Dataset, tag: int) -> tuple[float, ...] | None:
    """All components of a numeric element; None when one is missing or malformed."""
    element = element_of(dataset, tag)
    if element is None:
        return None
    if isinstance(element, RawDataElement) and element.VR in _BINARY_FORMATS:
        found = binary_numbers(element)
        return tuple(float(number) for number in found) if found else None
    return _decimals(texts(dataset, tag))


@lru_cache(maxsize=4096)
def _decimals(parts: tuple[str, ...]) -> tuple[float, ...] | None:
    parsed = [decimal(text) for text in parts]
    if not parsed or any(number is None for number in parsed):
        return None
    return tuple(number for number in parsed if number is not None)


def binary_numbers(element: RawDataElement) -> tuple[float, ...]:
    """The numbers of a binary element; () when its length does not fit or one is not finite."""
    value = element.value or b""
    numbers_of = _remembered_numbers if len(value) <= LONGEST_REMEMBERED else _numbers
    return numbers_of(value, element.VR or "", element.is_little_endian)


def _numbers(value: bytes, vr: str, little_endian: bool) -> tuple[float, ...]:
    letter = _BINARY_FORMATS.get(vr)
    if letter is None or len(value) % struct.calcsize("<" + letter):
        return ()
    order = "<" if little_endian else ">"
    found = struct.unpack(f"{order}{len(value) // struct.calcsize('<' + letter)}{letter}", value)
    return found if all(math.isfinite(number) for number in found) else ()


_remembered_numbers = lru_cache(maxsize=4096)(_numbers)


def number(dataset: Dataset, tag: int) -> float | None:
    """The first component of a numeric element; None when missing or malformed."""
    found = numbers(dataset, tag)
    return found[0] if found else None


def integer(dataset: Dataset, tag: int) -> int | None:
    """The first component of an integer element; None when missing or malformed."""
    element = element_of(dataset, tag)
    if element is None:
        return None
    if isinstance(element, RawDataElement) and element.VR in _BINARY_FORMATS:
        found = binary_numbers(element)
        return int(found[0]) if found else None
    text = first_text(dataset, tag)
    if text is None or not _INTEGER.fullmatch(text):
        return None
    whole = int(text)
    return whole if -(2**31) <= whole < 2**31 else None


def date_of(text: str | None) -> date | None:
    """A DA value; None when it is no day of the calendar."""
    match = _DATE.fullmatch(text or "")
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def time_of(text: str | None) -> time | None:
    """A TM value; None when it is no time of the day."""
    match = _TIME.fullmatch(text or "")
    if match is None:
        return None
    hour, minute, second, fraction = match.groups()
    try:
        return time(
            int(hour),
            int(minute or 0),
            int(second or 0),
            int((fraction or "0").ljust(6, "0")),
        )
    except ValueError:
        return None
