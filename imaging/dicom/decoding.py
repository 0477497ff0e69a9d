"""One frame of a stored image as an array.

Native frames are sliced out of the file. Compressed frames go through C libraries: call this
for them only in a child process with limits on memory and time.

References
----------
DICOM PS3.5 section 8 and annex A.4 (encapsulated pixel data).
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.uid import ExplicitVRBigEndian

from .acceptance import ENCAPSULATED_TRANSFER_SYNTAXES, NATIVE_TRANSFER_SYNTAXES
from .attributes import InstanceAttributes
from .errors import FrameNotDecodableError
from .hounsfield import native_frame
from .loading import MALFORMED

_START_OF_FRAME = frozenset({*range(0xC0, 0xD0), 0xF7}) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class PixelInfo:
    """Where the pixels of a stored file lie and what they are."""

    transfer_syntax_uid: str
    pixel_offset: int
    pixel_length: int
    frames: int
    attributes: InstanceAttributes

    @classmethod
    def of(
        cls,
        attributes: InstanceAttributes,
        *,
        transfer_syntax_uid: str,
        pixel_offset: int,
        pixel_length: int,
    ) -> Self:
        return cls(
            transfer_syntax_uid=transfer_syntax_uid,
            pixel_offset=pixel_offset,
            pixel_length=pixel_length,
            frames=attributes.frames,
            attributes=attributes,
        )


def decode_frame(path: Path, info: PixelInfo, index: int) -> NDArray[np.generic]:
    """Decode one frame of a stored file.

    Parameters
    ----------
    index
        Zero-based number of the frame.

    Returns
    -------
    Stored values (not HU), shape (rows, columns).

    Raises
    ------
    FrameNotDecodableError
        The frame does not exist, is damaged, has another size than the header says, or its
        pixels are of a kind that is stored but not shown.
    """
    if not 0 <= index < info.frames:
        raise FrameNotDecodableError("there is no such frame")
    if not info.attributes.displayable:
        raise FrameNotDecodableError(info.attributes.not_displayable_reason)
    if info.transfer_syntax_uid in NATIVE_TRANSFER_SYNTAXES:
        return native_frame(
            native_frame_bytes(path, info, index),
            info.attributes,
            little_endian=info.transfer_syntax_uid != ExplicitVRBigEndian,
        )
    if info.transfer_syntax_uid not in ENCAPSULATED_TRANSFER_SYNTAXES:
        raise FrameNotDecodableError("the transfer syntax is not accepted")
    return _decode_encapsulated(_read(path, info.pixel_offset, info.pixel_length), info, index)


def native_frame_bytes(path: Path, info: PixelInfo, index: int) -> bytes:
    """The bytes of one frame of a native image, as stored."""
    facts = info.attributes
    if facts.rows is None or facts.columns is None or facts.bits_allocated is None:
        raise FrameNotDecodableError("no pixel description")
    frame_bytes = facts.rows * facts.columns * facts.bits_allocated // 8
    return _read(path, info.pixel_offset + index * frame_bytes, frame_bytes)


def codestream_size(frame: bytes) -> tuple[int, int] | None:
    """Rows and columns that a compressed frame declares itself; None when it does not say.

    Looks at the SIZ segment of JPEG 2000 (ISO/IEC 15444-1 A.5.1) and the start-of-frame
    segment of JPEG and JPEG-LS (ISO/IEC 10918-1 B.2.2, 14495-1 C.2.2).
    """
    if frame[:4] == b"\xff\x4f\xff\x51" and len(frame) >= 24:
        right, bottom, left, top = struct.unpack_from(">4I", frame, 8)
        return bottom - top, right - left
    if frame[:2] != b"\xff\xd8":
        return None
    offset = 2
    while offset + 9 <= len(frame) and frame[offset] == 0xFF:
        marker = frame[offset + 1]
        if marker in _START_OF_FRAME:
            rows, columns = struct.unpack_from(">2H", frame, offset + 5)
            return rows, columns
        offset += 2 + int.from_bytes(frame[offset + 2 : offset + 4], "big")
    return None


def _read(path: Path, offset: int, length: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        content = file.read(length)
    if len(content) != length:
        raise FrameNotDecodableError("the stored file is shorter than its record says")
    return content


def _decode_encapsulated(encapsulated: bytes, info: PixelInfo, index: int) -> NDArray[np.generic]:
    facts = info.attributes
    description: dict[str, Any] = {
        "rows": facts.rows,
        "columns": facts.columns,
        "number_of_frames": info.frames,
        "samples_per_pixel": facts.samples_per_pixel,
        "photometric_interpretation": facts.photometric_interpretation,
        "pixel_representation": facts.pixel_representation,
        "bits_allocated": facts.bits_allocated,
        "bits_stored": facts.bits_stored,
        "pixel_keyword": "PixelData",
    }
    try:
        frame = get_frame(encapsulated, index, number_of_frames=info.frames)
        if codestream_size(frame) not in (None, (facts.rows, facts.columns)):
            raise FrameNotDecodableError("the codestream has another size than the header says")
        decoder = get_decoder(info.transfer_syntax_uid)
        array, _ = decoder.as_array(encapsulated, index=index, **description)
    except MALFORMED as error:
        raise FrameNotDecodableError(type(error).__name__) from None
    if array.shape != (facts.rows, facts.columns):
        raise FrameNotDecodableError("the decoded frame has another size than the header says")
    return array
