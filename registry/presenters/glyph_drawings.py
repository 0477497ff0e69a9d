"""The findings' glyphs as drawings to place inside a figure."""

import base64
import re
from functools import cache
from pathlib import Path

import registry

FOLDER = Path(registry.__file__).parent / "islands" / "glyphs"
SIDE = 16
"""Width and height of every glyph in its own units."""


@cache
def source(name: str) -> str:
    """The glyph as a complete SVG document."""
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@cache
def drawing(name: str) -> str:
    """What is inside the glyph's `svg` element, in a square of `SIDE` units."""
    return re.sub(r"</?svg[^>]*>", "", source(name)).strip()


@cache
def data_address(name: str) -> str:
    """The glyph as an address that needs no server, for charts and documents."""
    encoded = base64.b64encode(source(name).encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"


def placed(name: str, *, x: float, y: float, side: float) -> str:
    """The glyph as an SVG group with its corner at x, y."""
    return f'<g transform="translate({x:g} {y:g}) scale({side / SIDE:g})">{drawing(name)}</g>'
