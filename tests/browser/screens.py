"""The screens on which pages are tried."""

import pytest

WARD, DESK = (1366, 768), (1920, 1080)


def on(*screens: tuple[int, int]) -> list[object]:
    return [pytest.param(size, id=f"{size[0]}x{size[1]}") for size in screens]


on_both_screens = pytest.mark.parametrize("page", on(WARD, DESK), indirect=True)
"""For what a larger screen shows in another way; the rest is tried on the ward's."""
