"""The tables of an audit in words, for page and paper alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from registry.audit.comparators import COMPARATORS
from registry.audit.matched_arms import BALANCE
from registry.audit.protocol import Form, Protocol
from registry.vocabulary import ImagingFindingCode, StudyOutcomeCode

from .audit_words import (
    FINDINGS,
    STOPPED,
    Result,
    balance,
    characteristic,
    confidence,
    described,
    interval,
    is_own,
    limits_words,
    number,
    percent,
    published_words,
)

Href = Callable[[str], str | None]

NOTHING = "–"
LIMITS = ("lower", "upper")
"""Columns that stand inside the cell of the proportion they belong to."""


@dataclass(frozen=True)
class Cell:
    """One cell; `href` opens the cases behind its number, `mark` is drawn before its words."""

    text: str
    numeric: bool = False
    href: str | None = None
    mark: ImagingFindingCode | StudyOutcomeCode | None = None


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    strong: bool = False


@dataclass(frozen=True)
class Column:
    label: str
    numeric: bool = False


@dataclass(frozen=True)
class TableInWords:
    key: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(default=())
    when_empty: str = "Nothing to count."

    @property
    def has_links(self) -> bool:
        """Whether a keyboard gets into the table, and so to what lies beside the window."""
        return any(cell.href for row in self.rows for cell in row.cells)


MOST_ROWS: Final = 200
"""Nobody reads more of a table that goes study by study; no page grows with the registry."""


def no_links(key: str) -> None:
    """For paper: no number can be opened."""
    return


def flow_table(result: Result, href: Href = no_links) -> TableInWords:
    """What the figure draws, box by box, with the sum that makes each."""
    flow = result["flow"]
    depth: dict[str | None, int] = {None: -1}
    rows = []
    for box in flow:
        depth[box["key"]] = depth[box["parent"]] + 1
        rows.append(
            Row(
                (
                    Cell("\N{EM SPACE}" * depth[box["key"]] + box["label"]),
                    Cell(str(box["n"]), numeric=True, href=href(box["key"])),
                    Cell(balance(flow, box["key"]), numeric=True),
                )
            )
        )
    return TableInWords(
        key="flow",
        title="Participant flow in numbers",
        note="Every box is what enters its parent minus what leaves elsewhere.",
        columns=(Column("Box"), Column(result["unit"].capitalize(), True), Column("Sum", True)),
        rows=tuple(rows),
    )


def counted_words(result: Result) -> str:
    """What numerators and denominators of the estimates count."""
    units = {one["unit"] for one in result["estimates"]}
    return str(result["unit"]) if units <= {result["unit"]} else "what the label says"


def estimates_table(result: Result, href: Href = no_links) -> TableInWords:
    """Every estimate with numerator, denominator, interval, method and published figure."""
    methods = {confidence(estimate) for estimate in result["estimates"]}
    windows = dict.fromkeys(one["window"] for one in result["estimates"] if one["window"])
    method = methods.pop() if len(methods) == 1 else ""
    rows = []
    for estimate in result["estimates"]:
        key = estimate["key"]
        limits = interval(estimate["lower"], estimate["upper"]) or NOTHING
        cells = (
            Cell(estimate["label"]),
            Cell(str(estimate["numerator"]), numeric=True, href=href(key)),
            Cell(str(estimate["denominator"]), numeric=True, href=href(f"{key}.denominator")),
            Cell(percent(estimate["value"]), numeric=True),
            Cell(limits if method else f"{limits} ({confidence(estimate)})", numeric=True),
            Cell(published_words(estimate["published"]) or NOTHING),
        )
        rows.append(Row(cells))
    return TableInWords(
        key="estimates",
        title="All estimates",
        note=" ".join(
            [
                f"n is the numerator, N the denominator; both count {counted_words(result)}.",
                *([f"Window: {'; '.join(windows)}."] if windows else []),
                "Intervals of published figures are computed here.",
            ]
        ),
        columns=(
            Column("Estimate"),
            Column("n", True),
            Column("N", True),
            Column("Proportion", True),
            Column(method or "Interval", True),
            Column("Published figure"),
        ),
        rows=tuple(rows),
    )


def tables(result: Result, protocol: Protocol, href: Href = no_links) -> list[TableInWords]:
    """The protocol's own tables, in its order."""
    return [_table(table, protocol, href) for table in result["tables"]]


