"""What each column means and which answers it takes, written from models and vocabulary."""

from collections.abc import Iterator

from registry.exchange.columns import Column
from registry.exchange.spreadsheets import Sheet, Value, plain
from registry.exchange.tables import TABLES
from registry.vocabulary import SOURCES

HEADER = (
    "column",
    "table",
    "label",
    "kind",
    "unit",
    "smallest",
    "largest",
    "mandatory",
    "identifying",
    "list",
    "list_version",
    "code",
    "code_label",
    "definition",
    "status",
    "source",
)

KINDS = {
    "text": "text",
    "code": "one code",
    "codes": "codes, separated by semicolons",
    "day": "day, year-month-day",
    "moment": "day and time",
    "clock": "time of day",
    "integer": "whole number",
    "decimal": "number",
    "yes_no": "yes or no",
    "id": "id of a record",
}


def codebook() -> Sheet:
    """A row for each column, and below it a row for each code it may hold."""
    return Sheet("codebook", HEADER, list(_rows()))


def described() -> Iterator[tuple[str, Column]]:
    """Every column with the label of its table, ids first, as they stand in an export."""
    for table in TABLES:
        yield table.label, table.id_column
        yield from ((table.label, column) for column in table.columns)
        for rows in table.rows:
            yield from ((rows.label, column) for column in rows.columns)


def _rows() -> Iterator[list[Value]]:
    for label, column in described():
        closed = column.closed_list
        shared: list[Value] = [
            column.key,
            label,
            column.label,
            KINDS[column.kind],
            column.unit,
            plain(column.smallest),
            plain(column.largest),
            "yes" if column.required else "no",
            "yes" if column.identifying else "no",
        ]
        listed: list[Value] = [closed.list_code, closed.version] if closed else ["", ""]
        yield [*shared, *listed, "", "", column.words, "", ""]
        if closed is None:
            continue
        for term in closed:
            sources = "; ".join(SOURCES[key] for key in term.sources)
            yield [
                column.key, label, "", "", "", "", "", "", "", closed.list_code, closed.version,
                term.code, term.term.label, term.term.definition, term.status, sources,
            ]  # fmt: skip
