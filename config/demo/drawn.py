"""What the readers of the demonstration drew on the synthetic CTs: read off the phantom's truth."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from uuid import UUID

import numpy as np
from scipy.ndimage import distance_transform_edt

from imaging.dicom.phantom_volume import PhantomVolume
from imaging.dicom.windowing import PRESETS
from registry.actions.read_marks import KeyImageEntry, MeasurementEntry
from registry.vocabulary import MeasurementKind

REACH_WORDS: Final = "Contrast, lowest to highest"


@dataclass(frozen=True)
class Drawn:
    """The marks on one synthetic series; none where it shows no contrast.

    Parameters
    ----------
    series
        Public id of the series as it was stored.
    """

    volume: PhantomVolume
    series: UUID

    def marks(self) -> dict[str, Any]:
        """As `actions.reads.sign` takes them."""
        if not self.volume.contrast.any():
            return {}
        slices = self.volume.hu.shape[0]
        return {
            "measurements": [self._ellipse(), self._reach()],
            "key_images": [self._key_image()],
            "images_shown": {self.series: (slices, slices)},
        }

    @cached_property
    def _fullest(self) -> int:
        """The slice with most contrast."""
        return int(np.argmax(self.volume.contrast.sum(axis=(1, 2))))

    @cached_property
    def _middle_mm(self) -> tuple[float, float, float]:
        """Where the contrast of that slice is widest."""
        depth = self._depth_pixels
        row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
        x_mm, y_mm, _ = self.volume.origin_mm
        _, row_mm, column_mm = self.volume.spacing_mm
        return x_mm + column * column_mm, y_mm + row * row_mm, self._height_mm(self._fullest)

    @cached_property
    def _depth_pixels(self) -> Any:
        return distance_transform_edt(self.volume.contrast[self._fullest])

    def _ellipse(self) -> MeasurementEntry:
        x_mm, y_mm, z_mm = self._middle_mm
        radius_mm = float(self._depth_pixels.max()) * self.volume.spacing_mm[1]
        ends = [
            [x_mm - radius_mm, y_mm, z_mm],
            [x_mm + radius_mm, y_mm, z_mm],
            [x_mm, y_mm - radius_mm, z_mm],
            [x_mm, y_mm + radius_mm, z_mm],
        ]
        return MeasurementEntry(MeasurementKind.ELLIPSE.value, self.series, self._fullest, ends)

    def _reach(self) -> MeasurementEntry:
        """From the lowest to the highest slice with contrast, on a reformatted plane."""
        x_mm, y_mm, _ = self._middle_mm
        slices = np.flatnonzero(self.volume.contrast.any(axis=(1, 2)))
        ends = [[x_mm, y_mm, self._height_mm(int(at))] for at in (slices[0], slices[-1])]
        return MeasurementEntry(
            MeasurementKind.LENGTH.value, self.series, None, ends, text=REACH_WORDS
        )

    def _key_image(self) -> KeyImageEntry:
        window = next(preset for preset in PRESETS if preset.code == "intrathecal_contrast")
        return KeyImageEntry(self.series, self._fullest, window.centre_hu, window.width_hu)

    def _height_mm(self, at: int) -> float:
        return self.volume.origin_mm[2] + at * self.volume.spacing_mm[0]
