"""The stored facts as flat tables: a row for each record, as a spreadsheet or R takes them.

Made from the shape of the facts alone, so a new kind of fact has its table by itself.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from .spreadsheet_text import escape

Row = dict[str, Any]


def tables(facts: Mapping[str, Any]) -> dict[str, str]:
    """CSV by name of the table: `patients`, `studies`, `studies_reads`, `theatre_lists`, and so on.

    Each row names its patient and the records it lies in by their ids, and its place among the
    records of its kind there, from 1. What is not known is empty; a list within a record is JSON.
    """
    rows: dict[str, list[Row]] = {"patients": []}
    for patient in facts["patients"]:
        for table, row in _flattened("", patient, within={}, place=0):
            rows.setdefault(table or "patients", []).append(row)
    for name in sorted(key for key in facts if key != "patients" and _holds_records(facts[key])):
        for position, record in enumerate(facts[name], start=1):
            for table, row in _flattened(name, record, within={}, place=position):
                rows.setdefault(table, []).append(row)
    return {table: to_csv(found) for table, found in rows.items()}


def to_csv(rows: list[Row]) -> str:
    """Rows under all columns that any of them has, in the order in which they first occur."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({column: _cell(value) for column, value in row.items()})
    return out.getvalue()


def _flattened(
    path: str, record: Mapping[str, Any], *, within: Row, place: int
) -> Iterator[tuple[str, Row]]:
    lists = {name: value for name, value in record.items() if _holds_records(value)}
    own = {
        name: value
        for name, value in sorted(record.items(), key=lambda one: (not _is_id(one[0]), one[0]))
        if name not in lists and value != []
    }
    yield path, within | ({"place": place} if path else {}) | own
    ids = within | {name: value for name, value in own.items() if _is_id(name)}
    for name in sorted(lists):
        for position, child in enumerate(lists[name], start=1):
            below = f"{path}_{name}" if path else name
            yield from _flattened(below, child, within=ids, place=position)


def _is_id(name: str) -> bool:
    return name.endswith("_id")


def _holds_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool | list | dict):
        return escape(json.dumps(value, sort_keys=True, ensure_ascii=False))
    return escape(value) if isinstance(value, str) else value
