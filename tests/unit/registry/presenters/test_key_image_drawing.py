"""Marks are drawn where they lie, to scale."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from imaging.outbound import Picture
from registry.presenters.key_image_drawing import DrawnMark, draw

SVG = "{http://www.w3.org/2000/svg}"
PICTURE = Picture(b"PNG", columns=40, rows=20, width_mm=20.0, height_mm=20.0)
"""Pixels of half a millimetre by one."""


def paths(*marks):
    root = ElementTree.fromstring(draw(PICTURE, marks, font_family="Serif"))
    return [
        [tuple(map(float, point)) for point in re.findall(r"([\d.]+) ([\d.]+)", one.get("d"))]
        for one in root.iter(f"{SVG}path")
    ]


def test_pixels_become_millimetres():
    halo, line = paths(DrawnMark(1, "length", [(4, 5), (20, 10)]))
    assert halo == line == [(2, 5), (10, 10)]


def test_the_picture_fills_the_drawing():
    root = ElementTree.fromstring(draw(PICTURE, [], font_family="Serif"))
    image = root.find(f"{SVG}image")
    assert (image.get("width"), image.get("height")) == ("20.000", "20.000")
    assert image.get("{http://www.w3.org/1999/xlink}href") == "data:image/png;base64,UE5H"


def test_an_ellipse_touches_the_ends_of_both_axes():
    _, outline = paths(DrawnMark(1, "ellipse", [(10, 10), (30, 10), (20, 8), (20, 12)]))
    for end in [(5, 10), (15, 10), (10, 8), (10, 12)]:
        assert end in [(pytest.approx(x, abs=1e-3), pytest.approx(y, abs=1e-3)) for x, y in outline]


def test_an_arrow_ends_at_its_tip():
    _, arrow = paths(DrawnMark(1, "arrow", [(10, 10), (30, 10)]))
    assert arrow[:2] == [(15, 10), (5, 10)]
    assert arrow.count((5, 10)) == 2


@pytest.mark.parametrize(
    ("kind", "places"),
    [
        ("length", [(4, 5), (20, 10)]),
        ("angle", [(4, 5), (20, 10), (20, 2)]),
        ("ellipse", [(10, 10), (30, 10), (20, 8), (20, 12)]),
        ("freehand", [(4, 5), (20, 10), (8, 14)]),
        ("probe", [(4, 5)]),
        ("arrow", [(4, 5), (20, 10)]),
    ],
)
def test_every_kind_is_drawn_with_its_number(kind, places):
    root = ElementTree.fromstring(draw(PICTURE, [DrawnMark(7, kind, places)], font_family="Serif"))
    assert {one.text for one in root.iter(f"{SVG}text")} == {"7"}
    assert len(list(root.iter(f"{SVG}path"))) == 2
