"""Find what hides in the bits of the pixels that no picture uses.

Old writers put overlays, which may be text, into the bits above High Bit. Where the overlay
groups still say so the header betrays it; where somebody has taken the groups out, only the bits
do. The pixels are not changed here, so such a file is kept apart.

References
----------
DICOM PS3.5 section 8.1.1 (Pixel Cells), PS3.3 C.9.2 (Overlay Plane, Overlay Bit Position).
"""

import numpy as np
from numpy.typing import NDArray

from .element_values import integer
from .errors import OverlayInPixelsError
from .source_instance import SourceInstance

_KINDS = {8: "u1", 16: "u2", 32: "u4"}


def check(source: SourceInstance, pixel_bytes: memoryview) -> None:
    """Refuse an uncompressed image with something in its unused bits.

    Parameters
    ----------
    pixel_bytes
        Value of (7FE0,0010).

    Raises
    ------
    OverlayInPixelsError
        Bits above High Bit are set and are neither the sign nor one padding value.
    """
    dataset = source.dataset
    allocated = integer(dataset, 0x00280100) or 0
    high_bit = integer(dataset, 0x00280102)
    if source.encapsulated or allocated not in _KINDS or high_bit is None:
        return
    # a header that contradicts itself says nothing of which bits are used; it is never shown
    if integer(dataset, 0x00280101) != high_bit + 1 or not 0 <= high_bit < allocated - 1:
        return
    order = "<" if source.little_endian else ">"
    size = allocated // 8
    pixels = np.frombuffer(
        pixel_bytes,
        dtype=order + _KINDS[allocated],
        count=source.pixel_length // size,
    )
    if hidden(pixels, high_bit=high_bit, signed=integer(dataset, 0x00280103) == 1):
        raise OverlayInPixelsError("bits above (0028,0102) HighBit")


def hidden(pixels: NDArray[np.unsignedinteger], *, high_bit: int, signed: bool) -> bool:
    """Whether the bits above `high_bit` hold more than sign or padding.

    Parameters
    ----------
    pixels
        Pixel cells as they are stored, any shape.
    """
    bits = pixels.dtype.itemsize * 8
    used = (1 << (high_bit + 1)) - 1
    above = ((1 << bits) - 1) & ~used
    if not int(np.bitwise_or.reduce(pixels, axis=None)) & above:
        return False
    odd = pixels[(pixels & above) != 0]
    if signed:
        negative = (1 << high_bit) | above
        odd = odd[(odd & negative) != negative]
    # one value for everything outside the reconstructed circle is padding
    return odd.size > 0 and bool((odd != odd[0]).any())
