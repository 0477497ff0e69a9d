"""Sheets of plain values written as an Excel workbook or as CSV files in a zip archive.

Text is text: an identifier keeps its leading zeros, `1+` stays `1+`, and nothing that begins like a
formula is one. Numbers stay numbers and days stay days.

References
----------
OWASP ASVS 5.0, 1.2.10; ECMA-376 Part 1, 18.3.1.4.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import save_workbook

from registry.exchange.spreadsheet_text import escape

Value = str | int | float | Decimal | date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTE_ORDER_MARK = "\ufeff"
FIRST_DAY_OF_EXCEL = date(1900, 3, 1)
"""Excel believes in 29 February 1900; days before it stay text."""
MOST_CHARACTERS_OF_A_CELL = 32_767

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Marked:
    """A value that is set off by colour."""

    value: Value


@dataclass(frozen=True)
class Sheet:
    """A sheet with its header; the rows are asked for once, while it is written."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Value | Marked]]


def write_xlsx(sheets: Iterable[Sheet]) -> io.BytesIO:
    """The workbook."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        for number, title in enumerate(sheet.header, start=1):
            page.column_dimensions[get_column_letter(number)].width = max(10, min(40, len(title)))
        bold = Font(bold=True)
        page.append([_cell(page, title, font=bold) for title in sheet.header])
        for row in sheet.rows:
            page.append([_cell(page, value) for value in row])
    file = io.BytesIO()
    save_workbook(book, file)
    file.seek(0)
    return file


def write_csv_archive(sheets: Iterable[Sheet]) -> io.BytesIO:
    """A zip archive with one CSV file a sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            # A fixed moment: nothing in the archive tells when and where it was packed.
            entry = zipfile.ZipInfo(f"{sheet.name}.csv")
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as out:
                for line in csv_lines(sheet):
                    out.write(line.encode())
    file.seek(0)
    return file


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """UTF-8 with a byte order mark, without which Excel takes ß for two characters."""
    yield BYTE_ORDER_MARK + _csv_line(sheet.header)
    for row in sheet.rows:
        yield _csv_line(row)


def plain(value: Any) -> str:
    """A value as text: days ISO, decimals without an exponent."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _csv_line(row: Sequence[Any]) -> str:
    out = io.StringIO()
    values = [one.value if isinstance(one, Marked) else one for one in row]
    csv.writer(out, lineterminator="\r\n").writerow(
        [escape(_clean(value)) if isinstance(value, str) else plain(value) for value in values]
    )
    return out.getvalue()


def _cell(page: Any, value: Any, font: Font | None = None) -> WriteOnlyCell:
    marked = isinstance(value, Marked)
    value = value.value if marked else value
    if isinstance(value, date) and not isinstance(value, datetime) and value < FIRST_DAY_OF_EXCEL:
        value = value.isoformat()
    if isinstance(value, str):
        value = escape(_clean(value))[:MOST_CHARACTERS_OF_A_CELL]
    cell = WriteOnlyCell(page, value=value)
    if isinstance(value, str):
        # Whatever it looks like: no formula, no number, no date.
        cell.data_type, cell.number_format = "s", "@"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    if font:
        cell.font = font
    if marked:
        cell.fill = PatternFill("solid", start_color="FFFFE2CC")
    return cell


def _clean(text: str) -> str:
    """One kind of line break, and nothing that no spreadsheet can hold."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
