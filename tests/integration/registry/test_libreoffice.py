"""Every export opened in a real LibreOffice: no cell is a formula, every text is as it was."""

import csv
import io
import os
import subprocess
import zipfile
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from registry.exchange.cells import Cell
from registry.exchange.import_plan import Place, Problem
from registry.exchange.problem_book import problem_book
from registry.exchange.spreadsheet_reader import RawSheet
from tests.factories import registry_records as make

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

DANGEROUS = (
    "=1+1", "+1+1", "-2+3", "@SUM(A1)", "=HYPERLINK(\"x\";\"y\")", "\t=1+1", " =1+1", "'=1+1",
    "\n=1+1", "a\n=1+1", "\uff1d1+1", "=cmd|' /C calc'!A0", ";=1+1", "-", "1+", "{=1+1}",
)  # fmt: skip
EXPORTS = (
    "data-cases-xlsx", "data-cases-csv", "data-codebook", "data-template",
    "data-redcap-dictionary", "data-redcap-records",
)  # fmt: skip
LISTS = ("patient-list-file", "history-file")
"""All lists are written by the same two functions."""


@pytest.fixture
def files(client, tmp_path):
    """Every file that leaves, by name, after texts that look like formulas were logged."""
    folder = tmp_path / "exports"
    folder.mkdir()
    person = make.user(at_centre=make.centre())
    patient = make.patient(by=person, at_centre=person.memberships.first().centre)
    make.component(of=patient, by=person, serial_number="=1+1", lot_number="00123")
    for day, text in enumerate(DANGEROUS, start=1):
        make.case(of=patient, by=person, remarks=text, opened_on=date(2024, 3, day))
    client.force_login(person, backend="registry.access.RoleBackend")
    lists = [(name, [form]) for name in LISTS for form in ("xlsx", "csv")]
    for name, args in [*((name, []) for name in EXPORTS), *lists]:
        answer = client.get(reverse(f"registry:{name}", args=args))
        content = b"".join(answer) if answer.streaming else answer.content
        if content.startswith(b"PK") and b".csv" in content[:60]:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                archive.extractall(folder)
        else:
            kind = "csv" if "csv" in answer["Content-Type"] else "xlsx"
            (folder / f"{name}-{kind}.{kind}").write_bytes(content)
    sheet = RawSheet("=1+1", ("=1+1", "b"), [(Cell(text), Cell("1")) for text in DANGEROUS])
    wrong = problem_book([sheet], [Problem(Place("=1+1", 2, "=1+1"), "=1+1")])
    (folder / "to-correct.xlsx").write_bytes(wrong.getvalue())
    return sorted(folder.iterdir())


def opened(files, folder):
    """What LibreOffice made of the files, saved by it as workbooks."""
    profile = (folder / "profile").as_uri()
    for suffix, told in ((".xlsx", []), (".csv", ["--infilter=CSV:44,34,UTF8,1"])):
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation={profile}", *told,
             "--convert-to", "xlsx", "--outdir", folder / "out",
             *(path for path in files if path.suffix == suffix)],
            check=True, capture_output=True, timeout=120,
            env=os.environ | {"HOME": str(folder)},
        )  # fmt: skip
    return {path: load_workbook(folder / "out" / f"{path.stem}.xlsx") for path in files}


def texts(path):
    """Sheets of texts as the file holds them; None for what is no text."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return [list(csv.reader(lines))]
    return [
        [[cell.value if cell.data_type == "s" else None for cell in row] for row in sheet]
        for sheet in load_workbook(path)
    ]


def test_libreoffice_runs_nothing_that_was_exported(files, tmp_path_factory):
    """A CSV file has no types: there a number or a day may be one, never what looks dangerous."""
    books = opened(files, tmp_path_factory.mktemp("office"))
    compared = 0
    for path, book in books.items():
        for sheet, rows in zip(book, texts(path), strict=True):
            found = {(cell.row, cell.column): cell for row in sheet for cell in row}
            assert "f" not in {cell.data_type for cell in found.values()}, path.name
            for row, values in enumerate(rows, start=1):
                for column, text in enumerate(values, start=1):
                    cell = found.get((row, column))
                    if not text or (path.suffix == ".csv" and cell.data_type in "ndb"):
                        continue
                    assert cell.value == text, (path.name, row, column)
                    compared += 1
    assert compared > 5_000
    remarks = [row[2] for row in texts(next(path for path in files if path.name == "case.csv"))[0]]
    assert len(remarks) == len(DANGEROUS) + 1
