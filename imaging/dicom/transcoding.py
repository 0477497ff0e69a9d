"""A stored file in Explicit VR Little Endian, and single frames of it.

Compressed pixels pass through codecs written in C here: call it in the limited child only.

References
----------
DICOM PS3.5 annex A (transfer syntaxes), PS3.10 section 7.1.
"""

from pathlib import Path

import numpy as np
from pydicom import dcmread, dcmwrite
from pydicom.encaps import get_frame
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from .acceptance import NATIVE_TRANSFER_SYNTAXES
from .decoding import PixelInfo, decode_frame
from .errors import FrameNotDecodableError
from .loading import MALFORMED


def to_explicit_little_endian(source: Path, output: Path) -> None:
    """Write the same instance with its pixels decoded; SOP Instance UID and header stay.

    Raises
    ------
    FrameNotDecodableError
    """
    try:
        dataset = dcmread(source)
        if dataset.file_meta.TransferSyntaxUID == ExplicitVRBigEndian:
            if dataset.BitsAllocated > 8:
                pixels = np.frombuffer(dataset.PixelData, dtype=f">u{dataset.BitsAllocated // 8}")
                dataset.PixelData = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
        elif dataset.file_meta.TransferSyntaxUID not in NATIVE_TRANSFER_SYNTAXES:
            dataset.decompress(generate_instance_uid=False)
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dcmwrite(output, dataset, implicit_vr=False, little_endian=True, enforce_file_format=True)
    except MALFORMED as error:
        raise FrameNotDecodableError(type(error).__name__) from None


def decoded_frame(source: Path, info: PixelInfo, index: int) -> bytes:
    """Stored values of one frame, little endian, row by row.

    Raises
    ------
    FrameNotDecodableError
    """
    values = decode_frame(source, info, index)
    return values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes()


def compressed_frame(source: Path, info: PixelInfo, index: int) -> bytes:
    """The code stream of one frame as it is stored.

    Raises
    ------
    FrameNotDecodableError
    """
    with source.open("rb") as file:
        file.seek(info.pixel_offset)
        content = file.read(info.pixel_length)
    try:
        return get_frame(content, index, number_of_frames=info.frames)
    except MALFORMED as error:
        raise FrameNotDecodableError(type(error).__name__) from None
