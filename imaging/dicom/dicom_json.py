"""The header of a stored file in the DICOM JSON Model.

Most elements of a series are the same in every slice, so each is put into words once and
remembered. Written from the raw values: what is malformed is left out, never an exception.

References
----------
DICOM PS3.18 annex F.
"""

import base64
import json
import struct
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset

from .element_values import LONGEST_REMEMBERED, binary_numbers, decimal, first_text, integer
from .elements import PIXEL_DATA, base_tag
from .loading import load_header

ADDRESS = "\x01"
"""Stands in the text for the address of the service; no JSON can contain it otherwise."""

FORMAT = 1
"""Goes up when the same header is written differently from now on."""

_TEXT_VRS = frozenset(("AE", "AS", "CS", "DA", "DT", "LO", "SH", "TM", "UC", "UI"))
_LONG_TEXT_VRS = frozenset(("LT", "ST", "UT", "UR"))
_BINARY_VRS = frozenset(("US", "SS", "UL", "SL", "FL", "FD"))
_NUMBER_VRS = frozenset(("DS", "IS"))
_NAME_GROUPS = ("Alphabetic", "Ideographic", "Phonetic")


def header_json(source: Path) -> str:
    """One object on one line: every element before the pixels, and where the pixels are.

    Raises
    ------
    DicomError
        The file cannot be read.
    """
    loaded = load_header(source)
    dataset = loaded.dataset
    study, series, instance = (
        first_text(dataset, tag) or "" for tag in (0x0020000D, 0x0020000E, 0x00080018)
    )
    address = f"{ADDRESS}/studies/{study}/series/{series}/instances/{instance}"
    elements = dict(_elements(dataset))
    elements[0x00081190] = f'"00081190":{{"vr":"UR","Value":["{address}"]}}'
    elements[0x00083002] = f'"00083002":{{"vr":"UI","Value":["{loaded.transfer_syntax_uid}"]}}'
    long = not loaded.encapsulated and (integer(dataset, 0x00280100) or 0) > 8
    elements[PIXEL_DATA] = (
        f'"7FE00010":{{"vr":"{"OW" if long else "OB"}",'
        f'"BulkDataURI":"{address}/bulkdata/7FE00010"}}'
    )
    return "{" + ",".join(elements[tag] for tag in sorted(elements)) + "}"


def _elements(dataset: Dataset) -> list[tuple[int, str]]:
    return [
        (int(tag), _member(element))
        for tag, element in dataset._dict.items()
        if int(tag) & 0xFFFF  # group lengths are no part of the model
    ]


def _member(element: DataElement | RawDataElement) -> str:
    tag, vr = int(element.tag), element.VR or "UN"
    if not isinstance(element, RawDataElement):
        items = ",".join("{" + ",".join(_ordered(item)) + "}" for item in element.value)
        return f'"{tag:08X}":{{"vr":"SQ","Value":[{items}]}}' if items else _empty(tag, "SQ")
    value = element.value or b""
    write = _remembered if len(value) <= LONGEST_REMEMBERED else _written
    return write(tag, vr, value, element.is_little_endian)


def _ordered(dataset: Dataset) -> list[str]:
    return [text for _, text in sorted(_elements(dataset))]


def _empty(tag: int, vr: str) -> str:
    return f'"{tag:08X}":{{"vr":"{vr}"}}'


def _written(tag: int, vr: str, value: bytes, little_endian: bool) -> str:
    if vr not in _KNOWN_VRS:
        inline = base64.b64encode(value).decode("ascii")
        return (
            f'"{tag:08X}":{{"vr":"{vr}","InlineBinary":"{inline}"}}' if value else _empty(tag, vr)
        )
    values = _values(tag, vr, value, little_endian)
    if all(one is None for one in values):
        return _empty(tag, vr)
    text = json.dumps(values, allow_nan=False, separators=(",", ":"))
    return f'"{tag:08X}":{{"vr":"{vr}","Value":{text}}}'


_KNOWN_VRS = _TEXT_VRS | _LONG_TEXT_VRS | _BINARY_VRS | _NUMBER_VRS | {"AT", "PN"}
_remembered = lru_cache(maxsize=16384)(_written)


def _values(tag: int, vr: str, value: bytes, little_endian: bool) -> list[Any]:
    """The components; None where one is empty (F.2.5)."""
    if vr in _BINARY_VRS:
        raw = RawDataElement(base_tag(tag), vr, len(value), value, 0, False, little_endian)
        return list(binary_numbers(raw))
    if vr == "AT":
        order = "<" if little_endian else ">"
        numbers = struct.unpack(f"{order}{len(value) // 4 * 2}H", value[: len(value) // 4 * 4])
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        return [f"{group:04X}{element:04X}" for group, element in pairs]
    text = value.decode("utf-8", "replace").rstrip("\0 ")
    if vr in _LONG_TEXT_VRS:
        return [text or None]
    parts = [part.strip(" ") for part in text.split("\\")]
    if vr == "PN":
        return [_name(part) for part in parts]
    if vr in _NUMBER_VRS:
        return [_number(part, whole=vr == "IS") for part in parts]
    return [part or None for part in parts]


def _name(part: str) -> dict[str, str] | None:
    groups = zip(_NAME_GROUPS, part.split("="), strict=False)
    return {name: group for name, group in groups if group} or None


def _number(part: str, *, whole: bool) -> float | str | None:
    """A number where it is one; what a scanner wrote instead stays text (F.2.3.1)."""
    found = decimal(part)
    if found is None:
        return part or None
    return int(found) if whole and found.is_integer() else found