def _cut(table: Mapping[str, Any]) -> str:
    found = len(table["rows"])
    if found <= MOST_ROWS:
        return ""
    return f"The first {MOST_ROWS} of {found} rows; JSON and CSV have all."


def _table(table: Mapping[str, Any], protocol: Protocol, href: Href) -> TableInWords:
    description = described(protocol, table)
    if description is None:
        labels = {key: key for key in table["columns"]}
        counted: set[str] = set()
    else:
        labels = {column.key: column.label for column in description.columns}
        counted = {column.key for column in description.columns if column.counts}
    forms = {
        column.key: column.form
        for column in (description.columns if description else ())
        if column.form is not None
    }
    hidden = {"key", *LIMITS} | {key for key in forms if key.endswith("_upper")}
    if forms:
        # The reason stands in the place of the number it explains.
        hidden.add("reason")
    if table["key"] == COMPARATORS.key:
        hidden |= {"printed", "status"}
    shown = [key for key in table["columns"] if key not in hidden]
    if "value" in shown and set(LIMITS) <= set(table["columns"]):
        labels["value"] = "Proportion (95 % interval)"
    if table["key"] == COMPARATORS.key:
        labels |= {"numerator": "n", "denominator": "N"}
    numbers = {
        key
        for place, key in enumerate(table["columns"])
        if any(type(cells[place]) is int for cells in table["rows"])
    }
    numeric = (
        numbers
        | counted
        | {key for key in shown if key.startswith("published_")}
        | {"value", *forms}
    )
    rows = []
    for cells in table["rows"][:MOST_ROWS]:
        row = dict(zip(table["columns"], cells, strict=True))
        own = is_own(table, cells)
        rows.append(
            Row(
                tuple(
                    _cell(
                        table,
                        row,
                        key,
                        numeric=key in numeric,
                        form=forms.get(key),
                        href=href if own and key in counted else no_links,
                    )
                    for key in shown
                ),
                strong=row.get("key") == "total" or (table["key"] == COMPARATORS.key and own),
            )
        )
    return TableInWords(
        key=table["key"],
        title=description.label if description else table["key"],
        note=" ".join(filter(None, [description.note if description else "", _cut(table)])),
        columns=tuple(Column(labels[key], key in numeric) for key in shown),
        rows=tuple(rows),
    )


def _cell(
    table: Mapping[str, Any],
    row: Mapping[str, Any],
    column: str,
    *,
    numeric: bool,
    form: Form | None,
    href: Href,
) -> Cell:
    value = row[column]
    if form is not None:
        return Cell(_formed(row, column, form), numeric=True)
    if column == "value":
        limits = interval(row.get("lower"), row.get("upper"))
        words = NOTHING if value is None else percent(value)
        return Cell(f"{words} ({limits})" if limits else words, numeric=True)
    if column == "source":
        return Cell(_source(row))
    if value is None:
        return Cell(NOTHING, numeric=numeric)
    mark = None
    if table["key"] == BALANCE.key and column == "label":
        value = characteristic(value)
    if column == "label":
        mark = FINDINGS.get(row["key"]) or STOPPED.get(row["key"])
    opens = None if isinstance(value, str) else href(f"{table['key']}.{row['key']}.{column}")
    return Cell(str(value), numeric=numeric, href=opens, mark=mark)


def _formed(row: Mapping[str, Any], column: str, form: Form) -> str:
    """The number or its two limits; a dash with the reason where there is none."""
    if column.endswith("_lower"):
        upper = row[f"{column.removesuffix('_lower')}_upper"]
        return limits_words(row[column], upper, form) or NOTHING
    words = number(row[column], form)
    why = row.get("reason")
    return words or (f"{NOTHING} ({why})" if why else NOTHING)


def _source(row: Mapping[str, Any]) -> str:
    """Where a published figure stands, how its counts are known, and how it is printed there."""
    printed = f"printed as {row['printed']}" if row["printed"] else ""
    return "; ".join(words for words in (row["source"], row["status"], printed) if words) or NOTHING
