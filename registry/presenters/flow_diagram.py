"""The participant flow as a drawn figure, after STARD 2015 (doi:10.1136/bmj.h5527).

The main column leads down; whoever leaves it stands at the right, with the reasons below where they
are counted; the last box of the column divides into the row at the bottom. Those whom no box of the
flow names stand in a dashed one, so that all who are drawn last add up to the first box::

    [ patients ]
         |----------> [ without ... ]
    [ ct_studied ]
         |----------> [ stopped_not_aspirable ]
         |                |-[ reason ]
    [ completed ]
         |----------> [ normal_not_operated ]
    [ operated ]
      |     |     |     |
    [   ] [   ] [   ] [   ]

Only presentation attributes are used: the page's security policy forbids inline styles.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .arrows import MUTED, arrow_down, arrow_right, line
from .audit_words import balance
from .flow_layout import (
    NARROW,
    REASON_GAP,
    REASON_HEIGHT,
    REASON_INDENT,
    SIDE_HEIGHT,
    SIDE_WIDTH,
    SIDE_X,
    STEP,
    WIDTH,
    DrawnBox,
    Layout,
    Rest,
    layout,
)
from .glyph_drawings import placed

Href = Callable[[str], str | None]
"""Address of the cases behind a number, by its key; None where they cannot be opened."""

INK, LINE, PAPER = "#1b232d", "#838c99", "#ffffff"
MASKED = "masked"
LETTER_WIDTH = 0.56
"""Mean width of a letter in units of the type size; errs on the wide side."""


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
    words = "; ".join(f"{box['label']} {count_words(box['n'])}" for box in flow)
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {plan.height:g}" '
            f'width="{WIDTH}" height="{plan.height:g}" font-size="13" fill="{INK}"{font} '
            f'role="group" aria-labelledby="{id_prefix}-title {id_prefix}-desc">',
            f'<title id="{id_prefix}-title">Participant flow</title>',
            f'<desc id="{id_prefix}-desc">{escape(words)}.</desc>',
            *_connections(plan),
            *(_rest(one) for one in plan.rests),
            *(
                _linked(box, _drawn(box), _sum(flow, box), unit=unit, href=href)
                for box in plan.boxes
            ),
            "</svg>",
        ]
    )


def count_words(n: int | None) -> str:
    """The count, or that it is masked, as in a public edition."""
    return MASKED if n is None else str(n)


def _sum(flow: Sequence[Mapping[str, Any]], box: DrawnBox) -> str:
    if any(one["n"] is None for one in flow):
        return count_words(box.n)
    return balance(flow, box.key)


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
    return frame + TEXTS[box.role](box)


def _main_text(box: DrawnBox) -> str:
    return _text(box.middle_x, box.y + 20, box.label, anchor="middle") + _number(
        box, box.middle_x, box.y + 42, size=19, anchor="middle"
    )


def _side_text(box: DrawnBox) -> str:
    baseline = box.middle_y + 4.5
    right = box.x + box.width - (6 if box.n is None else 14)
    label_x = box.x + 12
    drawing = ""
    if box.mark:
        drawing = placed(box.mark.glyph, x=label_x, y=box.middle_y - 9, side=18)
        label_x += 26
    return (
        drawing
        + _text(label_x, baseline, box.label)
        + _number(
            box, right, baseline if box.n is None else box.middle_y + 6, size=17, anchor="end"
        )
    )


def _reason_text(box: DrawnBox) -> str:
    baseline = box.middle_y + 4.5
    drawing, label_x = "", box.x + 10
    if box.mark:
        drawing = placed(box.mark.glyph, x=label_x, y=box.middle_y - 8, side=16)
        label_x += 23
    return (
        drawing
        + _text(label_x, baseline, box.label, size=12)
        + _number(box, box.x + box.width - 14, baseline, size=14, anchor="end")
    )


def _rest(one: Rest) -> str:
    """A dashed box: nobody in it can be opened."""
    baseline = one.middle_y + 4.5
    return (
        f"<g><title>{escape(f'{one.label}: {one.n}')}</title>"
        f'<rect class="box rest" x="{SIDE_X}" y="{one.y:g}" width="{SIDE_WIDTH}" '
        f'height="{SIDE_HEIGHT}" rx="3" fill="{PAPER}" stroke="{LINE}" stroke-dasharray="4 3"/>'
        + _text(SIDE_X + 12, baseline, one.label)
        + f'<text class="n" x="{SIDE_X + SIDE_WIDTH - 14}" y="{one.middle_y + 6:g}" '
        f'text-anchor="end" font-size="17" font-weight="700">{one.n}</text></g>'
    )


def _foot_text(box: DrawnBox) -> str:
    parts = []
    size = 21 if box.n is not None else 11
    digits = len(count_words(box.n)) * size * LETTER_WIDTH
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


TEXTS = {"main": _main_text, "side": _side_text, "reason": _reason_text, "foot": _foot_text}


def _wrapped(label: str, width: float) -> list[str]:
    if len(label) * 13 * LETTER_WIDTH <= width or " " not in label:
        return [label]
    head, _, tail = label.partition(" ")
    return [head, tail]


def _text(x: float, y: float, words: str, *, anchor: str = "start", size: int = 13) -> str:
    place = f'x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"'
    return f"<text {place}>{escape(words)}</text>"


def _number(box: DrawnBox, x: float, y: float, *, size: int, anchor: str) -> str:
    look = f'font-size="{size}" font-weight="700"'
    if box.n is None:
        look = f'font-size="11" font-style="italic" fill="{MUTED}"'
    return (
        f'<text class="n" data-n="{box.key}" x="{x:g}" y="{y:g}" text-anchor="{anchor}" '
        f"{look}>{count_words(box.n)}</text>"
    )


def _connections(plan: Layout) -> list[str]:
    main = plan.of_role("main")
    drawn = [
        arrow_down(upper.middle_x, upper.y + upper.height, lower.y)
        for upper, lower in pairwise(main)
    ]
    column = main[0].middle_x
    leaving: list[DrawnBox | Rest] = [*plan.of_role("side"), *plan.rests]
    drawn += [arrow_right(column, one.middle_y, SIDE_X) for one in leaving]
    drawn += [
        # From the middle of the one above, which covers what would cross it.
        line(
            f"M{SIDE_X + REASON_INDENT / 2:g} {box.middle_y - REASON_HEIGHT - REASON_GAP:g}"
            f"V{box.middle_y:g}H{box.x:g}"
        )
        for box in plan.of_role("reason")
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
        drawn += [arrow_down(box.middle_x, bus, box.y) for box in foot]
    return drawn
