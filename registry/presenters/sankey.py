"""A Sankey diagram as a drawn figure: stages from left to right, bands as wide as their number.

Every band is a link that the keyboard reaches; only presentation attributes are used. Their colours
are those of paper; a page gives words and nodes its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from .glyph_drawings import placed

WIDTH = 820
HEIGHT = 330
TOP = 34
NODE_WIDTH = 12
NODE_GAP = 15
"""Leaves room for the words beside a node of a single study."""

COLUMNS = (180, 320, 470, 630)
"""Left edge of the nodes of each stage; the first has its words at the left. There is room for the
longest in a wide typeface."""

INK, MUTED, PAPER = "#1b232d", "#4c5765", "#ffffff"
BAND, NODE = "#8b95a3", "#4c5765"


@dataclass(frozen=True)
class Mark:
    """Colour and glyph of a node; its bands share the colour."""

    colour: str
    glyph: str


@dataclass(frozen=True)
class Band:
    """Those who go from one node to the next; nodes are named by stage and key, "ct:leak"."""

    start: str
    end: str
    n: int
    href: str | None


@dataclass(frozen=True)
class Node:
    name: str
    n: int
    x: float
    y: float
    height: float


def nodes_of(bands: Sequence[Band], stages: Mapping[str, Sequence[str]]) -> dict[str, Node]:
    """Every node that somebody passes, placed below each other in the order of its stage."""
    n: dict[str, int] = {}
    first = next(iter(stages))
    for band in bands:
        n[band.end] = n.get(band.end, 0) + band.n
        if band.start.startswith(f"{first}:"):
            n[band.start] = n.get(band.start, 0) + band.n
    total = sum(count for name, count in n.items() if name.startswith(f"{first}:"))
    passed = {
        stage: [f"{stage}:{key}" for key in keys if f"{stage}:{key}" in n]
        for stage, keys in stages.items()
    }
    most = max(len(names) for names in passed.values())
    unit = (HEIGHT - NODE_GAP * (most - 1)) / max(total, 1)
    placed_nodes = {}
    for x, names in zip(COLUMNS, passed.values(), strict=True):
        y = float(TOP)
        for name in names:
            placed_nodes[name] = Node(name, n[name], x, y, n[name] * unit)
            y += n[name] * unit + NODE_GAP
    return placed_nodes


def draw(
    bands: Sequence[Band],
    *,
    stages: Mapping[str, Sequence[str]],
    headings: Sequence[str],
    labels: Mapping[str, str],
    marks: Mapping[str, Mark],
    unit: str,
    font_family: str | None = None,
) -> str:
    """The diagram as an SVG element.

    Parameters
    ----------
    stages
        Keys that may stand at each stage, from left to right.
    labels, marks
        By node.
    unit
        What the bands count ("studies").
    """
    nodes = nodes_of(bands, stages)
    height = max(node.y + node.height for node in nodes.values()) + 12
    font = "" if font_family is None else f" font-family={quoteattr(font_family)}"
    words = "; ".join(f"{labels[band.start]} to {labels[band.end]} {band.n}" for band in bands)
    places = [
        f'<text x="{x + NODE_WIDTH / 2:g}" y="16" font-size="12" font-weight="700" '
        f'text-anchor="middle" class="muted" fill="{MUTED}">{escape(heading)}</text>'
        for x, heading in zip(COLUMNS, headings, strict=True)
    ]
    return "".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" '
            f'width="{WIDTH}" height="{height:g}" font-size="12" fill="{INK}"{font} role="group" '
            f'aria-labelledby="ways-title ways-desc"><title id="ways-title">'
            f'{escape(" to ".join(headings))}</title><desc id="ways-desc">{escape(words)}.</desc>',
            *places,
            *_bands(bands, nodes, labels, marks, unit),
            *(_node(node, labels[name], marks.get(name)) for name, node in nodes.items()),
            "</svg>",
        ]
    )


def _bands(
    bands: Sequence[Band],
    nodes: Mapping[str, Node],
    labels: Mapping[str, str],
    marks: Mapping[str, Mark],
    unit: str,
) -> list[str]:
    left = {name: node.y for name, node in nodes.items()}
    right = dict(left)
    drawn = []
    for band in bands:
        start, end = nodes[band.start], nodes[band.end]
        thick = band.n * start.height / start.n
        x0, x1 = start.x + NODE_WIDTH, end.x
        y0, y1 = right[band.start], left[band.end]
        right[band.start] += thick
        left[band.end] += thick
        bend = (x0 + x1) / 2
        path = (
            f"M{x0:g} {y0:.2f}C{bend:g} {y0:.2f} {bend:g} {y1:.2f} {x1:g} {y1:.2f}V{y1 + thick:.2f}"
            f"C{bend:g} {y1 + thick:.2f} {bend:g} {y0 + thick:.2f} {x0:g} {y0 + thick:.2f}Z"
        )
        colour = marks[band.start].colour if band.start in marks else BAND
        shape = f'<path class="band" d="{path}" fill="{colour}" fill-opacity="0.45"/>'
        said = f"{labels[band.start]}, then {labels[band.end]}: {band.n} {unit}"
        if band.href is None:
            drawn.append(f"<g><title>{escape(said)}</title>{shape}</g>")
        else:
            drawn.append(
                f'<a href={quoteattr(band.href)} class="text-decoration-none">'
                f"<title>{escape(f'{said}. Open them.')}</title>{shape}</a>"
            )
    return drawn


def _node(node: Node, label: str, mark: Mark | None) -> str:
    colour = mark.colour if mark else NODE
    bar = (
        f'<rect class="node" data-node="{escape(node.name)}" x="{node.x:g}" y="{node.y:.2f}" '
        f'width="{NODE_WIDTH}" height="{node.height:.2f}" fill="{colour}"/>'
    )
    baseline = node.y + node.height / 2 + 4
    text = f"{label} ({node.n})"
    if node.x != COLUMNS[0]:
        return bar + (
            f'<text x="{node.x + NODE_WIDTH + 5:g}" y="{baseline:.2f}" paint-order="stroke" '
            f'stroke="{PAPER}" stroke-width="3" stroke-opacity="0.85">{escape(text)}</text>'
        )
    words_end = node.x - 6
    glyph = ""
    if mark:
        glyph = placed(mark.glyph, x=node.x - 22, y=baseline - 12, side=16)
        words_end -= 22
    return (
        f'{bar}{glyph}<text x="{words_end:g}" y="{baseline:.2f}" text-anchor="end">'
        f"{escape(text)}</text>"
    )
