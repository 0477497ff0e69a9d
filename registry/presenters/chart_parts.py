"""What all charts of an audit are made of."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from registry.vocabulary import ImagingFindingCode

from .glyph_drawings import data_address

Href = Callable[[str], str | None]
Spec = dict[str, Any]
Datasets = dict[str, list[dict[str, Any]]]

GAP = "\N{EN SPACE}"
"""Between a fraction and its percentage."""


@dataclass(frozen=True)
class Medium:
    """Where charts appear.

    Parameters
    ----------
    href
        Address of the cases behind a number; None draws no links.
    glyph_address
        Where a glyph is found; a page may only load from its own site, a document brings its own.
    width
        In CSS pixels; None fits the chart to its place in the page.
    font
        Typeface; None takes the page's.
    """

    href: Href | None = None
    glyph_address: Callable[[str], str] = data_address
    width: int | None = None
    font: str | None = None


@dataclass(frozen=True)
class Chart:
    """A chart with the words around it; `table` names the table that holds the same numbers.

    What Vega-Lite cannot say is drawn by us: then `drawing` is the figure as SVG, and `spec` empty.
    """

    key: str
    title: str
    caption: str
    spec: Spec
    table: str
    wide: bool = False
    finding: ImagingFindingCode | None = None
    drawing: str = ""


def layered(*layers: alt.Chart, datasets: Datasets, height: int, medium: Medium) -> Spec:
    """One specification; each layer has its own axis of rows, so that words stand on both sides."""
    spec: Spec = alt.layer(*layers).to_dict(validate=False)
    return spec | {"resolve": {"scale": {"y": "independent"}}} | framed(datasets, height, medium)


ON_PAGE: Final[Spec] = {"usermeta": {"onPage": True}}
"""Of a chart whose lines and words stand on the page and not on fills of its own.

The page may draw it in the colours of its dark theme (`islands/charts.ts`).
"""


def framed(datasets: Datasets, height: int, medium: Medium) -> Spec:
    """Size, type and data, set on the specification itself.

    Altair would copy everything drawn so far at each setting.
    """
    return {
        "width": medium.width or "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 2,
        "background": "transparent",
        "config": {
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 12,
                "labelLimit": 300,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
            },
        }
        | ({} if medium.font is None else {"font": medium.font}),
        "datasets": datasets,
    }


def percent_axis() -> dict[str, Any]:
    return {
        "scale": alt.Scale(domain=[0, 1]),
        "axis": alt.Axis(
            title="proportion, with exact 95 % interval",
            values=[0, 0.25, 0.5, 0.75, 1],
            labelExpr="datum.value * 100 + ' %'",
            domain=False,
            ticks=False,
        ),
    }


def coefficient_axis() -> dict[str, Any]:
    """From -1 to 1; below 0 two agree less often than chance would make them."""
    return {
        "scale": alt.Scale(domain=[-1, 1], clamp=True),
        "axis": alt.Axis(
            title="coefficient, with 95 % interval", values=[-1, -0.5, 0, 0.5, 1], domain=False,
            ticks=False,
        ),
    }  # fmt: skip


def whole_ticks(largest: int) -> list[int]:
    """At most seven marks of an axis that counts people: 0 to the largest, never a half.

    Vega would mark 0.5 and print it as 1.
    """
    step = next(
        step
        for power in range(len(str(largest)) + 1)
        for step in (10**power, 2 * 10**power, 5 * 10**power)
        if largest <= 6 * step
    )
    return list(range(0, largest + 1, step))


def place(field: str, order: list[str], axis: alt.Axis | None) -> alt.Y:
    """Rows in their order, also in a layer that draws only some of them."""
    return alt.Y(field, sort=None, scale=alt.Scale(domain=order), axis=axis)


def link(medium: Medium) -> dict[str, str]:
    return {"href": "cases:N"} if medium.href else {}


def address(medium: Medium, key: str) -> str | None:
    return medium.href(key) if medium.href else None


def lookup(words: Mapping[str, str]) -> str:
    """A Vega expression that maps a label to its words."""
    return "{" + ", ".join(f"{_quoted(key)}: {_quoted(text)}" for key, text in words.items()) + "}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def without_none(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Undefined values are left out: a null would be drawn at 0."""
    return [{key: value for key, value in row.items() if value is not None} for row in rows]


def words_at_left(*, padding: int = 8, **options: Any) -> alt.Axis:
    """The names of the rows."""
    return alt.Axis(title=None, ticks=False, domain=False, labelPadding=padding, **options)


def words_at_right(words: Mapping[str, str], **options: Any) -> alt.Axis:
    """The numbers of the rows, by name of the row."""
    return alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, orient="right",
        labelExpr=f"{lookup(words)}[datum.value]", **options,
    )  # fmt: skip
