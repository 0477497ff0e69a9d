"""Grey levels on the screen: the linear window function and its presets.

No standard fixes window presets and hospitals differ; all numbers here are proposals.

References
----------
DICOM PS3.3 C.11.2.1.2.1 (default LINEAR function).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class WindowPreset:
    """A named window. `source` says who proposes the numbers."""

    code: str
    name: str
    centre_hu: int
    width_hu: int
    purpose: str
    source: str


PRESETS: tuple[WindowPreset, ...] = (
    WindowPreset(
        code="intrathecal_contrast",
        name="Intrathecal contrast",
        centre_hu=300,
        width_hu=1000,
        purpose="contrast in the canal against cord and bone: crescent, pooling, leak",
        source="[proposal]",
    ),
    WindowPreset(
        code="soft_tissue",
        name="Soft tissue",
        centre_hu=50,
        width_hu=400,
        purpose="pump pocket, collections and muscle",
        source="[proposal] usual abdominal window",
    ),
    WindowPreset(
        code="bone",
        name="Bone",
        centre_hu=400,
        width_hu=1800,
        purpose="vertebrae, entry level, dense contrast",
        source="[proposal] usual bone window",
    ),
    WindowPreset(
        code="metal",
        name="Metal",
        centre_hu=1500,
        width_hu=4000,
        purpose="pump, connector and catheter tip marker",
        source="[proposal]",
    ),
)
"""In the order of the page; the first one is the default for a contrast study."""

PRESET_BY_CODE = {preset.code: preset for preset in PRESETS}


def apply_window(
    hounsfield: NDArray[np.generic], *, centre_hu: float, width_hu: float
) -> NDArray[np.uint8]:
    """Map HU to grey levels 0 to 255 with the LINEAR function.

    Parameters
    ----------
    hounsfield
        HU, any shape; it is not changed.

    Returns
    -------
    Grey levels, same shape.

    Raises
    ------
    ValueError
        `width_hu` is below 1, which (0028,1051) forbids for a LINEAR window.
    """
    if not width_hu >= 1:
        raise ValueError("Window Width (0028,1051) must be at least 1 for a LINEAR window")
    values = hounsfield.astype(np.float64)
    low = centre_hu - 0.5 - (width_hu - 1) / 2
    if width_hu == 1:
        return np.where(values > low, np.uint8(255), np.uint8(0))
    scaled = (values - (centre_hu - 0.5)) / (width_hu - 1) + 0.5
    return np.rint(np.clip(scaled, 0.0, 1.0) * 255).astype(np.uint8)
