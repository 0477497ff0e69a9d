"""Where places of the patient fall on a stage of the viewer, worked out without the viewer.

A stage shows the whole slice or volume, as large as it fits, in its middle.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator

BORDER_PX = 1


@dataclass(frozen=True)
class Stage:
    """A stage on the page that shows a rectangle of `width_mm` by `height_mm`."""

    locator: Locator
    width_mm: float
    height_mm: float

    @property
    def mm_per_px(self) -> float:
        width, height = self._inner()
        return max(self.width_mm / width, self.height_mm / height)

    def at(self, right_mm: float, down_mm: float) -> tuple[int, int]:
        """The pixel of the page at a distance from the upper left corner of the rectangle."""
        box = self.locator.bounding_box()
        assert box is not None
        return (
            round(box["x"] + box["width"] / 2 + (right_mm - self.width_mm / 2) / self.mm_per_px),
            round(box["y"] + box["height"] / 2 + (down_mm - self.height_mm / 2) / self.mm_per_px),
        )

    def drag(self, start_mm: tuple[float, float], end_mm: tuple[float, float]) -> None:
        mouse = self.locator.page.mouse
        mouse.move(*self.at(*start_mm))
        mouse.down()
        mouse.move(*self.at(*end_mm), steps=3)
        mouse.up()

    def click(self, right_mm: float, down_mm: float) -> None:
        self.locator.page.mouse.click(*self.at(right_mm, down_mm))

    def placed_mm(self, right_mm: float, down_mm: float) -> tuple[float, float]:
        """The place that was really pressed: the page knows whole pixels only."""
        box = self.locator.bounding_box()
        assert box is not None
        x, y = self.at(right_mm, down_mm)
        return (
            (x - box["x"] - box["width"] / 2) * self.mm_per_px + self.width_mm / 2,
            (y - box["y"] - box["height"] / 2) * self.mm_per_px + self.height_mm / 2,
        )

    def _inner(self) -> tuple[float, float]:
        box = self.locator.bounding_box()
        assert box is not None
        return box["width"] - 2 * BORDER_PX, box["height"] - 2 * BORDER_PX
