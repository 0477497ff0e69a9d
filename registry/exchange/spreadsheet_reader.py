"""A table as people send it, read cell by cell: an Excel workbook, a CSV file, or our own zip.

A workbook is a zip archive of XML from somebody else: it is limited before it is opened and while
it is read, macros are refused, and of a formula only the value that was stored with it is taken.
"""

import codecs
import csv
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from registry.exchange.cells import Cell, moment
from registry.exchange.codebook import HEADER as CODEBOOK_HEADER
from registry.exchange.spreadsheet_text import unescape

MOST_BYTES = 20 * 2**20
MOST_BYTES_UNPACKED = 100 * 2**20
READ_BY_THE_LINE = ("xl/worksheets/", "xl/sharedStrings.xml")
MOST_BYTES_OF_A_PART = 5 * 2**20
"""Of a part of a workbook that is read whole, such as its styles."""

MOST_SHEETS = 50
MOST_ROWS = 10_000
MOST_ROWS_ABOVE = 100
"""Titles and notes above the header [own]."""
MOST_COLUMNS = 1_000
DELIMITERS = ";,\t|"
NOT_READ = {"about", "codebook"}
"""Sheets of our own exports that hold no records."""

PROBLEMS = "problems"
"""Column of our own error workbooks; it is no answer."""

DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ParseError,
    InvalidFileException, ValueError, LookupError, TypeError, AttributeError,
)  # fmt: skip
"""What zipfile and openpyxl raise over bytes that are no archive and no workbook."""


class UnreadableFileError(Exception):
    """The file cannot be read as a table, with a sentence for whoever sent it."""


@dataclass(frozen=True)
class RawSheet:
    """Header and rows.

    Attributes
    ----------
    first_row
        Number of the first row as a spreadsheet counts.
    titles
        What each column asks, where the file came with a description of its columns.
    """

    name: str
    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    first_row: int = 2
    titles: tuple[str, ...] = ()

    def title(self, position: int) -> str:
        return self.titles[position] if self.titles else ""


