"""Hounsfield units as a picture for a screen: window, region, size, PNG or JPEG.

References
----------
DICOM PS3.3 C.11.2.1.2 (window), C.11.2.1.3 (functions of it); PS3.18 8.3.5 (what may be asked).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .jpeg import jpeg
from .picture import png
from .windowing import PRESETS, apply_window

LARGEST_SIDE = 4096
LINEAR, LINEAR_EXACT, SIGMOID = "linear", "linear-exact", "sigmoid"
FUNCTIONS = (LINEAR, LINEAR_EXACT, SIGMOID)
PNG, JPEG = "image/png", "image/jpeg"
MOST_EXPONENT = 700.0


@dataclass(frozen=True, slots=True)
class Rendering:
    """How a frame shall look.

    Attributes
    ----------
    window_centre_hu, window_width_hu
        None: the window of the image, else the preset for contrast.
    largest_columns, largest_rows
        The picture is made as large as fits, its proportions kept; None: as it is.
    region
        Left, top, columns and rows of the image that are shown; None: all of it.
    quality
        Of a JPEG, 1 to 100.
    """

    media_type: str
    window_centre_hu: float | None = None
    window_width_hu: float | None = None
    function: str = LINEAR
    largest_columns: int | None = None
    largest_rows: int | None = None
    region: tuple[int, int, int, int] | None = None
    quality: int = 90

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        region = plain["region"]
        return cls(**{**plain, "region": tuple(region) if region else None})


def render(
    hounsfield: NDArray[np.floating],
    rendering: Rendering,
    *,
    own_window_hu: tuple[float, float] | None,
) -> bytes:
    """The picture file.

    Parameters
    ----------
    hounsfield
        HU, shape (rows, columns).
    own_window_hu
        Centre and width that the image brings along.
    """
    left, top, columns, rows = rendering.region or (0, 0, *hounsfield.shape[::-1])
    shown = hounsfield[top : top + rows, left : left + columns]
    levels = _levels(shown, rendering, own_window_hu)
    picture = _resized(levels, *_size(shown.shape, rendering))
    if rendering.media_type == PNG:
        return png(picture)
    return jpeg(picture, quality=rendering.quality)


def _levels(
    hounsfield: NDArray[np.floating], rendering: Rendering, own: tuple[float, float] | None
) -> NDArray[np.uint8]:
    centre, width = rendering.window_centre_hu, rendering.window_width_hu
    if centre is None or width is None:
        centre, width = own or (PRESETS[0].centre_hu, PRESETS[0].width_hu)
    if rendering.function == LINEAR:
        return apply_window(hounsfield, centre_hu=centre, width_hu=max(width, 1.0))
    scaled = (hounsfield.astype(np.float64) - centre) / width
    if rendering.function == SIGMOID:
        share = 1 / (1 + np.exp(np.clip(-4 * scaled, -MOST_EXPONENT, MOST_EXPONENT)))
    else:
        share = np.clip(scaled + 0.5, 0.0, 1.0)
    return np.rint(share * 255).astype(np.uint8)


def _size(shape: tuple[int, ...], rendering: Rendering) -> tuple[int, int]:
    """Rows and columns of the picture."""
    rows, columns = shape
    if rendering.largest_columns is None or rendering.largest_rows is None:
        return rows, columns
    scale = min(rendering.largest_rows / rows, rendering.largest_columns / columns)
    return max(1, round(rows * scale)), max(1, round(columns * scale))


def _resized(levels: NDArray[np.uint8], rows: int, columns: int) -> NDArray[np.uint8]:
    """Each new pixel is the mean of what it covers, so that nothing thin is lost."""
    if levels.shape == (rows, columns):
        return levels
    narrow = _averaged(levels.astype(np.float64), columns)
    return np.rint(_averaged(narrow.T, rows).T).astype(np.uint8)


def _averaged(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Means over `count` equal parts of each row."""
    old = values.shape[1]
    sums = np.concatenate((np.zeros((len(values), 1)), np.cumsum(values, axis=1)), axis=1)
    edges = np.linspace(0, old, count + 1)
    whole = np.minimum(edges.astype(np.int64), old - 1)
    part = edges - whole
    at_edges = sums[:, whole] * (1 - part) + sums[:, whole + 1] * part
    means: NDArray[np.float64] = np.diff(at_edges, axis=1) * (count / old)
    return means
