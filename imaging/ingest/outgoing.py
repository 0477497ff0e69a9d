"""What the child makes of a stored file for those who read it: headers, frames, pictures."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from imaging.dicom.attributes import InstanceAttributes
from imaging.dicom.decoding import PixelInfo, decode_frame
from imaging.dicom.dicom_json import header_json
from imaging.dicom.hounsfield import hounsfield
from imaging.dicom.rendering import Rendering, render
from imaging.dicom.transcoding import compressed_frame, decoded_frame

COMPRESSION_LEVEL = 1
"""Headers of a series repeat each other: more takes longer and saves little."""


def headers_to_file(sources: Sequence[str], output: Path) -> None:
    """DICOM JSON, one header a line.

    Raises
    ------
    DicomError
    """
    text = "".join(header_json(Path(source)) + "\n" for source in sources)
    output.write_bytes(gzip.compress(text.encode(), COMPRESSION_LEVEL, mtime=0))


def frame_to_file(request: Mapping[str, Any]) -> None:
    """One frame as stored or decoded.

    Raises
    ------
    FrameNotDecodableError
    """
    cut = compressed_frame if request["as_stored"] else decoded_frame
    content = cut(Path(request["source"]), _info(request["pixels"]), request["frame"])
    Path(request["output"]).write_bytes(content)


def picture_to_file(request: Mapping[str, Any]) -> None:
    """One frame as PNG or JPEG.

    Raises
    ------
    FrameNotDecodableError, MissingRescaleError
    """
    info = _info(request["pixels"])
    facts = info.attributes
    stored = decode_frame(Path(request["source"]), info, request["frame"])
    own = facts.window_center_hu, facts.window_width_hu
    picture = render(
        hounsfield(stored, facts, as_type=np.float32),
        Rendering.from_json(request["rendering"]),
        own_window_hu=None if own[0] is None or own[1] is None else (own[0], own[1]),
    )
    Path(request["output"]).write_bytes(picture)


def _info(pixels: Mapping[str, Any]) -> PixelInfo:
    return PixelInfo.of(
        InstanceAttributes.from_json(pixels["attributes"]),
        transfer_syntax_uid=pixels["transfer_syntax_uid"],
        pixel_offset=pixels["pixel_offset"],
        pixel_length=pixels["pixel_length"],
    )
