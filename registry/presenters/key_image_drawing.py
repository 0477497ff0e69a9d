"""A key image with its marks as one drawing, to scale in the patient."""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass

from imaging.outbound import Picture

INK, HALO = "#ffd84d", "#000000"
OUTLINE_CORNERS = 72
Place = tuple[float, float]


@dataclass(frozen=True)
class DrawnMark:
    """A measurement on the image.

    `places_px` are columns and rows, (0, 0) the corner of the first pixel, in the order the reader
    drew them.
    """

    number: int
    kind: str
    places_px: Sequence[Place]


def draw(picture: Picture, marks: Sequence[DrawnMark], *, font_family: str) -> str:
    """The drawing as SVG; one unit is a millimetre."""
    width, height = picture.width_mm, picture.height_mm
    address = f"data:image/png;base64,{base64.b64encode(picture.png).decode()}"
    scale = (width / picture.columns, height / picture.rows)
    unit = max(width, height) / 250
    shapes = "".join(_mark(mark, scale=scale, unit=unit) for mark in marks)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 {width:.3f} {height:.3f}" width="{width:.3f}" height="{height:.3f}">'
        f'<image width="{width:.3f}" height="{height:.3f}" preserveAspectRatio="none" '
        f'xlink:href="{address}"/>'
        f'<g fill="none" stroke-linejoin="round" stroke-linecap="round" '
        f'font-family="{font_family}" font-size="{8 * unit:.3f}">{shapes}</g></svg>'
    )


def _mark(mark: DrawnMark, *, scale: Place, unit: float) -> str:
    places = [(column * scale[0], row * scale[1]) for column, row in mark.places_px]
    path = _path(mark.kind, places, unit=unit)
    x, y = _label_place(mark.kind, places)
    lines = "".join(
        f'<path d="{path}" stroke="{colour}" stroke-width="{width * unit:.3f}"/>'
        for colour, width in ((HALO, 2.2), (INK, 1.0))
    )
    text = "".join(
        f'<text x="{x + 3 * unit:.3f}" y="{y - 3 * unit:.3f}" {paint}>{mark.number}</text>'
        for paint in (
            f'fill="{HALO}" stroke="{HALO}" stroke-width="{1.6 * unit:.3f}"',
            f'fill="{INK}"',
        )
    )
    return lines + text


def _path(kind: str, places: Sequence[Place], *, unit: float) -> str:
    if kind == "ellipse":
        return _line(_ellipse(places), closed=True)
    if kind == "freehand":
        return _line(places, closed=True)
    if kind == "probe":
        (x, y) = places[0]
        arm = 4 * unit
        return _line([(x - arm, y), (x + arm, y)]) + _line([(x, y - arm), (x, y + arm)])
    if kind == "arrow":
        tip, tail = places
        return _line([tail, tip]) + _line(_arrow_head(tip, tail, side=6 * unit))
    return _line(places)


def _line(places: Sequence[Place], *, closed: bool = False) -> str:
    points = " L".join(f"{x:.3f} {y:.3f}" for x, y in places)
    return f"M{points}{' Z' if closed else ''}"


def _ellipse(places: Sequence[Place]) -> list[Place]:
    """Corners on the ellipse whose axes end in these places, as the viewer draws it."""
    (left, right, top, bottom) = places
    centre = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    one = ((right[0] - left[0]) / 2, (right[1] - left[1]) / 2)
    other = ((bottom[0] - top[0]) / 2, (bottom[1] - top[1]) / 2)
    turns = [2 * math.pi * step / OUTLINE_CORNERS for step in range(OUTLINE_CORNERS)]
    return [
        (
            centre[0] + one[0] * math.cos(turn) + other[0] * math.sin(turn),
            centre[1] + one[1] * math.cos(turn) + other[1] * math.sin(turn),
        )
        for turn in turns
    ]


def _arrow_head(tip: Place, tail: Place, *, side: float) -> list[Place]:
    direction = math.atan2(tail[1] - tip[1], tail[0] - tip[0])
    ends = [
        (tip[0] + side * math.cos(direction + turn), tip[1] + side * math.sin(direction + turn))
        for turn in (-0.4, 0.4)
    ]
    return [ends[0], tip, ends[1]]


def _label_place(kind: str, places: Sequence[Place]) -> Place:
    """Where nothing is drawn over what was pointed at: beside the tail of an arrow."""
    if kind == "arrow":
        return places[1]
    return max(places, key=lambda place: (place[0], -place[1]))
