"""What the headers of a series have in common, so that it is parsed and decided once.

A shape is a header cut at the elements that vary from slice to slice: the bytes between them, and
where each of them stands. A header that has the same bytes in between has the same elements but
for those that vary, so whatever follows from the others alone follows again. Nothing is guessed:
where a byte differs the header is walked as if there were no shape.
"""

import struct
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from pydicom.dataelem import DataElement, RawDataElement

from .elements import SHORT_VRS, Budget, Buffer, Encoding, Walker
from .errors import DicomError

MOST_SHAPES = 16
"""Series that one process remembers; several arrive at once."""

LONGEST_REMEMBERED = 128 * 1024
"""Bytes of a header; what a sender varies without end must not fill the memory."""

_META = Encoding(implicit_vr=False, little_endian=True)

SAME_IN_A_SERIES = (
    0x00020010,  # Transfer Syntax UID
    0x00080005,  # Specific Character Set
    0x00080016,  # SOP Class UID
    0x00080020,  # Study Date
    0x00080030,  # Study Time
    0x00080050,  # Accession Number
    0x00080070,  # Manufacturer
    0x00080090,  # Referring Physician's Name
    0x00100010,  # Patient's Name
    0x00100020,  # Patient ID
    0x00100030,  # Patient's Birth Date
    0x00100040,  # Patient's Sex
    0x00120062,  # Patient Identity Removed
    0x00120063,  # De-identification Method
    0x00120064,  # De-identification Method Code Sequence
    0x0020000D,  # Study Instance UID
    0x0020000E,  # Series Instance UID
    0x00200010,  # Study ID
    0x00200011,  # Series Number
    0x00280103,  # Pixel Representation
    0x00280303,  # Longitudinal Temporal Information Modified
    0x00400555,  # Acquisition Context Sequence
)
"""Elements that are never taken as varying: whose images they are, and what we write ourselves or
what has a say in the decision about others."""

Element = DataElement | RawDataElement
Elements = Mapping[int, Element]


@dataclass(frozen=True, slots=True)
class Header:
    """A header from its File Meta Information to the value of its pixels.

    Attributes
    ----------
    end
        Where the pixel value begins.
    pixels
        VR and declared length of the pixel data; None when there is none.
    elements_left
        How many more the file may have.
    marks
        `Walker.marks` of all elements and of the pixels; none when it was read with a shape.
    shape
        What it has in common with other headers of its series; None as long as none came.
    """

    encoding: Encoding
    meta: Elements
    elements: Elements
    end: int
    pixels: tuple[str, int] | None
    elements_left: int
    marks: Sequence[tuple[int, int]] = ()
    shape: "HeaderShape | None" = None

    def all_elements(self) -> dict[int, Element]:
        return {**self.meta, **self.elements}


@dataclass(frozen=True, slots=True)
class _Value:
    """An element whose value varies: what of it does not, and how its length is written."""

    tag: int
    element: RawDataElement
    head: bytes
    length: struct.Struct
    length_at: int
    value_at: int

    @classmethod
    def of(cls, tag: int, element: RawDataElement, encoding: Encoding) -> Self:
        order = "<" if encoding.little_endian else ">"
        vr = (element.VR or "").encode("ascii")
        head = struct.pack(order + "HH", tag >> 16, tag & 0xFFFF)
        if encoding.implicit_vr:
            return cls(tag, element, head, struct.Struct(order + "I"), 4, 8)
        if vr in SHORT_VRS:
            return cls(tag, element, head + vr, struct.Struct(order + "H"), 6, 8)
        return cls(tag, element, head + vr, struct.Struct(order + "I"), 8, 12)

    def read(self, buffer: Buffer, at: int, limit: int, _: Budget) -> tuple[Element, int] | None:
        """The element that begins there and the offset behind it; None when it is another one."""
        value_at = at + self.value_at
        if buffer[at : at + len(self.head)] != self.head or value_at > limit:
            return None
        (length,) = self.length.unpack(buffer[at + self.length_at : value_at])
        end = value_at + length
        if end > limit:
            return None
        value = buffer[value_at:end]
        return self.element._replace(value=value, length=length, value_tell=value_at), end


