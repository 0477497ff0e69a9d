"""One frame of a stored image as Hounsfield units, for a viewer. Runs in the child, too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.decoding import PixelInfo, decode_frame
from imaging.dicom.errors import MissingRescaleError

INT16 = np.iinfo(np.int16)


def hounsfield_bytes(path: Path, info: PixelInfo, *, frame: int) -> bytes:
    """HU of one frame, rounded and clipped to int16, little endian, row by row.

    Raises
    ------
    FrameNotDecodableError, MissingRescaleError
    """
    slope, intercept = info.attributes.rescale_slope, info.attributes.rescale_intercept
    if not slope or intercept is None:
        raise MissingRescaleError
    stored: NDArray[np.generic] = decode_frame(path, info, frame)
    hounsfield = np.rint(stored.astype(np.float64) * slope + intercept)
    return np.clip(hounsfield, INT16.min, INT16.max).astype("<i2").tobytes()


def hounsfield_to_file(path: Path, output: Path, *, frame: int, pixels: Mapping[str, Any]) -> None:
    """The same, written to a file: what the child does for compressed frames."""
    info = PixelInfo.of(
        InstanceAttributes.from_json(pixels["attributes"]),
        transfer_syntax_uid=pixels["transfer_syntax_uid"],
        pixel_offset=pixels["pixel_offset"],
        pixel_length=pixels["pixel_length"],
    )
    output.write_bytes(hounsfield_bytes(path, info, frame=frame))
