"""A file from somebody else is read, or refused in words and at once, whatever is in it."""

import io
import random
import zipfile

import pytest
from openpyxl import Workbook

from registry.exchange import spreadsheet_reader
from registry.exchange.spreadsheet_reader import (
    MOST_BYTES,
    MOST_BYTES_OF_A_PART,
    MOST_COLUMNS,
    MOST_ROWS,
    RawSheet,
    UnreadableFileError,
    read_file,
)

ENTITIES = "".join(
    f'<!ENTITY {name} "{before * 10}">'
    for name, before in zip("bcdefghi", ["ha", *(f"&{x};" for x in "bcdefgh")], strict=True)
)
BILLION_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE worksheet [{ENTITIES}]>'


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name, content in members.items():
            kept.writestr(name.replace("_", "."), content)
    return out.getvalue()


def workbook(*rows: list[object]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def with_rows(rows: str, *, before: str = "") -> bytes:
    """A workbook whose sheet holds these rows as they are, after a header and a row."""
    source, out = zipfile.ZipFile(io.BytesIO(workbook(["a", "b"], [1, 2]))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as changed:
        for name in source.namelist():
            content = source.read(name).decode()
            if "sheet1" in name:
                sheet = content[content.index("<worksheet") :]
                content = before + sheet.replace("</sheetData>", f"{rows}</sheetData>")
            changed.writestr(name, content)
    return out.getvalue()


def row(number: int, column: str = "A") -> str:
    return f'<row r="{number}"><c r="{column}{number}"><v>1</v></c></row>'


def read_one(content: bytes) -> RawSheet:
    (sheet,) = read_file(content, name="cases.csv")
    return sheet


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"a," * (MOST_COLUMNS + 1) + b"\n1\n", id="columns"),
        pytest.param(b"a," * 1_000_000 + b"\n1\n", id="a million columns of one name"),
        pytest.param(b"a,b\n" + b"1,2\n" * (MOST_ROWS + 1), id="rows"),
        pytest.param(b"a,b\n" + b"\n" * MOST_ROWS + b"1,2\n", id="empty rows between"),
        pytest.param(archive(a_csv=b"a,b\n" + b"1,2\n" * (MOST_BYTES // 4)), id="unpacked"),
        pytest.param(archive(**{f"t{n}_csv": b"a,b\n1,2\n" for n in range(60)}), id="sheets"),
        pytest.param(with_rows(row(1_048_576)), id="a row far down"),
        pytest.param(
            with_rows("".join(map(row, range(3, MOST_ROWS + 3)))), id="rows of a workbook"
        ),
        pytest.param(
            with_rows(
                '<row r="3"><c r="A3" t="inlineStr"><is><t>&i;</t></is></c></row>',
                before=BILLION_LAUGHS,
            ),
            id="entities",
        ),
    ],
)
def test_what_is_too_much_is_refused(content):
    with pytest.raises(UnreadableFileError):
        read_file(content, name="cases.csv")


def test_rows_below_titles_are_counted_to_the_last(monkeypatch):
    monkeypatch.setattr(spreadsheet_reader, "MOST_ROWS", 10)
    titles = [["Our cases"], [], ["as of 2019"], ["a", "b"]]
    assert len(read_one(workbook(*titles, *[[1, 2]] * 10)).rows) == 10
    with pytest.raises(UnreadableFileError, match="more than 10 rows"):
        read_file(workbook(*titles, *[[1, 2]] * 11), name="cases.xlsx")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_title_above_the_columns_hides_none_of_them(delimiter):
    rows = (("Mended pumps",), (), ("a", "b"), ("1", "2"))
    sheet = read_one("\n".join(delimiter.join(row) for row in rows).encode())
    assert tuple(sheet.header) == ("a", "b")
    assert [[cell.text for cell in row] for row in sheet.rows] == [["1", "2"]]


def test_empty_lines_at_the_end_and_columns_without_a_name_are_nothing():
    sheet = read_one(b"a,b\n1,2,,,9\n\n3,4\n" + b",,,\n" * 2 * MOST_ROWS)
    assert sheet.header == ("a", "b")
    assert [[cell.text for cell in line] for line in sheet.rows] == [
        ["1", "2"], ["", ""], ["3", "4"],
    ]  # fmt: skip
    far_out = read_one(with_rows(row(3, "XFD")))
    assert (far_out.header, len(far_out.rows)) == (("a", "b"), 1)


def test_columns_of_one_name_are_told_apart():
    assert read_one(b"a,,a,a\n1,2,3,4\n").header == (
        "a",
        "column 2",
        "a (again)",
        "a (again) (again)",
    )


def test_a_damaged_file_is_refused_in_words():
    """Bytes changed anywhere, inside and outside what is packed."""
    chance = random.Random(7)
    sound = [
        workbook(["a", "b"], [1, "=A1"]),
        archive(a_csv=b"a,b\n" + b"1,2\n" * 20),
    ]
    refused = 0
    for number in range(150):
        content = bytearray(sound[number % 2])
        for _ in range(4):
            content[chance.randrange(4, len(content))] = chance.randrange(256)
        try:
            read_file(bytes(content), name="cases.xlsx")
        except UnreadableFileError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize(
    ("part", "was", "damage"),
    [
        ("xl/workbook.xml", b"<sheets>", b"<sheets><sheet/>"),
        ("xl/styles.xml", b"<cellXfs", b'<cellXfs colour="1"'),
        pytest.param(
            *("xl/styles.xml", b"<fonts", b"<!--" + b"x" * MOST_BYTES_OF_A_PART + b"--><fonts"),
            id="swollen styles",
        ),
        ("[Content_Types].xml", b"Extension", b"Extenxion"),
        ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="1A"'),
    ],
)
def test_a_workbook_that_breaks_the_rules_of_workbooks_is_refused(part, was, damage):
    source, out = zipfile.ZipFile(io.BytesIO(workbook(["a", "b"], [1, 2]))), io.BytesIO()
    with zipfile.ZipFile(out, "w") as changed:
        for name in source.namelist():
            content = source.read(name)
            changed.writestr(name, content.replace(was, damage) if name == part else content)
            assert name != part or was in content
    with pytest.raises(UnreadableFileError):
        read_file(out.getvalue(), name="cases.xlsx")
