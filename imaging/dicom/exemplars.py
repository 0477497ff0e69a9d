"""What each finding looks like, drawn from the phantom: a part of a slice beside a sagittal slab.

`python -m imaging.dicom.exemplars FOLDER` writes them; a test compares the stored ones.
"""

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .phantom_contrast import PhantomFinding
from .phantom_volume import PhantomVolume, make_volume_hu
from .picture import png
from .windowing import PRESETS

SEED = 7
SHOWN = tuple(finding for finding in PhantomFinding if finding is not PhantomFinding.NO_CONTRAST)
SIDE_PX = 240
"""Height of a picture, and width of its slice."""

SLICE_MM = 120.0
SLAB_MM = 20.0
SAGITTAL_MM = 120.0


def exemplar(finding: PhantomFinding) -> NDArray[np.uint8]:
    """Grey levels, shape (rows, columns): the slice at the left, the slab at the right.

    Both are centred on the contrast of the slice that holds most of it, and seen in the window for
    intrathecal contrast.
    """
    volume = make_volume_hu(finding, seed=SEED)
    slice_index = int(volume.contrast.sum(axis=(1, 2)).argmax())
    row, column = (
        round(float(place)) for place in np.argwhere(volume.contrast[slice_index]).mean(axis=0)
    )
    return np.concatenate(
        [_slice(volume, slice_index, row, column), _slab(volume, row, column)], axis=1
    )


def write(folder: Path) -> None:
    """Write one PNG file for each finding that contrast can show."""
    folder.mkdir(parents=True, exist_ok=True)
    for finding in SHOWN:
        (folder / f"{finding.value}.png").write_bytes(png(exemplar(finding)))


def _slice(volume: PhantomVolume, slice_index: int, row: int, column: int) -> NDArray[np.uint8]:
    _, row_mm, column_mm = volume.spacing_mm
    part = _around(volume.hu[slice_index], row, column, SLICE_MM / row_mm, SLICE_MM / column_mm)
    return _grey(_resized(part, SIDE_PX, SIDE_PX))


def _slab(volume: PhantomVolume, row: int, column: int) -> NDArray[np.uint8]:
    """The brightest value across the slab; head up, front at the left."""
    slice_mm, row_mm, column_mm = volume.spacing_mm
    half = round(SLAB_MM / 2 / column_mm)
    brightest = volume.hu[:, :, max(0, column - half) : column + half + 1].max(axis=2)[::-1]
    height_mm = brightest.shape[0] * slice_mm
    part = _around(
        brightest, brightest.shape[0] // 2, row, brightest.shape[0], SAGITTAL_MM / row_mm
    )
    return _grey(_resized(part, SIDE_PX, round(SIDE_PX * SAGITTAL_MM / height_mm)))


def _around(
    hu: NDArray[np.int16], row: int, column: int, rows: float, columns: float
) -> NDArray[np.int16]:
    """A part of an image around a place, moved inwards at an edge."""
    cut = []
    for place, size, whole in zip((row, column), (rows, columns), hu.shape, strict=True):
        wanted = min(round(size), whole)
        first = min(max(0, place - wanted // 2), whole - wanted)
        cut.append(slice(first, first + wanted))
    return hu[tuple(cut)]


def _resized(hu: NDArray[np.int16], rows: int, columns: int) -> NDArray[np.float64]:
    """Interpolated linearly along rows, then along columns."""
    down = np.linspace(0, hu.shape[0] - 1, rows)
    across = np.linspace(0, hu.shape[1] - 1, columns)
    wide = np.array([np.interp(across, np.arange(hu.shape[1]), line) for line in hu])
    return np.array([np.interp(down, np.arange(hu.shape[0]), line) for line in wide.T]).T


def _grey(hu: NDArray[np.float64]) -> NDArray[np.uint8]:
    window = PRESETS[0]
    share = (hu - window.centre_hu) / window.width_hu + 0.5
    grey: NDArray[np.uint8] = np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return grey


if __name__ == "__main__":
    write(Path(sys.argv[1]))
