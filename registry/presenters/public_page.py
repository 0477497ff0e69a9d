"""The public edition of a report in words and figures, for the preview, paper and CSV alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from registry.audit.protocol import Column, Form, Protocol
from registry.audit.public_edition import MASKED

from . import flow_diagram
from .audit_tables import LIMITS, NOTHING, Cell, Row, TableInWords
from .audit_tables import Column as ColumnInWords
from .audit_words import (
    Result,
    confidence,
    filter_line,
    filter_words,
    interval,
    limits_words,
    number,
    percent,
    published_words,
)
from .flow_diagram import MASKED as MASKED_WORD
from .flow_diagram import count_words

PROPORTION = "value"


@dataclass(frozen=True)
class Rate:
    """One rate that is read first; what is masked says so."""

    label: str
    fraction: str
    value: str
    limits: str
    method: str
    published: str


@dataclass(frozen=True)
class PublicPage:
    """All that a public edition says."""

    protocol: Protocol
    content: Result
    flow_svg: SafeString
    rates: list[Rate]
    tables: list[TableInWords]
    filters: list[tuple[str, str]]
    filter_line: str
    statement: list[tuple[str, str]]

    @property
    def rules(self) -> list[str]:
        return [self.content["pairing"]["text"], *self.content["rules"]]


def page(content: Result, protocol: Protocol, *, font_family: str | None = None) -> PublicPage:
    """The edition as it is shown and set on paper; nothing of it can be opened."""
    drawing = flow_diagram.draw(content["flow"], unit=content["unit"], font_family=font_family)
    return PublicPage(
        protocol=protocol,
        content=content,
        # Every text in the drawing is escaped where it is drawn.
        flow_svg=mark_safe(drawing),  # noqa: S308
        rates=[_rate(one) for one in content["estimates"] if one["key"] in protocol.headline],
        tables=[*tables(content, protocol)],
        filters=filter_words(content),
        filter_line=filter_line(content),
        statement=statement(content),
    )


def statement(content: Result) -> list[tuple[str, str]]:
    """By which rule the edition was made, and how many numbers that concerns."""
    edition = content["edition"]
    rule = edition["rule"]
    left_out = "; ".join(edition["left_out"])
    return [
        ("Public edition", f"Rule {rule['name']}, version {rule['version']}"),
        ("Suppression limit", str(edition["limit"])),
        ("Numbers masked", str(edition["masked"])),
        *([("Left out", left_out)] if left_out else []),
    ]


def _rate(estimate: Mapping[str, Any]) -> Rate:
    whole = "value" not in estimate.get("masked", ())
    limits = interval(estimate["lower"], estimate["upper"])
    return Rate(
        label=estimate["label"],
        fraction=f"{count_words(estimate['numerator'])}/{count_words(estimate['denominator'])}",
        value=percent(estimate["value"]) if whole else MASKED_WORD,
        limits=limits if whole else "",
        method=confidence(estimate) if whole and limits else "",
        published=published_words(estimate["published"]),
    )


def tables(content: Result, protocol: Protocol) -> Iterator[TableInWords]:
    """Flow, estimates, the protocol's own tables, and curves at whole years."""
    yield _flow(content)
    yield _estimates(content)
    for table in content["tables"]:
        yield _own(table, protocol)
    if content["curves"]:
        yield _curves(content["curves"])


def _flow(content: Result) -> TableInWords:
    depth: dict[str | None, int] = {None: -1}
    rows = []
    for box in content["flow"]:
        depth[box["key"]] = depth[box["parent"]] + 1
        label = "\N{EM SPACE}" * depth[box["key"]] + box["label"]
        rows.append(Row((Cell(label), Cell(count_words(box["n"]), numeric=True))))
    return TableInWords(
        key="flow",
        title="Participant flow in numbers",
        note="A box counts some of those in the box it is set in from.",
        columns=(ColumnInWords("Box"), ColumnInWords(content["unit"].capitalize(), True)),
        rows=tuple(rows),
    )


def _estimates(content: Result) -> TableInWords:
    rows = []
    for one in content["estimates"]:
        rate = _rate(one)
        rows.append(
            Row(
                (
                    Cell(one["label"]),
                    Cell(count_words(one["numerator"]), numeric=True),
                    Cell(count_words(one["denominator"]), numeric=True),
                    Cell(rate.value, numeric=True),
                    Cell(rate.limits or NOTHING, numeric=True),
                    Cell(rate.published or NOTHING),
                )
            )
        )
    methods = dict.fromkeys(confidence(one) for one in content["estimates"])
    headings = ("Estimate", "n", "N", "Proportion", "Interval", "Published figure")
    return TableInWords(
        key="estimates",
        title="All estimates",
        note=f"n is the numerator, N the denominator; both count {content['unit']}. Intervals: "
        f"{', '.join(methods)}; those of published figures are computed here.",
        columns=tuple(ColumnInWords(words, 0 < n < 5) for n, words in enumerate(headings)),
        rows=tuple(rows),
    )


def _own(table: Mapping[str, Any], protocol: Protocol) -> TableInWords:
    description = protocol.table(table["key"])
    columns = [one for one in description.columns if one.key in table["columns"]]
    shown = [
        one
        for one in columns
        if one.key not in ("key", *LIMITS, "printed", "status") and not one.key.endswith("_upper")
    ]
    rows = []
    for cells in table["rows"]:
        row = dict(zip(table["columns"], cells, strict=True))
        rows.append(Row(tuple(_cell(row, one) for one in shown)))
    return TableInWords(
        key=table["key"],
        title=description.label,
        note=description.note,
        columns=tuple(
            ColumnInWords(
                "Proportion (95 % interval)"
                if one.key == PROPORTION and set(LIMITS) <= set(table["columns"])
                else one.label,
                one.counts or one.form is not None or one.key == PROPORTION,
            )
            for one in shown
        ),
        rows=tuple(rows),
    )


def _cell(row: Mapping[str, Any], column: Column) -> Cell:
    value = row[column.key]
    numeric = column.counts or column.form is not None or column.key == PROPORTION
    if value == MASKED:
        return Cell(MASKED_WORD, numeric=numeric)
    if column.form is not None and column.key.endswith("_lower"):
        upper = row.get(f"{column.key.removesuffix('_lower')}_upper")
        return Cell(limits_words(value, upper, column.form) or NOTHING, numeric=True)
    if column.form is not None:
        return Cell(number(value, column.form) or NOTHING, numeric=True)
    if column.key == PROPORTION:
        words = NOTHING if value is None else percent(value)
        limits = interval(row.get("lower"), row.get("upper"))
        return Cell(f"{words} ({limits})" if limits else words, numeric=True)
    return Cell(NOTHING if value is None else str(value), numeric=numeric)


def _curves(curves: list[Mapping[str, Any]]) -> TableInWords:
    rows = [
        Row(
            (
                Cell(curve["label"]),
                Cell(str(year), numeric=True),
                Cell(number(value, Form.PERCENT), numeric=True),
                Cell(interval(lower, upper) or NOTHING, numeric=True),
            )
        )
        for curve in curves
        for year, value, lower, upper in curve["points"]
    ]
    return TableInWords(
        key="curves",
        title="Curves at whole years",
        note=(
            "Years after the start, where enough are still watched and enough events lie between "
            "two of them. The curve itself is not public: each of its steps is somebody."
        ),
        columns=(
            ColumnInWords("Curve"),
            ColumnInWords("Year", True),
            ColumnInWords("Free of the event", True),
            ColumnInWords("95 % interval", True),
        ),
        rows=tuple(rows),
    )
