"""Hounsfield units of a frame as bytes: the part of it that the child runs, too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.decoding import PixelInfo, decode_frame
from imaging.dicom.hounsfield import hounsfield

INT16 = np.iinfo(np.int16)


def hounsfield_bytes(stored: NDArray[np.generic], attributes: InstanceAttributes) -> bytes:
    """HU of stored values, rounded and clipped to int16, little endian, row by row.

    Parameters
    ----------
    stored
        Pixel values as stored, shape (rows, columns).

    Raises
    ------
    MissingRescaleError
        Without slope and intercept the stored values would pass for HU.

    References
    ----------
    DICOM PS3.3 C.11.1 (Modality LUT).
    """
    rounded = np.rint(hounsfield(stored, attributes, as_type=np.float64))
    return np.clip(rounded, INT16.min, INT16.max).astype("<i2").tobytes()


def hounsfield_to_file(path: Path, output: Path, *, frame: int, pixels: Mapping[str, Any]) -> None:
    """Decode a frame of any transfer syntax and write its HU.

    Raises
    ------
    FrameNotDecodableError, MissingRescaleError
    """
    attributes = InstanceAttributes.from_json(pixels["attributes"])
    info = PixelInfo.of(
        attributes,
        transfer_syntax_uid=pixels["transfer_syntax_uid"],
        pixel_offset=pixels["pixel_offset"],
        pixel_length=pixels["pixel_length"],
    )
    output.write_bytes(hounsfield_bytes(decode_frame(path, info, frame), attributes))
