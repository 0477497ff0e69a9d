"""CT images in High-Throughput JPEG 2000, which nothing that is installed here can write.

The code streams in `htj2k/` are those of the phantom below, made by OpenJPH 0.31.0
(@cornerstonejs/codec-openjph 2.4.11, MIT licence): signed 16 bit, three decompositions;
`lossless` in LRCP order, `lossless_rpcl` in RPCL order with a TLM marker segment, `lossy`
irreversible with a quantisation step of 0.0001 in RPCL order.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.uid import HTJ2K, HTJ2KLossless, HTJ2KLosslessRPCL

from tests.factories.dicom_files import ct_dataset, write

CODE_STREAMS = Path(__file__).parent / "htj2k"
SIDE = 64
MOST_LOSS_HU = 12
"""Of the lossy stream, measured against the phantom with two decoders."""

STREAMS = {
    HTJ2KLossless: "lossless.j2c",
    HTJ2KLosslessRPCL: "lossless_rpcl.j2c",
    HTJ2K: "lossy.j2c",
}

_DISCS = ((32, 32, 29, 40), (20, 24, 5, 300), (42, 40, 6, -90), (32, 46, 3, 900), (44, 20, 4, 60))
"""Column, row, radius and HU, in pixels."""


def phantom() -> NDArray[np.int16]:
    """A body with inserts and a texture, in HU, shape (64, 64); whole numbers only."""
    row, column = np.mgrid[:SIDE, :SIDE]
    image = np.full((SIDE, SIDE), -1024)
    for at_column, at_row, radius, hounsfield in _DISCS:
        image[(column - at_column) ** 2 + (row - at_row) ** 2 < radius**2] = hounsfield
    image += np.where(image > -1024, (7 * column + 13 * row + column * row) % 11 - 5, 0)
    return image.astype(np.int16)


def htj2k_instance(path: Path, transfer_syntax: str) -> Path:
    """The phantom as a CT image in one of `STREAMS`."""
    stream = (CODE_STREAMS / STREAMS[transfer_syntax]).read_bytes()
    dataset, meta = ct_dataset(rows=SIDE, columns=SIDE, RescaleIntercept="0")
    dataset.PixelData = encapsulate([stream])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    return write(path, dataset, meta, meta_overrides={"TransferSyntaxUID": transfer_syntax})
