"""The participant flow as a drawn figure, after STARD 2015 (doi:10.1136/bmj.h5527).

The main column leads down; whoever leaves it stands at the right; the last box of the column
divides into the row at the bottom::

    [ patients ]
         |            n without ...
    [ ct_studied ]
         |----------> [ stopped_not_aspirable ]
    [ completed ]
         |----------> [ normal_not_operated ]
    [ operated ]
      |     |     |     |
    [   ] [   ] [   ] [   ]

Only presentation attributes are used: the page's security policy forbids inline styles.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .audit_words import FINDINGS, STOPPED, balance
from .glyph_drawings import placed

Href = Callable[[str], str | None]
"""Address of the cases behind a number, by its key; None where they cannot be opened."""

WIDTH = 720
MAIN_X, MAIN_WIDTH, MAIN_HEIGHT = 60, 300, 52
SIDE_X, SIDE_WIDTH, SIDE_HEIGHT = 440, 278, 40
SIDE_GAP = 6
FOOT_HEIGHT = 82
FOOT_GAP = 8
NARROW = 110
"""Boxes of the foot up to this width take smaller type."""
STEP = 40
"""Least space between two boxes of the main column; all lengths are units of the drawing."""

INK, MUTED, LINE, PAPER = "#1b232d", "#4c5765", "#838c99", "#ffffff"
LETTER_WIDTH = 0.56
"""Mean width of a letter in units of the type size; errs on the wide side."""


@dataclass(frozen=True)
class Mark:
    """Colour and glyph of what a box shows."""

    colour: str
    glyph: str


@dataclass(frozen=True)
class DrawnBox:
    """One box with its place; `role` is main, side or foot."""

    key: str
    label: str
    n: int
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
class Note:
    """Words beside the column for those who are counted but not listed."""

    text: str
    y: float


@dataclass(frozen=True)
class Layout:
    boxes: tuple[DrawnBox, ...]
    notes: tuple[Note, ...]
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
    children: dict[str | None, list[Mapping[str, Any]]] = {}
    for box in flow:
        children.setdefault(box["parent"], []).append(box)
    boxes: list[DrawnBox] = []
    notes: list[Note] = []
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
        step = max(STEP, len(leaving) * (SIDE_HEIGHT + SIDE_GAP) - 24)
        boxes += _side_boxes(leaving, middle=below + step / 2)
        rest = current["n"] - sum(part["n"] for part in parts)
        if rest:
            words = f"{rest} without {onward['label']}" if not leaving else f"{rest} others"
            notes.append(Note(words, below + step / 2))
        y = below + step
        current = onward
    if parts:
        boxes += _foot_boxes(parts, y=below + STEP)
        below += STEP + FOOT_HEIGHT
    return Layout(tuple(boxes), tuple(notes), below + 1)


def _box(
    box: Mapping[str, Any], role: str, x: float, y: float, width: float, height: float
) -> DrawnBox:
    return DrawnBox(
        box["key"], box["label"], box["n"], role, x, y, width, height, mark_of(box["key"])
    )


def _side_boxes(leaving: Sequence[Mapping[str, Any]], *, middle: float) -> list[DrawnBox]:
    total = len(leaving) * SIDE_HEIGHT + (len(leaving) - 1) * SIDE_GAP
    top = middle - total / 2
    return [
        _box(box, "side", SIDE_X, top + n * (SIDE_HEIGHT + SIDE_GAP), SIDE_WIDTH, SIDE_HEIGHT)
        for n, box in enumerate(leaving)
    ]


def _foot_boxes(parts: Sequence[Mapping[str, Any]], *, y: float) -> list[DrawnBox]:
    width = (WIDTH - 2 - (len(parts) - 1) * FOOT_GAP) / len(parts)
    return [
        _box(box, "foot", 1 + n * (width + FOOT_GAP), y, width, FOOT_HEIGHT)
        for n, box in enumerate(parts)
    ]


def draw(
    flow: Sequence[Mapping[str, Any]],
    *,
    unit: str,
    href: Href | None = None,
    font_family: str | None = None,
    id_prefix: str = "flow",
) -> str:
    """The flow as an SVG element.

    Parameters
    ----------
    flow
        Boxes as `AuditResult.to_json` lists them.
    unit
        What the boxes count ("patients").
    href
        Makes every box a link; None draws boxes only.
    font_family
        For documents that bring their own type; None takes the page's.
    """
    plan = layout(flow)
    font = "" if font_family is None else f" font-family={quoteattr(font_family)}"
    words = "; ".join(f"{box['label']} {box['n']}" for box in flow)
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {plan.height:g}" '
            f'width="{WIDTH}" height="{plan.height:g}" font-size="13" fill="{INK}"{font} '
            f'role="group" aria-labelledby="{id_prefix}-title {id_prefix}-desc">',
            f'<title id="{id_prefix}-title">Participant flow</title>',
            f'<desc id="{id_prefix}-desc">{escape(words)}.</desc>',
            *_connections(plan),
            *(
                f'<text class="note" x="{SIDE_X}" y="{note.y + 4.5:g}" fill="{MUTED}">'
                f"{escape(note.text)}</text>"
                for note in plan.notes
            ),
            *(
                _linked(box, _drawn(box), balance(flow, box.key), unit=unit, href=href)
                for box in plan.boxes
            ),
            "</svg>",
        ]
    )


def _linked(box: DrawnBox, drawing: str, sum_of: str, *, unit: str, href: Href | None) -> str:
    address = href(box.key) if href else None
    if address is None:
        return f"<g><title>{escape(f'{box.label}: {sum_of}')}</title>{drawing}</g>"
    # Names the link, too.
    title = escape(f"{box.label}: {box.n} {unit} ({sum_of}). Open them.")
    # The class is the page's own word for "not underlined"; a box is seen to be a link by hovering.
    return (
        f'<a href={quoteattr(address)} class="text-decoration-none">'
        f"<title>{title}</title>{drawing}</a>"
    )


def _drawn(box: DrawnBox) -> str:
    frame = (
        f'<rect class="box" data-box="{box.key}" x="{box.x:g}" y="{box.y:g}" '
        f'width="{box.width:g}" height="{box.height:g}" rx="3" fill="{PAPER}" stroke="{LINE}"/>'
    )
    return frame + {"main": _main_text, "side": _side_text, "foot": _foot_text}[box.role](box)


def _main_text(box: DrawnBox) -> str:
    return _text(box.middle_x, box.y + 20, box.label, anchor="middle") + _number(
        box, box.middle_x, box.y + 42, size=19, anchor="middle"
    )


def _side_text(box: DrawnBox) -> str:
    baseline = box.middle_y + 4.5
    label_x = box.x + 12
    drawing = ""
    if box.mark:
        drawing = placed(box.mark.glyph, x=label_x, y=box.middle_y - 9, side=18)
        label_x += 26
    return (
        drawing
        + _text(label_x, baseline, box.label)
        + _number(box, box.x + box.width - 14, box.middle_y + 6, size=17, anchor="end")
    )


def _foot_text(box: DrawnBox) -> str:
    parts = []
    digits = len(str(box.n)) * 21 * LETTER_WIDTH
    number_x = box.middle_x
    if box.mark:
        parts.append(
            f'<path fill="{box.mark.colour}" d="M{box.x:g} {box.y + 6:g}v-3a3 3 0 0 1 3-3'
            f'h{box.width - 6:g}a3 3 0 0 1 3 3v3z"/>'
        )
        left = box.middle_x - (24 + 8 + digits) / 2
        parts.append(placed(box.mark.glyph, x=left, y=box.y + 15, side=24))
        number_x = left + 32 + digits / 2
    lines = _wrapped(box.label, box.width - 10)
    first = box.y + (63 if len(lines) == 1 else 56)
    size = 13 if box.width > NARROW else 12
    parts += [
        _text(box.middle_x, first + 15 * n, line, anchor="middle", size=size)
        for n, line in enumerate(lines)
    ]
    parts.append(_number(box, number_x, box.y + 34, size=21, anchor="middle"))
    return "".join(parts)


def _wrapped(label: str, width: float) -> list[str]:
    if len(label) * 13 * LETTER_WIDTH <= width or " " not in label:
        return [label]
    head, _, tail = label.partition(" ")
    return [head, tail]


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 13) -> str:
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"'
    return f"<text {place}>{escape(words)}</text>"


def _number(box: DrawnBox, x: float, y: float, *, size: int, anchor: str) -> str:
    return (
        f'<text class="n" data-n="{box.key}" x="{x:g}" y="{y:g}" text-anchor="{anchor}" '
        f'font-size="{size}" font-weight="700">{box.n}</text>'
    )


def _connections(plan: Layout) -> list[str]:
    main = plan.of_role("main")
    drawn = [
        _arrow_down(upper.middle_x, upper.y + upper.height, lower.y)
        for upper, lower in pairwise(main)
    ]
    column = main[0].middle_x
    drawn += [_arrow_right(column, box.middle_y, box.x) for box in plan.of_role("side")]
    drawn += [
        f'<path class="arrow" d="M{column:g} {note.y:g}H{SIDE_X - 8}" fill="none" stroke="{MUTED}" '
        f'stroke-width="1.25" stroke-dasharray="3 3"/>'
        for note in plan.notes
    ]
    foot = plan.of_role("foot")
    if foot:
        top = main[-1].y + main[-1].height
        bus = top + STEP / 2 - 4
        first, last = foot[0].middle_x, foot[-1].middle_x
        drawn.append(
            f'<path class="arrow" d="M{column:g} {top:g}V{bus:g}M{min(first, column):g} {bus:g}'
            f'H{max(last, column):g}" fill="none" stroke="{MUTED}" stroke-width="1.25"/>'
        )
        drawn += [_arrow_down(box.middle_x, bus, box.y) for box in foot]
    return drawn


def _arrow_down(x: float, y: float, to_y: float) -> str:
    return _line(f"M{x:g} {y:g}V{to_y - 6:g}") + _head(f"M{x - 4.5:g} {to_y - 8:g}h9l-4.5 8z")


def _arrow_right(x: float, y: float, to_x: float) -> str:
    return _line(f"M{x:g} {y:g}H{to_x - 6:g}") + _head(f"M{to_x - 8:g} {y - 4.5:g}v9l8-4.5z")


def _line(path: str) -> str:
    return f'<path class="arrow" d="{path}" fill="none" stroke="{MUTED}" stroke-width="1.25"/>'


def _head(path: str) -> str:
    return f'<path class="arrow-head" d="{path}" fill="{MUTED}"/>'
