"""Measure a file out before anything parses it.

The order is the defence: what kind of file is it; does every declared length fit; how deep,
how many; where do the pixels lie and is that what the header describes; what follows them.
Only then are the header bytes handed to pydicom. Pixels are never read here.

References
----------
DICOM PS3.10 section 7.1 (preamble, File Meta Information), PS3.5 section 7 and annex A.
"""

import mmap
import os
import struct
from pathlib import Path

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ImplicitVRLittleEndian

from .acceptance import (
    NATIVE_TRANSFER_SYNTAXES,
    check_sop_class,
    check_transfer_syntax,
)
from .claimed_uids import ClaimedUids
from .element_values import element_of, first_text, integer
from .elements import (
    ANY_GROUP,
    PIXEL_DATA,
    UNDEFINED_LENGTH,
    Budget,
    Buffer,
    Encoding,
    Walker,
    describe,
    looks_implicit,
    new_dataset,
    plain_elements,
)
from .errors import (
    DicomError,
    EmptyFileError,
    FileTooLargeError,
    InvalidPixelDescriptionError,
    MalformedDicomError,
    MissingFileMetaError,
    MissingPixelDataError,
    PixelBudgetError,
    TrailingBytesError,
    TruncatedElementError,
    TruncatedPixelDataError,
)
from .file_kind import DATASET_START, PREAMBLE_LENGTH, check_kind
from .header_shape import Header, HeaderShapes
from .manifest import AFTER_PIXELS, PREAMBLE
from .source_instance import Content, SourceInstance

__all__ = ["MALFORMED", "SourceInstance", "load_beginning", "load_header"]

MIB = 1024 * 1024

MAX_FILE_BYTES = 640 * MIB
"""Largest file: the pixel budget and a generous header."""

READ_WHOLE_BYTES = 4 * MIB
"""A file up to this size is read in one go; a larger one is mapped and read where it is needed."""

MAX_HEADER_BYTES = 32 * MIB
"""Most bytes before the pixel data, and most behind them; 50,000 ordinary elements fit."""

MAX_ROWS_OR_COLUMNS = 4096
MAX_FRAMES = 4000
MAX_DECODED_BYTES = 512 * MIB
"""Most bytes of all frames decoded (OWASP ASVS 5.2.6, pixel flood)."""

MAX_PADDING_BYTES = MIB
"""Most Data Set Trailing Padding (FFFC,FFFC) that is dropped without complaint."""

MALFORMED = (
    struct.error,
    OSError,
    NotImplementedError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    RuntimeError,
    MemoryError,
    ArithmeticError,
)
"""What pydicom 3.0.2 raises on damaged input.

Found by a census of 6,000 mutated files: struct.error, OSError, NotImplementedError,
BytesLengthException (a ValueError), AttributeError, TypeError, RuntimeError,
RecursionError (a RuntimeError), KeyError (a LookupError), OverflowError (an
ArithmeticError), MemoryError.
"""

_PADDING = 0xFFFCFFFC


def load_header(
    source: Path,
    *,
    overridden: frozenset[str] = frozenset(),
    shapes: HeaderShapes | None = None,
) -> SourceInstance:
    """Read the header of a file and find its pixels, without trusting a byte of it.

    Parameters
    ----------
    overridden
        Reason codes that a person has overruled for this file.
    shapes
        Of the series that came before. Their elements are shared: nobody may convert them by
        asking pydicom for a value.

    Raises
    ------
    DicomError
        The subclass names the reason. Nothing else is raised for whatever the file holds.
    """
    content = _content(source)
    try:
        return _load(source, content, overridden, shapes)
    except MALFORMED as error:
        raise MalformedDicomError(type(error).__name__) from None


def load_beginning(
    source: Path, beginning: bytes, *, shapes: HeaderShapes
) -> SourceInstance | None:
    """What the whole file will be, told from its beginning.

    Only for uncompressed images of ordinary size in a series that came before, and only if nothing
    will follow the pixels: `size_bytes` of what is returned says how long the file has to be for
    this to be true. `content` can be written to and has zeros where nothing has come yet.

    Returns
    -------
    None where the whole file has to be seen; it may still be refused then, or be sound.
    """
    try:
        check_kind(beginning, frozenset())
        header = shapes.read(beginning, DATASET_START, len(beginning))
        if header is None or header.pixels is None:
            return None
        _, length = header.pixels
        size = header.end + length
        if length == UNDEFINED_LENGTH or not 0 <= size - len(beginning) <= READ_WHOLE_BYTES:
            return None
        dataset = new_dataset(header.encoding)
        plain_elements(dataset).update(header.elements)
        content = bytearray(size)
        content[: len(beginning)] = beginning
        return _measured(source, beginning, content, header, dataset)
    except (DicomError, *MALFORMED):
        return None


