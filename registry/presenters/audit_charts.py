"""The charts of an audit, each one Vega-Lite specification for page and paper.

Own numbers are told from published ones by shape, fill and word, findings by colour, glyph and
word: none by colour alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from registry.audit.comparators import COMPARATORS, OWN_STUDY
from registry.audit.leak_sites import LEAK_SITES, SITE_NOT_RECORDED
from registry.vocabulary import ImagingFindingCode

from .audit_words import FINDINGS, Result, interval, percent
from .glyph_drawings import data_address

Href = Callable[[str], str | None]
Spec = dict[str, Any]

OWN_COLOUR = "#34449a"
PUBLISHED_COLOUR = "#595959"
OWN = "this audit"
PUBLISHED = "published"
GAP = "\N{EN SPACE}"
ROW_HEIGHT = 18
BAR_HEIGHT = 28
SITE_HEIGHT = 22
PAPER_WIDTH = 640
"""Width of a chart on paper, in CSS pixels, with its labels."""

MEASURES = ("ct_rate", "not_aspirable", "study_yield", "verified_abnormal", "verified_normal")
SITES_OF_THE_ABSTRACT = (
    "pump_pocket_around_pump",
    "lumbar_canal_below_entry",
    "lumbar_outside_canal",
)


Datasets = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Chart:
    """A chart with the words around it; `table` names the table that holds the same numbers."""

    key: str
    title: str
    caption: str
    spec: Spec
    table: str
    wide: bool = False
    finding: ImagingFindingCode | None = None


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


def charts(result: Result, medium: Medium) -> list[Chart]:
    """All charts of a result."""
    rows = [row for row in _compared(result) if row["measure"] in MEASURES]
    operated = [row for row in _compared(result) if row["measure"].startswith("operated_finding_")]
    found = [
        Chart(
            "rates",
            "Rates beside the published ones",
            "Circle: this audit. Diamond: Abousamra 2016. Square: Delhaas, adults. Bars are exact "
            "95 % intervals (Clopper-Pearson). Unadjusted: populations and units differ.",
            _forest(rows, medium),
            "comparators",
            wide=True,
        ),
        Chart(
            "operated",
            "Findings of those operated on",
            "Share of each finding among the patients whose study an operation verifies. Circle: "
            "this audit. Diamond: Abousamra 2016. Bars are exact 95 % intervals (Clopper-Pearson).",
            _forest(operated, medium),
            "comparators",
            wide=True,
        ),
        Chart(
            "findings",
            "Findings of the completed studies",
            "Patients by primary finding. Full colour: an operation followed within the window; "
            "pale: none did. Proportions are of all completed studies.",
            _findings(result, medium),
            "findings",
        ),
    ]
    sites = _sites(result)
    if sites:
        found.append(
            Chart(
                "leak_sites",
                "Sites of the leaks",
                "Patients with a leak at the site, of all with a leak, with exact 95 % intervals "
                "(Clopper-Pearson). A leak may have several sites; all sites are in the table.",
                _site_chart(sites, medium),
                "leak_sites",
                finding=ImagingFindingCode.LEAK,
            )
        )
    return found


def svg(spec: Spec) -> str:
    """The chart as an SVG document."""
    return str(vl_convert.vegalite_to_svg(spec))


def _layered(*layers: alt.Chart, datasets: Datasets, height: int, medium: Medium) -> Spec:
    """One specification; each layer has its own axis of rows, so that words stand on both sides."""
    spec: Spec = alt.layer(*layers).to_dict(validate=False)
    # Set on the specification itself: Altair copies everything drawn so far at each setting.
    spec |= {
        "width": medium.width or "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 2,
        "background": "transparent",
        "resolve": {"scale": {"y": "independent"}},
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
    return spec


# ------------------------------------------------------------------------------ own and published


def _compared(result: Result) -> list[dict[str, Any]]:
    """Own rows and the published rows below each, as the table of comparators lists them."""
    table = next(table for table in result["tables"] if table["key"] == COMPARATORS.key)
    rows: list[dict[str, Any]] = []
    measure = ""
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        own = row["study"] == OWN_STUDY
        measure = row["key"] if own else measure
        rows.append(
            {
                "measure": measure,
                "kind": OWN if own else PUBLISHED,
                "study": row["study"],
                "label": row["measure"] if own else row["study"],
                "fraction": f"{row['numerator']}/{row['denominator']}",
                "value": row["value"],
                "lower": row["lower"],
                "upper": row["upper"],
                "words": f"{percent(row['value'])} ({interval(row['lower'], row['upper'])})"
                if row["value"] is not None
                else percent(None),
            }
        )
    return rows


def _forest(rows: list[dict[str, Any]], medium: Medium) -> Spec:
    for number, row in enumerate(rows):
        # Two digits keep the order, the third character tells own rows from published ones.
        row["row"] = f"{number:02}{'o' if row['kind'] == OWN else 'p'}{row['label']}"
        row["cases"] = _address(medium, row["measure"]) if row["kind"] == OWN else None
    order = [row["row"] for row in rows]
    numbers = {row["row"]: f"{row['fraction']}{GAP}{row['words']}" for row in rows}
    is_own = "slice(datum.value, 2, 3) == 'o'"
    weight = alt.condition(is_own, alt.value(600), alt.value(400))
    left = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, labelFontWeight=weight,
        labelExpr=f"({is_own} ? '' : '\u2003') + slice(datum.value, 3)",
    )  # fmt: skip
    right = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, orient="right",
        labelFontWeight=weight, labelExpr=f"{_lookup(numbers)}[datum.value]",
    )  # fmt: skip
    base = alt.Chart(alt.NamedData("rows"))
    y = alt.Y("row:N", sort=order, axis=left)
    x = _percent_axis()
    colour = alt.Color(
        "kind:N", legend=None,
        scale=alt.Scale(domain=[OWN, PUBLISHED], range=[OWN_COLOUR, PUBLISHED_COLOUR]),
    )  # fmt: skip
    whisker = base.mark_rule(strokeWidth=1.8).encode(
        y=y, x=alt.X("lower:Q", **x), x2="upper:Q", color=colour, tooltip=_tooltip()
    )
    studies = list(dict.fromkeys(row["study"] for row in rows))
    shapes = [_shape(study) for study in studies]
    point = base.mark_point(size=70, strokeWidth=1.8, opacity=1).encode(
        y=alt.Y("row:N", sort=order, axis=None), x=alt.X("value:Q", **x),
        color=colour, tooltip=_tooltip(),
        fill=alt.condition(f"datum.kind == '{OWN}'", alt.value(OWN_COLOUR), alt.value("#ffffff")),
        shape=alt.Shape("study:N", scale=alt.Scale(domain=studies, range=shapes), legend=None),
        href="cases:N",
    )  # fmt: skip
    # An invisible layer of its own carries the numbers as an axis at the right.
    second = base.mark_point(opacity=0).encode(y=alt.Y("row:N", sort=order, axis=right))
    return _layered(
        whisker, point, second,
        datasets={"rows": _without_none(rows)}, height=ROW_HEIGHT * len(rows), medium=medium,
    )  # fmt: skip


def _shape(study: str) -> str:
    if study == OWN_STUDY:
        return "circle"
    return "diamond" if study.startswith("Abousamra") else "square"


# ---------------------------------------------------------------------------------- the findings


def _findings(result: Result, medium: Medium) -> Spec:
    estimates = {estimate["key"]: estimate for estimate in result["estimates"]}
    table = next(table for table in result["tables"] if table["key"] == "findings")
    bars: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        finding = FINDINGS.get(row["key"])
        if finding is None and (row["key"] == "total" or not row["completed"]):
            continue
        estimate = estimates.get(f"finding_{row['key']}")
        names.append(_finding_name(row, finding, estimate, medium.glyph_address))
        bars += [
            {
                "label": row["label"],
                "colour": finding.colour if finding else PUBLISHED_COLOUR,
                "followed": followed,
                "order": order,
                "patients": row[column],
                "cases": _address(medium, f"findings.{row['key']}.{column}"),
            }
            for order, (followed, column) in enumerate(
                [("operated", "operated"), ("not operated", "not_operated")]
            )
            if row[column]
        ]
    order = [name["label"] for name in names]
    numbers = {name["label"]: name["words"] for name in names}
    y = alt.Y(
        "label:N", sort=None, scale=alt.Scale(domain=order),
        axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=34),
    )  # fmt: skip
    colours = sorted({bar["colour"] for bar in bars})
    scale = alt.Scale(domain=colours, range=colours)
    colour = alt.Color("colour:N", scale=scale, legend=None)
    stacked = (
        alt.Chart(alt.NamedData("bars"))
        .mark_bar(height=18, strokeWidth=1.2)
        .encode(
            y=y,
            x=alt.X(
                "patients:Q", stack="zero",
                axis=alt.Axis(title="patients", tickMinStep=1, grid=False, format="d"),
            ),
            color=colour,
            stroke=alt.Stroke("colour:N", scale=scale, legend=None),
            fillOpacity=alt.condition(
                "datum.followed == 'operated'", alt.value(1), alt.value(0.22)
            ),
            order=alt.Order("order:Q"),
            href="cases:N",
            tooltip=[
                alt.Tooltip("label:N", title="Finding"),
                alt.Tooltip("followed:N", title="Then"),
                alt.Tooltip("patients:Q", title="Patients"),
            ],
        )
    )  # fmt: skip
    marked = [name for name in names if name["glyph"]]
    glyphs = (
        alt.Chart(alt.NamedData("marked"))
        .mark_image(width=18, height=18)
        .encode(
            y=alt.Y("label:N", sort=None, scale=alt.Scale(domain=order), axis=None),
            x=alt.value(-18),
            url="glyph:N",
        )
    )
    right = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, orient="right",
        labelExpr=f"{_lookup(numbers)}[datum.value]",
    )  # fmt: skip
    second = (
        alt.Chart(alt.NamedData("names"))
        .mark_point(opacity=0)
        .encode(y=alt.Y("label:N", sort=None, scale=alt.Scale(domain=order), axis=right))
    )
    return _layered(
        stacked, glyphs, second,
        datasets={"bars": _without_none(bars), "names": names, "marked": marked},
        height=BAR_HEIGHT * max(len(names), 1), medium=medium,
    )  # fmt: skip


def _finding_name(
    row: Mapping[str, Any],
    finding: ImagingFindingCode | None,
    estimate: Mapping[str, Any] | None,
    address: Callable[[str], str],
) -> dict[str, Any]:
    words = str(row["completed"])
    if estimate is not None:
        words = (
            f"{estimate['numerator']}/{estimate['denominator']}{GAP}{percent(estimate['value'])}"
        )
        if estimate["value"] is not None:
            words += f" ({interval(estimate['lower'], estimate['upper'])})"
    return {
        "label": row["label"],
        "words": words,
        "glyph": address(finding.glyph) if finding else "",
    }


# -------------------------------------------------------------------------------- the leak sites


def _sites(result: Result) -> list[dict[str, Any]]:
    """Sites with a leak, and the three of the abstract where there is any leak at all."""
    table = next(table for table in result["tables"] if table["key"] == LEAK_SITES.key)
    rows = [dict(zip(table["columns"], cells, strict=True)) for cells in table["rows"]]
    if not any(row["leaks"] for row in rows):
        return []
    return [
        {
            "key": row["key"],
            "row": row["label"],
            "value": row["value"],
            "lower": row["lower"],
            "upper": row["upper"],
            "fraction": f"{row['patients']}/{row['leaks']}",
            "words": f"{row['patients']}/{row['leaks']}{GAP}{percent(row['value'])} "
            f"({interval(row['lower'], row['upper'])})"
            if row["value"] is not None
            else f"{row['patients']}/{row['leaks']}",
        }
        for row in rows
        if row["patients"] or row["key"] in SITES_OF_THE_ABSTRACT
    ]


def _site_chart(sites: list[dict[str, Any]], medium: Medium) -> Spec:
    for site in sites:
        column = f"leak_sites.{site['key']}.patients"
        number = column if site["key"] == SITE_NOT_RECORDED else f"leak_site_{site['key']}"
        site["cases"] = _address(medium, number)
    order = [site["row"] for site in sites]
    numbers = {site["row"]: site["words"] for site in sites}
    base = alt.Chart(alt.NamedData("rows"))
    y = alt.Y(
        "row:N", sort=order,
        axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=8),
    )  # fmt: skip
    colour = alt.value(FINDINGS["leak"].colour)
    tooltip = [alt.Tooltip("row:N", title="Site"), alt.Tooltip("words:N", title="Patients")]
    whisker = base.mark_rule(strokeWidth=1.8).encode(
        y=y, x=alt.X("lower:Q", **_percent_axis()), x2="upper:Q", color=colour, tooltip=tooltip
    )
    point = base.mark_point(size=70, filled=True, opacity=1).encode(
        y=alt.Y("row:N", sort=order, axis=None),
        x=alt.X("value:Q", **_percent_axis()),
        color=colour,
        href="cases:N",
        tooltip=tooltip,
    )
    right = alt.Axis(
        title=None, ticks=False, domain=False, labelPadding=8, orient="right",
        labelExpr=f"{_lookup(numbers)}[datum.value]",
    )  # fmt: skip
    second = base.mark_point(opacity=0).encode(y=alt.Y("row:N", sort=order, axis=right))
    return _layered(
        whisker, point, second,
        datasets={"rows": _without_none(sites)}, height=SITE_HEIGHT * len(sites), medium=medium,
    )  # fmt: skip


# ---------------------------------------------------------------------------------- common parts


def _percent_axis() -> dict[str, Any]:
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


def _address(medium: Medium, key: str) -> str | None:
    return medium.href(key) if medium.href else None


def _tooltip() -> list[alt.Tooltip]:
    return [
        alt.Tooltip("label:N", title="Measure"),
        alt.Tooltip("study:N", title="Study"),
        alt.Tooltip("fraction:N", title="n/N"),
        alt.Tooltip("words:N", title="Proportion"),
    ]


def _lookup(words: Mapping[str, str]) -> str:
    """A Vega expression that maps a label to its words."""
    return "{" + ", ".join(f"{_quoted(key)}: {_quoted(text)}" for key, text in words.items()) + "}"


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _without_none(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Undefined values are left out: a null would be drawn at 0."""
    return [{key: value for key, value in row.items() if value is not None} for row in rows]
