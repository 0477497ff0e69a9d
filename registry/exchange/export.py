"""Everything a person may see, as tables of plain values with their codebook.

The same tables can be imported again: into the registry they came from, that changes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import QuerySet

from registry.exchange.codebook import codebook
from registry.exchange.columns import Column
from registry.exchange.spreadsheets import Sheet, Value
from registry.exchange.tables import TABLES, CodeList, Rows, Table
from registry.models import Patient, User
from registry.vocabulary import VOCABULARY_VERSION

CHUNK = 500
ABOUT, CODEBOOK = "about", "codebook"
SEPARATOR = "; "
"""Between the codes of one cell."""


@dataclass(frozen=True)
class Stamp:
    """What an export says of itself; `filters` are names and words of what was chosen."""

    made_at: datetime
    made_by: str
    code_version: str
    filters: tuple[tuple[str, str], ...]


def sheets(*, viewer: User, patients: QuerySet[Patient], stamp: Stamp) -> Iterator[Sheet]:
    """About, then each table of these patients, then the codebook."""
    yield about(stamp, title="Export of cases")
    for table in TABLES:
        yield Sheet(table.key, header(table), _records(table, viewer, patients))
        for rows in table.rows:
            yield Sheet(rows.key, row_header(table, rows), _rows(table, rows, viewer, patients))
    yield codebook()


def about(stamp: Stamp, *, title: str) -> Sheet:
    lines: list[tuple[str, str]] = [
        ("title", title),
        ("made_at", stamp.made_at.isoformat(timespec="seconds")),
        ("made_by", stamp.made_by),
        ("code_version", stamp.code_version),
        ("vocabulary_version", VOCABULARY_VERSION),
        *stamp.filters,
        ("pseudonymous", "Full dates stay; names and hospital numbers are not exported."),
    ]
    return Sheet(ABOUT, ("what", "words"), lines)


def header(table: Table) -> list[str]:
    return [column.key for column in (*table.id_columns, *table.columns)]


def row_header(table: Table, rows: Rows) -> list[str]:
    return [column.key for column in (*table.id_columns, *rows.columns)]


def _queryset(table: Table, viewer: User, patients: QuerySet[Patient]) -> QuerySet[Any]:
    ways = [table.link] if table.below else []
    for above in reversed(table.above[1:]):
        ways.append(f"{ways[-1]}__{above.link}")
    references = [column.name for column in table.columns if column.kind == "id"]
    related = [*ways, *references, f"{table.path}__centre" if table.below else "centre"]
    children = [*(one.name for one in table.lists), *(rows.name for rows in table.rows)]
    nested = [f"{rows.name}__{one.name}" for rows in table.rows for one in rows.lists]
    return (
        table.visible(viewer=viewer)
        .filter(**{f"{table.path}__in": patients.values("pk")})
        .select_related(*related)
        .prefetch_related(*children, *nested)
        .order_by("pk")
    )


def _records(table: Table, viewer: User, patients: QuerySet[Patient]) -> Iterator[list[Value]]:
    for record in _queryset(table, viewer, patients).iterator(chunk_size=CHUNK):
        yield [
            *_id_values(table, record),
            *(_value(column, record, table.lists) for column in table.columns),
        ]


def _rows(
    table: Table, rows: Rows, viewer: User, patients: QuerySet[Patient]
) -> Iterator[list[Value]]:
    for record in _queryset(table, viewer, patients).iterator(chunk_size=CHUNK):
        for row in getattr(record, rows.name).all():
            values = [_value(column, row, rows.lists) for column in rows.columns]
            yield [*_id_values(table, record), *values]


def _id_values(table: Table, record: Any) -> list[str]:
    chain: list[Any] = [record]
    one = table
    for above in reversed(table.above):
        chain.insert(0, getattr(chain[0], one.link))
        one = above
    tables = (*table.above, table)
    return [str(getattr(found, of.id_column.name)) for of, found in zip(tables, chain, strict=True)]


def _value(column: Column, record: Any, lists: tuple[CodeList, ...]) -> Value:
    return value_of(column, record) if column.kind != "codes" else _codes(column, record)


def _codes(column: Column, record: Any) -> str:
    return SEPARATOR.join(sorted(child.code for child in getattr(record, column.name).all()))


def value_of(column: Column, record: Any) -> Value:
    """The answer as a cell holds it; empty where nothing is recorded."""
    value: Any = getattr(record, column.name)
    match column.kind:
        case "yes_no":
            return {True: "yes", False: "no", None: None}[value]
        case "id":
            return str(value.public_id) if value else None
        case "moment":
            return value.astimezone().isoformat(timespec="seconds") if value else None
        case "clock":
            return value.isoformat(timespec="minutes") if value else None
        case "text" | "code":
            return value or None
        case _:
            return cast("Value", value)