def _content(source: Path) -> bytes | mmap.mmap:
    with source.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise EmptyFileError
        if size > MAX_FILE_BYTES:
            raise FileTooLargeError(f"limit {MAX_FILE_BYTES // MIB} MiB")
        if size > READ_WHOLE_BYTES:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return file.read(size)


def _load(
    path: Path,
    buffer: bytes | mmap.mmap,
    overridden: frozenset[str],
    shapes: HeaderShapes | None,
) -> SourceInstance:
    check_kind(buffer, overridden)
    header = None
    if shapes is not None:
        limit = min(len(buffer), DATASET_START + MAX_HEADER_BYTES)
        header = shapes.read(buffer, DATASET_START, limit)
    if header is None:
        header = _walked(buffer)
        if shapes is not None and header.pixels is not None:
            shapes.learn(header, buffer)
    dataset = new_dataset(header.encoding)
    plain_elements(dataset).update(header.elements)
    try:
        return _measured(path, buffer, buffer, header, dataset)
    except DicomError as error:
        error.claimed = ClaimedUids.of(dataset)
        raise


def _walked(buffer: Buffer) -> Header:
    size = len(buffer)
    budget = Budget()
    meta, start, meta_marks = _file_meta(buffer, size, budget)
    transfer_syntax_uid = first_text(meta, 0x00020010) or ""
    if not transfer_syntax_uid:
        raise MissingFileMetaError(describe(0x00020010))
    check_transfer_syntax(transfer_syntax_uid)
    little = transfer_syntax_uid != ExplicitVRBigEndian
    # some writers contradict their own transfer syntax; the first element settles it
    implicit = little and looks_implicit(buffer, start)
    encoding = Encoding(implicit, little)
    walker = Walker(buffer, encoding, budget)
    dataset, end, pixels = _walk(walker, start, size)
    return Header(
        encoding=encoding,
        meta=plain_elements(meta),
        elements=plain_elements(dataset),
        end=end,
        pixels=pixels,
        elements_left=budget.left,
        marks=(*meta_marks, *walker.marks),
    )


def _measured(
    path: Path, buffer: Buffer, content: Content, header: Header, dataset: Dataset
) -> SourceInstance:
    """Where the pixels lie, and whether the header describes them and what follows.

    Parameters
    ----------
    buffer
        As much of the content as there is.
    """
    offset, size = header.end, len(content)
    walker = Walker(buffer, header.encoding, Budget(header.elements_left))
    meta = FileMetaDataset()
    plain_elements(meta).update(header.meta)
    transfer_syntax_uid = first_text(meta, 0x00020010) or ""
    check_sop_class(first_text(dataset, 0x00080016) or "")
    if header.pixels is None:
        raise MissingPixelDataError(describe(PIXEL_DATA))
    encapsulated = transfer_syntax_uid not in NATIVE_TRANSFER_SYNTAXES
    frames = _frames(dataset)
    fewest_bytes, most_bytes = _pixel_bytes(dataset, frames)
    _, length = header.pixels
    if encapsulated:
        if length != UNDEFINED_LENGTH:
            raise MalformedDicomError(f"{describe(PIXEL_DATA)} is not encapsulated")
        end, fragments = walker.fragments(offset, size)
        if fragments == 0:
            raise TruncatedPixelDataError(f"{describe(PIXEL_DATA)} has no fragment")
        length = end - offset
    else:
        if length == UNDEFINED_LENGTH:
            raise MalformedDicomError(f"{describe(PIXEL_DATA)} has undefined length")
        end = offset + length
        if end > size or length < fewest_bytes:
            raise TruncatedPixelDataError(describe(PIXEL_DATA))
        if length > most_bytes:
            raise InvalidPixelDescriptionError(f"{describe(PIXEL_DATA)} is too long")
    _check_tail(walker, end, size)
    return SourceInstance(
        path=path,
        content=content,
        dataset=dataset,
        file_meta=meta,
        transfer_syntax_uid=transfer_syntax_uid,
        pixel_offset=offset,
        pixel_length=length,
        encapsulated=encapsulated,
        frames=frames,
        size_bytes=size,
        implicit_vr=transfer_syntax_uid == ImplicitVRLittleEndian,
        little_endian=transfer_syntax_uid != ExplicitVRBigEndian,
        around=_around(buffer, has_more=end != size),
        shape=header.shape,
    )


