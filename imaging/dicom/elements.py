"""The byte-level walk over DICOM elements, done before any library parses them.

A declared length is believed only after it has been compared with the bytes there are,
nesting and number of elements are bounded, and nothing is inflated or decoded.

References
----------
DICOM PS3.5 section 7 (data set, encapsulated data), section 6.2.2 (VR UN).
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn, Protocol

from pydicom.datadict import dictionary_VR, keyword_for_tag
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from .errors import (
    DicomError,
    MalformedDicomError,
    NestingTooDeepError,
    TooManyElementsError,
    TruncatedElementError,
    TruncatedPixelDataError,
)

MAX_DEPTH = 16
"""Deepest nesting of sequences; an Enhanced CT needs 4."""

MAX_ELEMENTS = 50_000
"""Most elements and items in one header, nested ones included."""

MAX_FRAGMENTS = 50_000
"""Most fragments of encapsulated pixel data."""

PIXEL_DATA = 0x7FE00010
ANY_GROUP = -1
ITEM = 0xFFFEE000
ITEM_DELIMITATION = 0xFFFEE00D
SEQUENCE_DELIMITATION = 0xFFFEE0DD
UNDEFINED_LENGTH = 0xFFFFFFFF

SHORT_VRS = frozenset(
    b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split()  # 16 bit length
)
LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())  # 32 bit length
KNOWN_VRS = SHORT_VRS | LONG_VRS

_VR_NAMES = {vr: vr.decode("ascii") for vr in KNOWN_VRS}


class Buffer(Protocol):
    """bytes or a memory map."""

    def __getitem__(self, key: slice, /) -> bytes: ...
    def __len__(self) -> int: ...


def describe(tag: int) -> str:
    """``(0028,0010) Rows``: tag and keyword for a message, never a value."""
    return f"({tag >> 16:04X},{tag & 0xFFFF:04X}) {keyword_for_tag(tag)}".rstrip()


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a data set is written down: byte order, and whether VRs are spelled out."""

    implicit_vr: bool
    little_endian: bool


@dataclass(slots=True)
class Budget:
    """How many elements and items may still come."""

    left: int = MAX_ELEMENTS

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooManyElementsError


