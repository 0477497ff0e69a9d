"""Look at compressed pixels from the outside: markers and lengths, nothing is decoded.

Two questions. Is each frame a whole code stream of the kind and size the header says, so that a
codec has a chance? And what does it carry beside the picture: comments, application segments
and bytes behind its end are text that no de-identification of the header reaches.

Damage inside the compressed data shows only when a frame is decoded.

References
----------
DICOM PS3.5 annex A.4 and G, ISO/IEC 10918-1 annex B (JPEG), 14495-1 annex C (JPEG-LS),
15444-1 annex A (JPEG 2000), 15444-15 annex A (HTJ2K).
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)

from .elements import Buffer

JPEG_FRAME_MARKERS: Mapping[str, tuple[int, ...]] = {
    JPEGBaseline8Bit: (0xC0,),
    JPEGExtended12Bit: (0xC0, 0xC1),
    JPEGLossless: (0xC3,),
    JPEGLosslessSV1: (0xC3,),
    JPEGLSLossless: (0xF7,),
    JPEGLSNearLossless: (0xF7,),
}
"""The start-of-frame segment that each transfer syntax allows."""

JPEG_2000_SYNTAXES = frozenset(
    {JPEG2000Lossless, JPEG2000, HTJ2KLossless, HTJ2KLosslessRPCL, HTJ2K}
)

MAX_SEGMENTS = 2000
"""Most marker segments looked at in one frame."""

MAX_TEXT_BYTES = 256 * 1024
"""Most bytes of comments and of what follows a code stream that are handed out."""

_STARTS_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xF7}
_JPEG_TEXTS = frozenset({0xFE, *range(0xE0, 0xF0)})
_PADDING = b"\0\xff "


@dataclass(frozen=True, slots=True)
class CodeStreams:
    """What is wrong with the code streams of an image, and what text they carry."""

    fault: str | None
    texts: tuple[bytes, ...]


def examine(
    pixels: Buffer,
    *,
    transfer_syntax_uid: str,
    frames: int,
    rows: int,
    columns: int,
    samples: int = 1,
    bytes_per_sample: int = 2,
) -> CodeStreams:
    """Look at every frame of encapsulated Pixel Data.

    Parameters
    ----------
    pixels
        The fragments from the Basic Offset Table to the sequence delimitation.

    Returns
    -------
    The first fault as a sentence, None when there is none; and the bytes of everything that
    is not picture.
    """
    table, fragments = _fragments(pixels)
    texts = [table] if table and len(table) != 4 * frames else []
    found = _frames(fragments, frames)
    if found is None:
        fault: str | None = "The pixel data has fewer fragments than frames."
        return CodeStreams(fault, tuple(texts))
    fault = None
    for number, frame in enumerate(found, start=1):
        try:
            if transfer_syntax_uid == RLELossless:
                _check_rle(frame, samples * bytes_per_sample)
            elif transfer_syntax_uid in JPEG_2000_SYNTAXES:
                texts += _jpeg_2000(frame, rows, columns)
            else:
                allowed = JPEG_FRAME_MARKERS.get(transfer_syntax_uid, ())
                texts += _jpeg(frame, allowed, rows, columns)
        except _FaultError as error:
            fault = fault or f"Frame {number}: {error}"
            texts += error.texts
        except (struct.error, IndexError):
            fault = fault or f"Frame {number}: the code stream breaks off."
    return CodeStreams(fault, tuple(_bounded(texts)))


class _FaultError(Exception):
    def __init__(self, sentence: str, texts: list[bytes] | None = None) -> None:
        super().__init__(sentence)
        self.texts = texts or []


def _bounded(texts: list[bytes]) -> Iterator[bytes]:
    left = MAX_TEXT_BYTES
    for text in texts:
        if left <= 0:
            return
        if text:
            yield text[:left]
            left -= len(text)


def _fragments(pixels: Buffer) -> tuple[bytes, list[bytes]]:
    """Content of the Basic Offset Table and of each fragment; lengths are checked already."""
    items: list[bytes] = []
    offset = 0
    while offset + 8 <= len(pixels):
        tag, length = struct.unpack("<II", pixels[offset : offset + 8])
        if tag != 0xE000FFFE:
            break
        items.append(pixels[offset + 8 : offset + 8 + length])
        offset += 8 + length
    return (items[0], items[1:]) if items else (b"", [])


def _frames(fragments: list[bytes], frames: int) -> list[bytes] | None:
    if frames == 1:
        return [b"".join(fragments)]
    if len(fragments) == frames:
        return fragments
    if len(fragments) < frames:
        return None
    # several fragments per frame: a new frame begins where a code stream begins
    joined: list[bytes] = []
    for fragment in fragments:
        if fragment.startswith((b"\xff\xd8\xff", b"\xff\x4f\xff\x51")) or not joined:
            joined.append(fragment)
        else:
            joined[-1] += fragment
    return joined if len(joined) == frames else None


def _check_rle(frame: bytes, segments: int) -> None:
    """The header of 64 bytes: number of segments and where each begins (PS3.5 G.5)."""
    count, *offsets = struct.unpack_from("<16I", frame)
    if count != segments:
        raise _FaultError("the RLE header names another number of segments than the image needs.")
    used = offsets[:count]
    if used[0] != 64 or sorted(set(used)) != used or used[-1] >= len(frame):
        raise _FaultError("the RLE header places segments outside the frame.")


def _jpeg(frame: bytes, allowed: tuple[int, ...], rows: int, columns: int) -> list[bytes]:
    texts: list[bytes] = []
    if frame[:2] != b"\xff\xd8":
        raise _FaultError("this is no JPEG code stream.")
    offset, described = 2, False
    for _ in range(MAX_SEGMENTS):
        while frame[offset : offset + 2] == b"\xff\xff":
            offset += 1
        if frame[offset] != 0xFF:
            raise _FaultError("the JPEG markers are damaged.", texts)
        marker = frame[offset + 1]
        if marker == 0xD9:
            break
        (length,) = struct.unpack_from(">H", frame, offset + 2)
        segment = frame[offset + 4 : offset + 2 + length]
        if marker in _JPEG_TEXTS:
            texts.append(segment)
        if marker in _STARTS_OF_FRAME:
            _check_frame_segment(marker, segment, allowed, rows, columns, texts)
            described = True
        offset += 2 + length
        if marker == 0xDA:
            offset = _after_scan(frame, offset, texts)
    if not described:
        raise _FaultError("the code stream has no start of frame.", texts)
    return [*texts, *_rest(frame[offset + 2 :])]


def _check_frame_segment(
    marker: int,
    segment: bytes,
    allowed: tuple[int, ...],
    rows: int,
    columns: int,
    texts: list[bytes],
) -> None:
    if marker not in allowed:
        raise _FaultError(
            "the code stream is of another kind than the transfer syntax says.", texts
        )
    if struct.unpack_from(">2H", segment, 1) != (rows, columns):
        raise _FaultError("the code stream has another size than the header says.", texts)


def _after_scan(frame: bytes, offset: int, texts: list[bytes]) -> int:
    """The offset of the marker that ends entropy-coded data; only there can 0xFF stand so."""
    while True:
        offset = frame.find(b"\xff", offset)
        if offset < 0 or offset + 1 >= len(frame):
            raise _FaultError("the code stream breaks off.", texts)
        following = frame[offset + 1]
        if following >= 0x80 and not 0xD0 <= following <= 0xD7 and following != 0xFF:
            return offset
        offset += 1


def _jpeg_2000(frame: bytes, rows: int, columns: int) -> list[bytes]:
    texts: list[bytes] = []
    if frame[4:8] == b"jP  ":
        # the file format around the code stream, which DICOM does not allow but writers do
        start = max(frame.find(b"\xff\x4f\xff\x51"), 0)
        texts.append(frame[:start])
        frame = frame[start:]
    if frame[:4] != b"\xff\x4f\xff\x51":
        raise _FaultError("this is no JPEG 2000 code stream.", texts)
    right, bottom, left, top = struct.unpack_from(">4I", frame, 8)
    if (bottom - top, right - left) != (rows, columns):
        raise _FaultError("the code stream has another size than the header says.", texts)
    end = _walk_jpeg_2000(frame, texts)
    return [*texts, *_rest(frame[end:])]


def _walk_jpeg_2000(frame: bytes, texts: list[bytes]) -> int:
    """Collect the comments of all headers; returns the offset behind the end marker."""
    offset, tile_end = 2, 0
    for _ in range(MAX_SEGMENTS):
        (marker,) = struct.unpack_from(">H", frame, offset)
        if marker == 0xFFD9:
            return offset + 2
        if marker == 0xFF93:  # start of data: the tile-part is skipped
            offset = tile_end or max(frame.rfind(b"\xff\xd9"), offset + 2)
            continue
        (length,) = struct.unpack_from(">H", frame, offset + 2)
        if marker == 0xFF90:
            (part,) = struct.unpack_from(">I", frame, offset + 6)
            tile_end = offset + part if part else 0
        elif marker == 0xFF64:
            texts.append(frame[offset + 4 : offset + 2 + length])
        elif marker < 0xFF4F:
            raise _FaultError("the JPEG 2000 markers are damaged.", texts)
        offset += 2 + length
    raise _FaultError("the code stream has too many parts.", texts)


def _rest(behind: bytes) -> list[bytes]:
    """What follows the end of a code stream, unless it is padding."""
    return [behind] if behind.strip(_PADDING) else []
