"""Comparing what a file says with what is recorded."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from registry.exchange.tables import Rows, Table
from registry.models.record import Record


def same(there: Any, said: Any) -> bool:
    """Line breaks and the digits of a decimal do not count."""
    if isinstance(there, Decimal) and isinstance(said, Decimal | int):
        return there == said
    if isinstance(there, str) and isinstance(said, str):
        return there.replace("\r\n", "\n").strip() == said.replace("\r\n", "\n").strip()
    if isinstance(there, Record) or isinstance(said, Record):
        return getattr(there, "pk", None) == getattr(said, "pk", None)
    return bool(there == said)


def stored(value: Any) -> Any:
    """A value as it is kept to be put back: records by id, days and decimals as text."""
    if isinstance(value, Record):
        return str(value.public_id)
    return value if isinstance(value, str | int | bool | type(None)) else str(value)


def children_of(of: Table, known: Any) -> dict[str, Any]:
    """The lists and rows of a record as they are kept to be put back."""
    lists = {
        one.name: sorted(child.code for child in getattr(known, one.name).all()) for one in of.lists
    }
    rows = {
        one.name: [stored_row(row_of(one, child)) for child in getattr(known, one.name).all()]
        for one in of.rows
    }
    return lists | rows


def differences(of: Table, known: Any, changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    labels = {column.name: column.label for column in of.columns}
    return [
        (labels.get(name, name), words(getattr(known, name)), words(value))
        for name, value in changes.items()
    ]


def words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def row_of(rows: Rows, child: Any) -> dict[str, Any]:
    return {
        column.name: sorted(one.code for one in getattr(child, column.name).all())
        if column.kind == "codes"
        else getattr(child, column.name)
        for column in rows.columns
    }


def stored_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as it is kept to be put back."""
    return {
        name: value if isinstance(value, list) else stored(value) for name, value in row.items()
    }


def row_from_stored(rows: Rows, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What `stored_row` was given."""
    fields = {field.name: field for field in rows.model._meta.concrete_fields}
    return {
        name: fields[name].to_python(value) if name in fields else value
        for name, value in kept.items()
    }


def within(row: Mapping[str, Any], there: Mapping[str, Any]) -> bool:
    return all(same(there.get(name), value) for name, value in row.items())


def given(row: Mapping[str, Any]) -> dict[str, Any]:
    """An entry leaves out what is not recorded, so that its own defaults hold."""
    return {name: value for name, value in row.items() if value not in (None, "")}