def _around(buffer: Buffer, *, has_more: bool) -> tuple[str, ...]:
    """What of the file lies outside what will be stored, in words of the manifest."""
    found = []
    if buffer[:PREAMBLE_LENGTH].strip(b"\0"):
        found.append(PREAMBLE)
    if has_more:
        found.append(AFTER_PIXELS)
    return tuple(found)


def _walk(
    walker: Walker, start: int, size: int, *, group: int = ANY_GROUP
) -> tuple[Dataset, int, tuple[str, int] | None]:
    """Walk up to the pixels, and not beyond the limit: what is walked over is held in memory."""
    reach = min(size, start + MAX_HEADER_BYTES)
    try:
        dataset, offset, pixels = walker.dataset(start, reach, group=group)
    except (TruncatedElementError, TruncatedPixelDataError):
        if reach == size:
            raise
    else:
        if offset < reach or reach == size:
            return dataset, offset, pixels
    raise FileTooLargeError(f"header, limit {MAX_HEADER_BYTES // MIB} MiB")


def _file_meta(
    buffer: Buffer, size: int, budget: Budget
) -> tuple[FileMetaDataset, int, list[tuple[int, int]]]:
    if buffer[DATASET_START : DATASET_START + 2] != b"\x02\x00":
        raise MissingFileMetaError
    walker = Walker(buffer, Encoding(implicit_vr=False, little_endian=True), budget)
    dataset, start, _ = _walk(walker, DATASET_START, size, group=0x0002)
    meta = FileMetaDataset()
    meta._dict = dataset._dict
    return meta, start, walker.marks


def _frames(dataset: Dataset) -> int:
    tag = 0x00280008
    # PS3.5 section 7.4.5: an optional element without a value is as good as absent
    if first_text(dataset, tag) is None:
        return 1
    frames = integer(dataset, tag)
    if frames is None or frames < 1:
        raise InvalidPixelDescriptionError(describe(tag))
    if frames > MAX_FRAMES:
        raise PixelBudgetError(describe(tag))
    return frames


def _pixel_bytes(dataset: Dataset, frames: int) -> tuple[int, int]:
    """The least and the most bytes the described pixels may take, padding included.

    They differ only where Bits Allocated is neither 1 nor whole bytes.
    """
    rows, columns, samples, allocated = (
        _unsigned_short(dataset, tag) for tag in (0x00280010, 0x00280011, 0x00280002, 0x00280100)
    )
    for tag, value in ((0x00280010, rows), (0x00280011, columns)):
        if value > MAX_ROWS_OR_COLUMNS:
            raise PixelBudgetError(describe(tag))
    count = rows * columns * samples * frames
    packed = (count * allocated + 7) // 8
    whole = count * ((allocated + 7) // 8)
    if whole > MAX_DECODED_BYTES:
        raise PixelBudgetError(describe(PIXEL_DATA))
    most = packed if allocated == 1 else whole
    return packed, most + most % 2


def _unsigned_short(dataset: Dataset, tag: int) -> int:
    element = element_of(dataset, tag)
    if not isinstance(element, RawDataElement) or element.VR != "US" or element.length != 2:
        raise InvalidPixelDescriptionError(describe(tag))
    value = integer(dataset, tag)
    if not value:
        raise InvalidPixelDescriptionError(describe(tag))
    return value


def _check_tail(walker: Walker, end: int, size: int) -> None:
    """Let private elements, signatures and a little padding follow; nothing else."""
    if end == size:
        return
    if size - end > MAX_HEADER_BYTES:
        raise TrailingBytesError
    try:
        tail, offset, pixels = walker.dataset(end, size)
    except DicomError:
        raise TrailingBytesError from None
    if pixels is not None or offset != size or any(tag <= PIXEL_DATA for tag in tail._dict):
        raise TrailingBytesError
    padding = element_of(tail, _PADDING)
    if padding is not None and padding.length > MAX_PADDING_BYTES:
        raise TrailingBytesError(describe(_PADDING))