class Walker:
    """Walks the elements of one file.

    Parameters
    ----------
    buffer
        The whole file.
    encoding
        Of the data set; elements inside a VR UN sequence are always implicit little endian.

    Attributes
    ----------
    marks
        Of each element met at the top: where it begins, and how many might come from it on.
    """

    def __init__(self, buffer: Buffer, encoding: Encoding, budget: Budget) -> None:
        order = "<" if encoding.little_endian else ">"
        self._buffer = buffer
        self._encoding = encoding
        self._budget = budget
        self.marks: list[tuple[int, int]] = []
        self._tag: Callable[[Any, int], tuple[Any, ...]] = struct.Struct(order + "HH").unpack_from
        self._head: Callable[[Any, int], tuple[Any, ...]] = struct.Struct(
            order + "HH2sH"
        ).unpack_from
        self._length: Callable[[Any, int], tuple[Any, ...]] = struct.Struct(order + "I").unpack_from

    def dataset(
        self,
        offset: int,
        end: int,
        *,
        depth: int = 0,
        delimited: bool = False,
        group: int = ANY_GROUP,
    ) -> tuple[Dataset, int, tuple[str, int] | None]:
        """Walk elements from `offset` to `end`.

        `delimited` walks to an item delimitation; `group` stops before another group.

        Returns
        -------
        The data set; the offset behind it; VR and declared length when the walk stopped at
        a top-level Pixel Data, whose value then begins at that offset.
        """
        if depth > MAX_DEPTH:
            raise NestingTooDeepError
        dataset = new_dataset(self._encoding)
        elements = plain_elements(dataset)
        group_bytes = group.to_bytes(2, "little", signed=True)
        implicit, little = self._encoding.implicit_vr, self._encoding.little_endian
        while offset < end:
            if group != ANY_GROUP and self._buffer[offset : offset + 2] != group_bytes:
                return dataset, offset, None
            if depth == 0:
                self.marks.append((offset, self._budget.left))
            tag, vr, length, value_at = self._element_head(offset, end)
            if delimited and tag == ITEM_DELIMITATION:
                return dataset, value_at, None
            if tag >> 16 == 0xFFFE:
                raise MalformedDicomError(f"{describe(tag)} out of place")
            self._budget.take()
            if tag == PIXEL_DATA and depth == 0:
                return dataset, value_at, (vr, length)
            if tag in elements:
                raise MalformedDicomError(f"{describe(tag)} occurs twice")
            if length == UNDEFINED_LENGTH or vr == "SQ":
                elements[tag], offset = self._sequence(tag, vr, value_at, length, end, depth)
                continue
            offset = value_at + length
            if offset > end:
                raise TruncatedElementError(describe(tag))
            elements[tag] = RawDataElement(
                base_tag(tag), vr, length, self._buffer[value_at:offset], value_at, implicit, little
            )
        if delimited:
            raise TruncatedElementError("item delimitation missing")
        return dataset, offset, None

    def sequence(self, offset: int, end: int) -> tuple[int, DataElement | RawDataElement, int]:
        """The sequence that begins at `offset` at the top: tag, element, offset behind it.

        Raises
        ------
        DicomError
            There is none.
        """
        tag, vr, length, value_at = self._element_head(offset, end)
        if tag == PIXEL_DATA or (length != UNDEFINED_LENGTH and vr != "SQ"):
            raise MalformedDicomError(f"{describe(tag)} is no sequence")
        self._budget.take()
        return (tag, *self._sequence(tag, vr, value_at, length, end, 0))

    def _element_head(self, offset: int, end: int) -> tuple[int, str, int, int]:
        """Tag, VR, declared length and offset of the value of the element at `offset`."""
        if end - offset < 8:
            _truncated(offset)
        group, number, vr, length = self._head(self._buffer, offset)
        tag = (group << 16) | number
        if self._encoding.implicit_vr or group == 0xFFFE:
            return tag, _dictionary_vr(tag), self._length(self._buffer, offset + 4)[0], offset + 8
        if vr in SHORT_VRS:
            return tag, _VR_NAMES[vr], length, offset + 8
        if vr not in LONG_VRS:
            raise MalformedDicomError(f"{describe(tag)} has no known VR")
        if end - offset < 12:
            _truncated(offset)
        return tag, _VR_NAMES[vr], self._length(self._buffer, offset + 8)[0], offset + 12

    def _sequence(
        self, tag: int, vr: str, value_at: int, length: int, end: int, depth: int
    ) -> tuple[DataElement | RawDataElement, int]:
        """A sequence, or an icon's encapsulated pixels; returns the offset behind it too."""
        if tag == PIXEL_DATA and length == UNDEFINED_LENGTH:
            # nested pixels are never kept, so an empty value stands for them
            little = self._encoding.little_endian
            icon = RawDataElement(base_tag(tag), "OB", 0, b"", value_at, False, little)
            return icon, self.fragments(value_at, end)[0]
        if length != UNDEFINED_LENGTH:
            if value_at + length > end:
                raise TruncatedElementError(describe(tag))
            items, end = self._items(value_at, value_at + length, depth=depth, delimited=False)
            return DataElement(base_tag(tag), "SQ", Sequence(items)), end
        walker = self
        if vr == "UN":
            # PS3.5 section 6.2.2: such items are implicit little endian
            walker = Walker(self._buffer, Encoding(True, True), self._budget)
        elif vr != "SQ":
            raise MalformedDicomError(f"{describe(tag)} has undefined length")
        items, end = walker._items(value_at, end, depth=depth, delimited=True)
        return DataElement(base_tag(tag), "SQ", Sequence(items)), end

    def _items(
        self, offset: int, end: int, *, depth: int, delimited: bool
    ) -> tuple[list[Dataset], int]:
        items: list[Dataset] = []
        while offset < end:
            if end - offset < 8:
                _truncated(offset)
            group, number = self._tag(self._buffer, offset)
            tag = (group << 16) | number
            (length,) = self._length(self._buffer, offset + 4)
            offset += 8
            if delimited and tag == SEQUENCE_DELIMITATION:
                return items, offset
            if tag != ITEM:
                raise MalformedDicomError(f"{describe(tag)} where an item should begin")
            self._budget.take()
            walker = self._for_item(offset)
            if length == UNDEFINED_LENGTH:
                item, offset, _ = walker.dataset(offset, end, depth=depth + 1, delimited=True)
            elif offset + length > end:
                raise TruncatedElementError("sequence item")
            else:
                item, offset, _ = walker.dataset(offset, offset + length, depth=depth + 1)
            items.append(item)
        if delimited:
            raise TruncatedElementError("sequence delimitation missing")
        return items, offset

    def _for_item(self, offset: int) -> "Walker":
        """Some writers leave out the VRs within the items of an otherwise explicit file."""
        if self._encoding.implicit_vr or not looks_implicit(self._buffer, offset):
            return self
        return Walker(self._buffer, Encoding(True, self._encoding.little_endian), self._budget)

    def fragments(
        self, offset: int, end: int, error: type[DicomError] = TruncatedPixelDataError
    ) -> tuple[int, int]:
        """Walk encapsulated pixel data from its Basic Offset Table to its delimitation.

        Returns
        -------
        Offset behind the sequence delimitation item; number of fragments, the table not
        counted.
        """
        count = -1
        while end - offset >= 8:
            group, number = self._tag(self._buffer, offset)
            tag = (group << 16) | number
            (length,) = self._length(self._buffer, offset + 4)
            offset += 8
            if tag == SEQUENCE_DELIMITATION:
                return offset, max(count, 0)
            if tag != ITEM or length == UNDEFINED_LENGTH:
                raise MalformedDicomError(f"{describe(PIXEL_DATA)} fragments")
            offset += length
            count += 1
            if count > MAX_FRAGMENTS:
                raise TooManyElementsError("fragments")
        raise error(f"{describe(PIXEL_DATA)} fragments")


