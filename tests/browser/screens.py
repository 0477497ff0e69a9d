"""The screens on which pages are tried."""

import os

import pytest

WARD, DESK = (1366, 768), (1920, 1080)

# What a page looks like does not depend on the database: the large screen is tried with SQLite.
SCREENS = [WARD] if "DATABASE_URL" in os.environ else [WARD, DESK]


def on(*screens: tuple[int, int]) -> list[object]:
    return [pytest.param(size, id=f"{size[0]}x{size[1]}") for size in screens]
