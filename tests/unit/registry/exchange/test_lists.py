"""A list as a file says what was chosen and runs nothing."""

from openpyxl import load_workbook

from registry.exchange import lists
from registry.exchange.export import Stamp
from tests.factories.registry_records import NOW

STAMP = Stamp(NOW, "somebody", "tests", (("search", "=1+1"),))


def test_the_filter_is_printed_and_is_no_formula():
    book = load_workbook(lists.as_xlsx("patients", ["number"], [["CR-000001"]], stamp=STAMP))
    assert list(book["patients"].values) == [("number",), ("CR-000001",)]
    assert ("search", "'=1+1") in list(book["about"].values)
    text = lists.as_csv("patients", ["number"], [["CR-000001"]], stamp=STAMP).read().decode()
    assert text.startswith("\ufeffnumber\r\nCR-000001\r\n\r\n")
    assert "search,'=1+1\r\n" in text
    assert "vocabulary_version," in text


def test_rows_that_one_sheet_does_not_hold_go_to_the_next(monkeypatch):
    monkeypatch.setattr(lists, "ROWS_OF_A_SHEET", 2)
    book = load_workbook(lists.as_xlsx("x", ["n"], [[1], [2], [3], [4], [5]], stamp=STAMP))
    assert book.sheetnames == ["x", "x 2", "x 3", "about"]
    assert [row for name in book.sheetnames[:3] for row in book[name].values] == [
        ("n",), (1,), (2,), ("n",), (3,), (4,), ("n",), (5,),
    ]  # fmt: skip