def read_file(content: bytes, *, name: str) -> list[RawSheet]:
    """Every sheet that has a header and rows.

    Parameters
    ----------
    name
        The file's name; only its ending is looked at.

    Raises
    ------
    UnreadableFileError
    """
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(
            gettext("The file is larger than %(most)s MB. Split it.")
            % {"most": MOST_BYTES // 2**20}
        )
    if content.startswith(b"PK"):
        sheets = _from_archive(content)
    elif name.lower().endswith((".xls", ".ods")) or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError(gettext("Save the file as .xlsx or as CSV, then send it again."))
    else:
        sheets = [_from_csv(content, name="table")]
    sheets = [_without_problems(sheet) for sheet in sheets if sheet.rows]
    if not sheets:
        raise UnreadableFileError(gettext("There is no row below a header in this file."))
    _require_rows(sum(len(sheet.rows) for sheet in sheets))
    return sheets


def to_json(sheets: Sequence[RawSheet]) -> str:
    """The sheets as text, to be kept sealed."""
    return json.dumps(
        [
            {
                "name": sheet.name,
                "header": sheet.header,
                "rows": [[(cell.kind, cell.text) for cell in row] for row in sheet.rows],
                "first_row": sheet.first_row,
                "titles": sheet.titles,
            }
            for sheet in sheets
        ]
    )


def from_json(text: str) -> list[RawSheet]:
    """What `to_json` was given."""
    return [
        RawSheet(
            one["name"],
            tuple(one["header"]),
            [tuple(Cell(words, kind) for kind, words in row) for row in one["rows"]],
            one["first_row"],
            tuple(one.get("titles", ())),
        )
        for one in json.loads(text)
    ]


def _require_rows(number: int, *, most_above: int = 0) -> None:
    if number > MOST_ROWS + most_above:
        raise UnreadableFileError(
            gettext("There are more than %(most)s rows. Split the file.") % {"most": MOST_ROWS}
        )


def _from_archive(content: bytes) -> list[RawSheet]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            if sum(entry.file_size for entry in entries) > MOST_BYTES_UNPACKED:
                raise UnreadableFileError(
                    gettext("The file holds far more than it seems to. Send it as CSV.")
                )
            if any(name.endswith("vbaProject.bin") for name in names):
                raise UnreadableFileError(
                    gettext("The workbook has macros. Save it as .xlsx without them.")
                )
            if "[Content_Types].xml" in names:
                _require_small_parts(entries)
                return _from_workbook(content)
            tables = [entry for entry in entries if entry.filename.endswith(".csv")]
            _require_sheets(len(tables))
            if any(entry.file_size > MOST_BYTES for entry in tables):
                raise UnreadableFileError(
                    gettext("A file in the archive is larger than %(most)s MB. Split it.")
                    % {"most": MOST_BYTES // 2**20}
                )
            return [
                _from_csv(archive.read(entry), name=name)
                for entry in tables
                if (name := entry.filename.removesuffix(".csv")) not in NOT_READ
            ]
    except DAMAGED as error:
        raise UnreadableFileError(
            gettext("The file is damaged or has a password. Save it again, or as CSV.")
        ) from error


def _require_small_parts(entries: Iterable[zipfile.ZipInfo]) -> None:
    for entry in entries:
        is_whole = entry.filename.endswith(".xml") and not entry.filename.startswith(
            READ_BY_THE_LINE
        )
        if is_whole and entry.file_size > MOST_BYTES_OF_A_PART:
            raise UnreadableFileError(
                gettext(
                    "The workbook holds far more than its cells. Copy them into a new one, or send "
                    "CSV."
                )
            )


def _from_workbook(content: bytes) -> list[RawSheet]:
    """Values as they were stored; the second opening tells where a formula stands."""
    values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    formulas = load_workbook(io.BytesIO(content), read_only=True)
    _require_sheets(len(values.sheetnames))
    return [
        sheet
        for name in values.sheetnames
        if name not in NOT_READ and hasattr(values[name], "iter_rows")
        if (sheet := _sheet(name, _rows_of(values[name], formulas[name])))
    ]


def _require_sheets(number: int) -> None:
    if number > MOST_SHEETS:
        raise UnreadableFileError(
            gettext("There are more than %(most)s sheets. Split the file.") % {"most": MOST_SHEETS}
        )


def _rows_of(values: Any, formulas: Any) -> Iterator[tuple[Cell, ...]]:
    # What the sheet says of its own size may be wrong, and rows beyond it would be left out.
    values.reset_dimensions()
    formulas.reset_dimensions()
    for row, written in zip(values.iter_rows(), formulas.iter_rows(), strict=False):
        yield tuple(
            _cell(one, calculated=getattr(source, "data_type", "") == "f")
            for one, source in islice(zip(row, written, strict=False), MOST_COLUMNS + 1)
        )


def _cell(cell: Any, *, calculated: bool) -> Cell:
    value = cell.value
    match value:
        case None:
            return Cell("", "formula") if calculated else Cell("")
        case bool():
            return Cell("yes" if value else "no")
        case int() | float() | Decimal():
            return _number(value, str(cell.number_format or ""))
        case datetime():
            return Cell(moment(value), "date")
        case date() | time():
            return Cell(value.isoformat(), "date")
        case _:
            return Cell(unescape(str(value)))


def _number(value: int | float | Decimal, shown_as: str) -> Cell:
    """A number; where the sheet shows it with leading zeros, they belong to it."""
    text = format(Decimal(str(value)).normalize(), "f")
    if shown_as and set(shown_as) == {"0"} and text.isdecimal():
        return Cell(text.zfill(len(shown_as)))
    return Cell(text, "number")


def _from_csv(content: bytes, *, name: str) -> RawSheet:
    text = _decoded(content)
    if "\x00" in text:
        raise UnreadableFileError(
            gettext(
                "This is no table: it holds bytes that no text has. Save it as .xlsx or as CSV, "
                "then send it again."
            )
        )
    delimiter = _delimiter(text)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = (tuple(map(_text_cell, islice(line, MOST_COLUMNS + 1))) for line in lines)
    try:
        return _sheet(name, rows) or RawSheet(name, ())
    except csv.Error as error:
        raise UnreadableFileError(
            gettext("The CSV file cannot be read; is a quote missing?")
        ) from error


def _delimiter(text: str) -> str:
    """What parts the cells of the first line that has more than one, below a title as well."""
    for line in islice(io.StringIO(text), MOST_ROWS_ABOVE):
        if any(mark in line for mark in DELIMITERS):
            return max(DELIMITERS, key=line.count)
    return DELIMITERS[0]


def _text_cell(text: str) -> Cell:
    return Cell(unescape(text))


def _decoded(content: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sheet(name: str, rows: Iterable[tuple[Cell, ...]]) -> RawSheet | None:
    """The first row with two filled cells, or the first at all, is the header.

    Rows are taken one by one, and empty ones are not kept: a file that says little in many rows
    takes little room.
    """
    kept: dict[int, tuple[Cell, ...]] = {}
    for number, row in enumerate(rows, start=1):
        if any(not cell.is_empty or cell.kind == "formula" for cell in row):
            kept[number] = row
            _require_rows(len(kept), most_above=MOST_ROWS_ABOVE)
    filled = [(number, row) for number, row in kept.items() if _filled(row)]
    if not filled:
        return None
    start, head = next(((n, row) for n, row in filled if _filled(row) > 1), filled[0])
    width = max(i + 1 for i, cell in enumerate(head) if not cell.is_empty)
    if width > MOST_COLUMNS:
        raise UnreadableFileError(
            gettext("There are more than %(most)s columns.") % {"most": MOST_COLUMNS}
        )
    header = _named(tuple(cell.text.strip() for cell in head[:width]))
    if header[:1] == CODEBOOK_HEADER[:1]:
        return None
    last = max(kept)
    _require_rows(last - start)
    body = (kept.get(number, ()) for number in range(start + 1, last + 1))
    padded = [(*row, *[Cell("")] * (width - len(row)))[:width] for row in body]
    return RawSheet(name, header, padded, first_row=start + 1)


def _filled(row: tuple[Cell, ...]) -> int:
    return sum(not cell.is_empty for cell in row)


def _named(header: tuple[str, ...]) -> tuple[str, ...]:
    """Every column has a name of its own."""
    names: list[str] = []
    for position, title in enumerate(header, start=1):
        name = title or f"column {position}"
        while name in names:
            name += " (again)"
        names.append(name)
    return tuple(names)


def _without_problems(sheet: RawSheet) -> RawSheet:
    if PROBLEMS not in sheet.header:
        return sheet
    at = sheet.header.index(PROBLEMS)
    return RawSheet(
        sheet.name,
        (*sheet.header[:at], *sheet.header[at + 1 :]),
        [(*row[:at], *row[at + 1 :]) for row in sheet.rows],
        sheet.first_row,
    )
