"""Stored pixel values to Hounsfield units.

References
----------
DICOM PS3.3 C.8.2.1 (CT Image Module), C.11.1 (Modality LUT), C.7.6.3.1.1 (Bits Stored).
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .attributes import InstanceAttributes
from .errors import FrameNotDecodableError, MissingRescaleError

_INT16 = np.iinfo(np.int16)

F = TypeVar("F", np.float32, np.float64)


def hounsfield(
    stored: NDArray[np.generic],
    attributes: InstanceAttributes,
    *,
    as_type: type[F],
) -> NDArray[F]:
    """Convert stored CT pixel values to Hounsfield units.

    Parameters
    ----------
    stored
        Pixel values as stored, shape (rows, columns).

    Returns
    -------
    HU, shape (rows, columns).

    Raises
    ------
    MissingRescaleError
        The instance has no usable Rescale Slope or Intercept: its values would pass for HU.
    """
    slope, intercept = attributes.rescale_slope, attributes.rescale_intercept
    if not slope or intercept is None:
        raise MissingRescaleError
    return stored.astype(as_type) * as_type(slope) + as_type(intercept)


def padding_hu(attributes: InstanceAttributes) -> tuple[int, int] | None:
    """The HU, both ends included, that mean no measurement in the frames shown; None without any.

    The value is compared as `native_frame` gives it: a signed image may declare its padding
    unsigned.

    References
    ----------
    DICOM PS3.3 C.7.5.1.1.2 (Pixel Padding Value and Pixel Padding Range Limit).
    """
    first, slope, intercept = (
        attributes.pixel_padding_value,
        attributes.rescale_slope,
        attributes.rescale_intercept,
    )
    if first is None or not slope or intercept is None:
        return None
    last = attributes.pixel_padding_range_limit
    stored = [_as_stored(value, attributes) for value in (first, first if last is None else last)]
    low, high = sorted(round(value * slope + intercept) for value in stored)
    return int(np.clip(low, _INT16.min, _INT16.max)), int(np.clip(high, _INT16.min, _INT16.max))


def _as_stored(value: int, attributes: InstanceAttributes) -> int:
    bits = attributes.bits_stored
    if not bits:
        return value
    value &= (1 << bits) - 1
    negative = bool(attributes.pixel_representation) and value >> (bits - 1) == 1
    return value - (1 << bits) if negative else value


def hounsfield_undefined(attributes: InstanceAttributes) -> str | None:
    """Why the numbers of an instance are no Hounsfield units; None when they are.

    References
    ----------
    DICOM PS3.3 C.8.2.1.1.2 (Rescale Type; absent it means HU), C.8.2.1.1.1 (Image Type).
    """
    if not attributes.rescale_slope or attributes.rescale_intercept is None:
        return "The image has no usable Rescale Slope (0028,1053) or Intercept (0028,1052)."
    if attributes.rescale_type not in (None, "HU"):
        return "Rescale Type (0028,1054) says that the numbers are not Hounsfield units."
    if "LOCALIZER" in attributes.image_type:
        return "A localiser is a projection: its numbers are no Hounsfield units of any place."
    return None


def native_frame(
    raw: bytes, attributes: InstanceAttributes, *, little_endian: bool = True
) -> NDArray[np.signedinteger] | NDArray[np.unsignedinteger]:
    """The stored values of one native frame; unused high bits are masked out.

    Returns
    -------
    Stored values, shape (rows, columns), in the byte order of the machine.

    Raises
    ------
    FrameNotDecodableError
        The pixels are not displayable or `raw` has not the length of one frame.
    """
    rows, columns = attributes.rows, attributes.columns
    allocated, stored = attributes.bits_allocated, attributes.bits_stored
    if not attributes.displayable or not (rows and columns and allocated and stored):
        raise FrameNotDecodableError(attributes.not_displayable_reason or "no pixel description")
    if len(raw) != rows * columns * allocated // 8:
        raise FrameNotDecodableError("the frame has not the length that rows and columns say")
    kind = "i" if attributes.pixel_representation else "u"
    order = "<" if little_endian else ">"
    values = np.frombuffer(raw, dtype=f"{order}{kind}{allocated // 8}").reshape(rows, columns)
    values = values.astype(values.dtype.newbyteorder("="))
    unused = allocated - stored
    # shifting up and down again drops old overlays and carries the sign bit
    return np.right_shift(np.left_shift(values, unused), unused) if unused else values
