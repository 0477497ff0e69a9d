"""A frame of a file as a picture a browser shows, whatever kind of image it is.

For the eyes of somebody who decides on a file in quarantine: colour stays colour, and without a
window of its own a grey image is stretched so that no text in it is lost. It never takes the place
of Hounsfield units. Foreign bytes pass through codecs written in C here: call it in the limited
child only.

References
----------
PNG (Portable Network Graphics) Specification, third edition, sections 5 and 11.
"""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder

from .decoding import codestream_size
from .element_values import first_text, integer
from .errors import FrameNotDecodableError
from .loading import MALFORMED, load_header
from .source_instance import SourceInstance

LARGEST_SIDE = 2048
"""A larger picture is thinned out; text burned in is read at half of it."""
TAILS_PERCENT = 0.2
"""Share of the darkest and of the brightest pixels that a stretch may lose."""
COLOUR_SAMPLES = 3


def frame_png(source: Path, *, frame: int = 0, overridden: frozenset[str] = frozenset()) -> bytes:
    """A frame, counted from 0, as PNG, at most `LARGEST_SIDE` pixels high and wide.

    Raises
    ------
    DicomError
        The file cannot be read.
    FrameNotDecodableError
        It can, but its pixels cannot.
    """
    loaded = load_header(source, overridden=overridden)
    if not 0 <= frame < loaded.frames:
        raise FrameNotDecodableError("there is no such frame")
    stored = _stored_values(loaded, frame)
    step = -(-max(stored.shape[:2]) // LARGEST_SIDE)
    return png(_eight_bits(loaded, stored[::step, ::step]))


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Grey (rows, columns) or colour (rows, columns, 3) as a PNG file."""
    rows, columns = pixels.shape[:2]
    colour_type = 2 if pixels.ndim == COLOUR_SAMPLES else 0
    lines = np.zeros((rows, 1 + pixels[0].size), dtype=np.uint8)
    lines[:, 1:] = pixels.reshape(rows, -1)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, colour_type, 0, 0, 0)),
            _chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))


def _stored_values(source: SourceInstance, index: int) -> NDArray[np.generic]:
    """Stored values, shape (rows, columns) or (rows, columns, 3)."""
    dataset = source.dataset
    rows, columns = integer(dataset, 0x00280010), integer(dataset, 0x00280011)
    samples = integer(dataset, 0x00280002) or 1
    description: dict[str, Any] = {
        "rows": rows,
        "columns": columns,
        "number_of_frames": source.frames,
        "samples_per_pixel": samples,
        "photometric_interpretation": first_text(dataset, 0x00280004),
        "planar_configuration": integer(dataset, 0x00280006) or 0,
        "pixel_representation": integer(dataset, 0x00280103) or 0,
        "bits_allocated": integer(dataset, 0x00280100),
        "bits_stored": integer(dataset, 0x00280101),
        "pixel_keyword": "PixelData",
    }
    with source.path.open("rb") as file:
        file.seek(source.pixel_offset)
        content = file.read(source.pixel_length)
    try:
        if source.encapsulated:
            codestream = get_frame(content, index, number_of_frames=source.frames)
            if codestream_size(codestream) not in (None, (rows, columns)):
                raise FrameNotDecodableError("the codestream has another size than the header says")
        decoder = get_decoder(source.transfer_syntax_uid)
        array, _ = decoder.as_array(content, index=index, **description)
    except MALFORMED as error:
        raise FrameNotDecodableError(type(error).__name__) from None
    if array.shape not in ((rows, columns), (rows, columns, COLOUR_SAMPLES)):
        raise FrameNotDecodableError("the decoded frame has another size than the header says")
    return np.asarray(array)


def _eight_bits(source: SourceInstance, stored: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Grey levels from 0 to 255 from the darkest to the brightest pixel but for the tails."""
    bits = integer(source.dataset, 0x00280101)
    if stored.ndim == COLOUR_SAMPLES:
        shift = max(0, (bits or 8) - 8)
        return (stored.astype(np.uint32) >> shift).astype(np.uint8)
    values = stored.astype(np.float64)
    low, high = np.percentile(values, [TAILS_PERCENT, 100 - TAILS_PERCENT])
    if high <= low:
        # text may be all there is on an even ground
        low, high = float(values.min()), float(values.max())
    scaled = np.clip((values - low) / max(high - low, 1.0), 0.0, 1.0)
    if first_text(source.dataset, 0x00280004) == "MONOCHROME1":
        scaled = 1.0 - scaled
    levels: NDArray[np.uint8] = np.rint(scaled * 255).astype(np.uint8)
    return levels