@dataclass(frozen=True, slots=True)
class _Items:
    """A sequence whose items vary; it is walked."""

    tag: int
    encoding: Encoding

    def read(
        self, buffer: Buffer, at: int, limit: int, budget: Budget
    ) -> tuple[Element, int] | None:
        try:
            tag, element, end = Walker(buffer, self.encoding, budget).sequence(at, limit)
        except DicomError:
            return None
        return (element, end) if tag == self.tag else None


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class HeaderShape:
    """One header taken apart; compared by identity.

    Attributes
    ----------
    first
        The header it was learned from.
    varying
        Tags of the elements that vary, those of the File Meta Information included.
    fixed
        The elements of the data set that do not.
    """

    first: Header
    varying: frozenset[int]
    fixed: Elements
    _pieces: tuple[bytes | _Value | _Items, ...] = field(repr=False)
    _elements_left: int
    """How many more elements a header may have that has nothing yet where this one varies."""

    @classmethod
    def of(cls, header: Header, buffer: Buffer, *, varying: frozenset[int]) -> "HeaderShape":
        """Cut a header at the elements that vary."""
        pieces: list[bytes | _Value | _Items] = []
        at, _ = header.marks[0]
        elements_left = header.elements_left
        for (tag, element), ((begin, left), (end, left_then)) in zip(
            header.all_elements().items(), pairwise(header.marks), strict=True
        ):
            if tag not in varying:
                continue
            encoding = _META if tag in header.meta else header.encoding
            pieces.append(buffer[at:begin])
            if isinstance(element, RawDataElement):
                pieces.append(_Value.of(tag, element, encoding))
            else:
                pieces.append(_Items(tag, encoding))
                elements_left += left - left_then
            at = end
        pieces.append(buffer[at : header.end])
        fixed = {tag: one for tag, one in header.elements.items() if tag not in varying}
        return cls(header, varying, fixed, tuple(pieces), elements_left)

    def read(self, buffer: Buffer, begin: int, limit: int) -> Header | None:
        """The header that begins there, if it has this shape and ends before the limit."""
        at = begin
        first = self.first
        meta, elements = dict(first.meta), dict(first.elements)
        budget = Budget(self._elements_left)
        for piece in self._pieces:
            if isinstance(piece, bytes):
                if buffer[at : at + len(piece)] != piece:
                    return None
                at += len(piece)
                continue
            found = piece.read(buffer, at, limit, budget)
            if found is None:
                return None
            element, at = found
            (meta if piece.tag in meta else elements)[piece.tag] = element
        if at >= limit:
            return None
        return Header(first.encoding, meta, elements, at, first.pixels, budget.left, shape=self)


class HeaderShapes:
    """The shapes of the series that came last."""

    def __init__(self) -> None:
        self._known: OrderedDict[object, tuple[HeaderShape, dict[int, bytes]]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._known)

    def read(self, buffer: Buffer, begin: int, limit: int) -> Header | None:
        """The header that begins there, if it is one of a remembered series."""
        for key, (shape, _) in reversed(self._known.items()):
            header = shape.read(buffer, begin, limit)
            if header is not None:
                self._known.move_to_end(key)
                return header
        return None

    def learn(self, header: Header, buffer: Buffer) -> None:
        """Find out from a header that was walked which of its elements vary."""
        begin, _ = header.marks[0]
        if header.end - begin > LONGEST_REMEMBERED or header.meta.keys() & header.elements.keys():
            return
        elements = header.all_elements()
        written = {
            tag: buffer[at:end]
            for tag, ((at, _), (end, _)) in zip(elements, pairwise(header.marks), strict=True)
        }
        key = (
            header.encoding,
            *((tag, one.VR) for tag, one in elements.items()),
            *(written.get(tag) for tag in SAME_IN_A_SERIES),
        )
        varying: frozenset[int] = frozenset()
        if (known := self._known.get(key)) is not None:
            shape, before = known
            varying = shape.varying | {tag for tag in written if written[tag] != before[tag]}
        # the first element of the data set tells how the others are written
        if varying.isdisjoint(tuple(header.elements)[:1]):
            self._known[key] = HeaderShape.of(header, buffer, varying=varying), written
            self._known.move_to_end(key)
        if len(self._known) > MOST_SHAPES:
            self._known.popitem(last=False)