def looks_implicit(buffer: Buffer, offset: int) -> bool:
    """Whether the element at `offset` spells out no VR."""
    return buffer[offset + 4 : offset + 6] not in KNOWN_VRS


def _dictionary_vr(tag: int) -> str:
    if tag & 0xFFFF == 0:
        return "UL"
    if (tag >> 16) & 1:
        return "UN"
    try:
        return dictionary_VR(tag)
    except KeyError:
        return "UN"


def _truncated(offset: int) -> NoReturn:
    raise TruncatedElementError(f"the last element begins at byte {offset}")


base_tag = lru_cache(maxsize=16384)(BaseTag)
"""The tag as pydicom wants it in an element, made once."""


def new_dataset(encoding: Encoding) -> Dataset:
    """An empty data set that is written down like this."""
    dataset = Dataset()
    dataset.set_original_encoding(encoding.implicit_vr, encoding.little_endian, "iso8859")
    return dataset


def plain_elements(dataset: Dataset) -> dict[int, DataElement | RawDataElement]:
    """The elements of a data set by tag as a plain number.

    pydicom finds them all the same; its own keys compare in Python, ten times more slowly.
    """
    return dataset._dict  # type: ignore[return-value]


def encode(dataset: Dataset, encoding: Encoding) -> bytes:
    """Write a data set of raw elements and sequences, in ascending order of tags.

    Raw values are written as they are, so they must be in the byte order of `encoding`;
    sequences and items get defined lengths. Values of odd length get a padding byte.
    """
    return b"".join(
        encode_element(element, encoding) for _, element in sorted(dataset._dict.items())
    )


def encode_element(element: DataElement | RawDataElement, encoding: Encoding) -> bytes:
    """Write one raw element or sequence."""
    order = "<" if encoding.little_endian else ">"
    vr = element.VR or "UN"
    if isinstance(element, RawDataElement):
        value = element.value or b""
        if len(value) % 2:
            value += b"\0" if vr in ("UI", "OB", "UN") else b" "
    else:
        items = [encode(item, encoding) for item in element.value]
        value = b"".join(
            struct.pack(order + "HHI", 0xFFFE, 0xE000, len(item)) + item for item in items
        )
    group, number = element.tag >> 16, element.tag & 0xFFFF
    if encoding.implicit_vr:
        return struct.pack(order + "HHI", group, number, len(value)) + value
    code = vr.encode("ascii")
    if code in SHORT_VRS:
        return struct.pack(order + "HH2sH", group, number, code, len(value)) + value
    return struct.pack(order + "HH2sHI", group, number, code, 0, len(value)) + value
