"""Where each box of a participant flow stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .arrows import MUTED
from .audit_words import FINDINGS, STOPPED

Children = dict[str | None, list[Mapping[str, Any]]]
"""Boxes by the key of the one they divide."""

WIDTH = 720
MAIN_X, MAIN_WIDTH, MAIN_HEIGHT = 60, 300, 52
SIDE_X, SIDE_WIDTH, SIDE_HEIGHT = 440, 278, 40
SIDE_GAP = 6
REASON_INDENT, REASON_HEIGHT, REASON_GAP = 22, 26, 3
FOOT_HEIGHT = 82
FOOT_GAP = 8
NARROW = 110
"""Boxes of the foot up to this width take smaller type."""
STEP = 40
"""Least space between two boxes of the main column; all lengths are units of the drawing."""


@dataclass(frozen=True)
class Mark:
    """Colour and glyph of what a box shows."""

    colour: str
    glyph: str


@dataclass(frozen=True)
class DrawnBox:
    """One box with its place; `role` is main, side, reason or foot; a reason divides a side box."""

    key: str
    label: str
    n: int | None
    role: str
    x: float
    y: float
    width: float
    height: float
    mark: Mark | None

    @property
    def middle_x(self) -> float:
        return self.x + self.width / 2

    @property
    def middle_y(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class Rest:
    """Those who leave the column and are in no box of the flow: counted, not listed."""

    label: str
    n: int
    y: float

    @property
    def middle_y(self) -> float:
        return self.y + SIDE_HEIGHT / 2


@dataclass(frozen=True)
class Layout:
    boxes: tuple[DrawnBox, ...]
    rests: tuple[Rest, ...]
    height: float

    def of_role(self, role: str) -> list[DrawnBox]:
        return [box for box in self.boxes if box.role == role]


def mark_of(key: str) -> Mark | None:
    """The mark of a box: that of its finding or of the way its study was stopped."""
    name = key.removeprefix("operated_")
    if key == "normal_not_operated":
        name = "normal_crescent"
    if key == "indeterminate_not_operated":
        name = "indeterminate"
    if name in FINDINGS:
        return Mark(FINDINGS[name].colour, FINDINGS[name].glyph)
    if name in STOPPED:
        return Mark(STOPPED[name].colour or MUTED, STOPPED[name].glyph or "octagon")
    return None


def layout(flow: Sequence[Mapping[str, Any]]) -> Layout:
    """Give every box of the flow its place."""
    children: Children = {}
    for box in flow:
        children.setdefault(box["parent"], []).append(box)
    boxes: list[DrawnBox] = []
    rests: list[Rest] = []
    current: Mapping[str, Any] = children[None][0]
    y = 1.0
    while True:
        boxes.append(_box(current, "main", MAIN_X, y, MAIN_WIDTH, MAIN_HEIGHT))
        below = y + MAIN_HEIGHT
        parts = children.get(current["key"], [])
        onward = next((part for part in parts if part["key"] in children), None)
        if onward is None:
            break
        leaving = [part for part in parts if part is not onward]
        counts = [current["n"], *(part["n"] for part in parts)]
        # Where one of them is masked, so is what is left over.
        rest = 0 if None in counts else counts[0] - sum(counts[1:])
        height = sum(_side_height(part, children) for part in leaving)
        height += SIDE_HEIGHT + SIDE_GAP if rest else 0
        step = max(STEP, height - 24)
        top = below + step / 2 - (height - SIDE_GAP) / 2
        for part in leaving:
            boxes += _side_boxes(part, children, y=top)
            top += _side_height(part, children)
        if rest:
            rests.append(Rest("Others" if leaving else f"Without {onward['label']}", rest, top))
        y = below + step
        current = onward
    if parts:
        boxes += _foot_boxes(parts, y=below + STEP)
        below += STEP + FOOT_HEIGHT
    lowest = max(box.y + box.height for box in boxes)
    return Layout(tuple(boxes), tuple(rests), max(below, lowest) + 1)


def _box(
    box: Mapping[str, Any], role: str, x: float, y: float, width: float, height: float
) -> DrawnBox:
    return DrawnBox(
        box["key"], box["label"], box["n"], role, x, y, width, height, mark_of(box["key"])
    )


def _reasons(part: Mapping[str, Any], children: Children) -> list[Mapping[str, Any]]:
    """Everything that divides a side box, each reason followed by what divides it further."""
    return [
        one
        for child in children.get(part["key"], [])
        for one in (child, *_reasons(child, children))
    ]


def _side_height(part: Mapping[str, Any], children: Children) -> float:
    """Of a side box with its reasons and the gap below."""
    reasons = len(_reasons(part, children))
    return SIDE_HEIGHT + reasons * (REASON_HEIGHT + REASON_GAP) + SIDE_GAP


def _side_boxes(part: Mapping[str, Any], children: Children, *, y: float) -> list[DrawnBox]:
    first = y + SIDE_HEIGHT + REASON_GAP
    return [
        _box(part, "side", SIDE_X, y, SIDE_WIDTH, SIDE_HEIGHT),
        *(
            _box(
                reason,
                "reason",
                SIDE_X + REASON_INDENT,
                first + n * (REASON_HEIGHT + REASON_GAP),
                SIDE_WIDTH - REASON_INDENT,
                REASON_HEIGHT,
            )
            for n, reason in enumerate(_reasons(part, children))
        ),
    ]


def _foot_boxes(parts: Sequence[Mapping[str, Any]], *, y: float) -> list[DrawnBox]:
    width = (WIDTH - 2 - (len(parts) - 1) * FOOT_GAP) / len(parts)
    return [
        _box(box, "foot", 1 + n * (width + FOOT_GAP), y, width, FOOT_HEIGHT)
        for n, box in enumerate(parts)
    ]
