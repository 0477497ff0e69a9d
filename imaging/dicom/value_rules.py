"""Which bytes may be the value of a kept attribute.

A value that follows the rules of its VR to the letter leaves no room for prose; what does not
follow them is dropped as if it were missing.

References
----------
DICOM PS3.5 section 6.2 (value representations).
"""

import re
import struct

from pydicom.datadict import dictionary_has_tag
from pydicom.dataelem import RawDataElement

from .element_values import binary_numbers
from .identifiers import Identifiers
from .kept_attributes import KeptAttribute

MAX_VALUE_BYTES = 65534
"""Longest value of a kept element, sequences apart; what is longer is not what it says."""

MAX_MAGNITUDE = 1e5
"""Largest number in a kept binary element: no length in mm, time in ms or index is larger.

Eight letters read as a double are at least 524,288, four letters read as an integer at least
5e8.
"""

MIN_MAGNITUDE = 1e-30
"""Smallest number but zero: rounding leaves 1e-17, digits and blanks at most 1e-31."""

MAX_DIGITS = 7
"""Most digits before the point of a kept number in letters.

Exposure in microampere seconds needs 7. A date has 8, a telephone number more.
"""

TEXT_VRS = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "SH", "TM", "UI"})
_DATE_VRS = frozenset({"DA", "DT"})
BINARY_SIZES = {"US": 2, "SS": 2, "UL": 4, "SL": 4, "FL": 4, "FD": 8, "AT": 4}

_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3])(?:[0-5][0-9](?:(?:[0-5][0-9]|60)(?:\.[0-9]{1,6})?)?)?"
_FIRST_DIGITS = re.compile(r"[0-9]*")


VALUE_OF_VR = {
    "DS": re.compile(
        rf"[+-]?0*(?:[0-9]{{1,{MAX_DIGITS}}}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{{1,3}})?"
    ),
    "IS": re.compile(rf"[+-]?0{{0,11}}[0-9]{{1,{MAX_DIGITS}}}"),
    "DA": re.compile(rf"[0-9]{{4}}{_MONTH}{_DAY}"),
    "TM": re.compile(_TIME),
    "DT": re.compile(rf"[0-9]{{4}}(?:{_MONTH}(?:{_DAY}(?:{_TIME})?)?)?(?:[+-][0-9]{{4}})?"),
}
"""What one component looks like without the blanks around it; an empty one is no fault."""

MAX_COMPONENT = 32
"""Longest component in characters; 16 for a number by the standard, more in practice."""


def too_many(kept: KeptAttribute, value: bytes) -> bool:
    """Whether a text has more components than the VM of its attribute allows."""
    return kept.max_values is not None and value.count(b"\\") >= kept.max_values


def binary_stays(kept: KeptAttribute, element: RawDataElement) -> bool:
    """Whether bytes are numbers this attribute may have, and not letters in disguise.

    A tag must be a public one.
    """
    value = element.value or b""
    count, rest = divmod(len(value), BINARY_SIZES[element.VR or "US"])
    if rest or not count or (kept.max_values is not None and count > kept.max_values):
        return False
    if element.VR == "AT":
        order = "<" if element.is_little_endian else ">"
        halves = struct.unpack(f"{order}{2 * count}H", value)
        return all(
            dictionary_has_tag((group << 16) | number)
            for group, number in zip(halves[::2], halves[1::2], strict=True)
        )
    if element.VR in ("FD", "FL", "UL", "SL"):
        found = binary_numbers(element)
        return bool(found) and all(
            number == 0 or MIN_MAGNITUDE <= abs(number) <= MAX_MAGNITUDE for number in found
        )
    return True


def number_or_date_stays(vr: str, value: bytes, identifiers: Identifiers) -> bool:
    """Whether a DS, IS, DA, TM or DT follows the rules of its VR and is no identifier."""
    parts = value.decode("latin-1").removesuffix("\0").split("\\")
    # the length comes first: nothing is matched that is long enough to keep a pattern busy
    if any(len(part) > MAX_COMPONENT for part in parts):
        return False
    found = [stripped for part in parts if (stripped := part.strip(" "))]
    if not all(VALUE_OF_VR[vr].fullmatch(part) for part in found):
        return False
    return not any(_names_somebody(vr, part, identifiers) for part in found)


def _names_somebody(vr: str, text: str, identifiers: Identifiers) -> bool:
    if vr in _DATE_VRS:
        return identifiers.is_birth_date(text)
    # "+4711.0" is as good a patient number as "4711"
    first = _FIRST_DIGITS.match(text.lstrip("+-"))
    digits = first[0] if first else ""
    return identifiers.equals_number(digits) or identifiers.is_birth_date(digits)
