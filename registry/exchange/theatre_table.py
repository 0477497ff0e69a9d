"""A list of the operating theatre as a hospital's own system writes it: days and hospital numbers.

Which column says what is known by what it is called, or chosen by whoever sends it. What is not
needed, such as names and other columns, is never looked at.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.translation import gettext

from registry.exchange import mapping
from registry.exchange.cells import (
    Cell,
    CellError,
    DayOrder,
    as_day,
    normal,
    orders_of,
    value_of,
)
from registry.exchange.spreadsheet_reader import RawSheet, UnreadableFileError
from registry.vocabulary import DatePrecision

NUMBER: Final = mapping.TARGETS["patient.local_number"].column

ALSO_CALLED: Final = {
    "day": (
        "date",
        "day",
        "datum",
        "op tag",
        "operationstag",
        "operationsdatum",
        "day of operation",
    ),
    "number": (
        "number",
        "patient",
        "patient id",
        "hospital no.",
        "patientennr",
        "pat nr",
        "fallnr",
    ),
    "centre": ("centre", "center", "site", "hospital", "haus", "klinik", "standort", "zentrum"),
    "procedure": ("operation", "procedure text", "eingriff", "prozedur", "massnahme"),
}
"""What theatre systems call their columns, beside what tables of cases do [own]."""

TARGET: Final = {
    "day": "surgery.performed_on",
    "number": "patient.local_number",
    "procedure": "surgery.procedures",
}


@dataclass(frozen=True)
class ListColumns:
    """Header of each column that is read; "" is none."""

    day: str = ""
    number: str = ""
    centre: str = ""
    procedure: str = ""
    order: DayOrder = "unclear"

    @property
    def is_known(self) -> bool:
        return bool(self.day and self.number)


@dataclass(frozen=True)
class TableLine:
    """One row; what cannot be read of it is empty."""

    row: int
    performed_on: date | None
    number: str
    is_elsewhere: bool


@dataclass(frozen=True)
class TheatreTable:
    """The rows that count, and how many the words left out."""

    lines: tuple[TableLine, ...]
    left_out: int

    @property
    def days(self) -> list[date]:
        return sorted(line.performed_on for line in self.lines if line.performed_on is not None)


def only_sheet(sheets: Sequence[RawSheet]) -> RawSheet:
    """The sheet with the list.

    Raises
    ------
    UnreadableFileError
        There are several with rows.
    """
    if len(sheets) > 1:
        raise UnreadableFileError(
            gettext("Several sheets have rows. Send the one with the operations alone.")
        )
    return sheets[0]


def guess(sheet: RawSheet) -> ListColumns:
    """The columns as far as their names say; the order of days as far as one of them tells."""
    known = mapping.guess([sheet])
    found = {}
    for part in ("day", "number", "centre", "procedure"):
        target = TARGET.get(part)
        found[part] = next(
            (name for name in sheet.header if target and known.columns[name].target == target),
            next((name for name in sheet.header if _called(name) in ALSO_CALLED[part]), ""),
        )
    columns = ListColumns(found["day"], found["number"], found["centre"], found["procedure"])
    return with_order(sheet, columns)


def with_order(sheet: RawSheet, columns: ListColumns) -> ListColumns:
    """Say which of day and month comes first where the days tell; else what was said stays."""
    if not columns.day or columns.order != "unclear":
        return columns
    return replace(columns, order=orders_of(_cells(sheet, columns.day)))


def has_unclear_days(sheet: RawSheet, columns: ListColumns) -> bool:
    """Whether a day can be read in two ways."""
    if not columns.day or columns.order != "unclear":
        return False
    cells = _cells(sheet, columns.day)
    return any(_day(cell, "unclear") is None and _day(cell, "day_first") for cell in cells)


def read_table(
    sheet: RawSheet, columns: ListColumns, *, here: Collection[str], words: Sequence[str]
) -> TheatreTable:
    """Every row that is not empty.

    Parameters
    ----------
    here
        What the column of centres calls the centre the list is for.
    words
        Only rows whose procedure holds one of them count; none is every row.
    """
    lines = []
    left_out = 0
    own = {normal(name) for name in here}
    for row, cells in _rows(sheet):
        if words and not _holds(cells.get(columns.procedure), words):
            left_out += 1
            continue
        centre = normal(cells[columns.centre].text) if columns.centre else ""
        lines.append(
            TableLine(
                row=row,
                performed_on=_day(cells[columns.day], columns.order),
                number=_number(cells[columns.number]),
                is_elsewhere=bool(centre) and centre not in own,
            )
        )
    return TheatreTable(tuple(lines), left_out)


def _rows(sheet: RawSheet) -> Iterator[tuple[int, dict[str, Cell]]]:
    for row, cells in enumerate(sheet.rows, start=sheet.first_row):
        if any(not cell.is_empty for cell in cells):
            yield row, dict(zip(sheet.header, cells, strict=True))


def _cells(sheet: RawSheet, header: str) -> list[Cell]:
    position = sheet.header.index(header)
    return [row[position] for row in sheet.rows]


def _called(header: str) -> str:
    return normal(header.replace("-", " "))


def _day(cell: Cell, order: DayOrder) -> date | None:
    """None where it is empty, no day, or not known to the day."""
    try:
        day, precision = as_day(cell, order)
    except CellError:
        return None
    return day if precision is DatePrecision.DAY else None


def _number(cell: Cell) -> str:
    try:
        return str(value_of(cell, NUMBER) or "")
    except CellError:
        return ""


def _holds(cell: Cell | None, words: Sequence[str]) -> bool:
    said = normal(cell.text) if cell else ""
    return any(normal(word) in said for word in words)
