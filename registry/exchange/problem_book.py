"""The file as it was sent, with what is wrong in each row and the cells coloured.

It is corrected in place and sent again: the column of problems is no answer.
"""

import io
from collections import defaultdict
from collections.abc import Sequence

from registry.exchange.cells import Cell
from registry.exchange.codebook import codebook
from registry.exchange.import_plan import Problem
from registry.exchange.mapping import IDENTITY
from registry.exchange.spreadsheet_reader import PROBLEMS, RawSheet
from registry.exchange.spreadsheets import Marked, Sheet, Value, write_xlsx
from registry.exchange.tables import TABLES


def problem_book(sheets: Sequence[RawSheet], problems: Sequence[Problem]) -> io.BytesIO:
    """Every sheet with its problems in the first column."""
    said: defaultdict[tuple[str, int], list[Problem]] = defaultdict(list)
    for problem in problems:
        said[problem.place.sheet, problem.place.row].append(problem)
    return write_xlsx(
        Sheet(
            sheet.name[:31],
            (PROBLEMS, *sheet.header),
            [
                _row(sheet, row, said.get((sheet.name, number), []))
                for number, row in enumerate(sheet.rows, start=sheet.first_row)
            ],
        )
        for sheet in sheets
    )


def template() -> io.BytesIO:
    """An empty table with one column for each answer that most cases have, and the codebook."""
    wanted = ("patient", "case", "study", "finding", "surgery")
    columns = [column.key for column in IDENTITY]
    for table in TABLES:
        if table.key in wanted:
            columns += [column.key for column in table.columns if column.kind != "id"]
        columns += [
            column.key for rows in table.rows if rows.key in wanted for column in rows.columns
        ]
        if table.key == "component":
            plain = [column for column in table.columns if column.kind != "id"]
            columns += [
                f"{kind}.{column.name}"
                for kind in ("pump", "spinal_segment")
                for column in plain
                if column.name not in ("kind", "second_pump_declared")
            ]
    return write_xlsx([Sheet("cases", columns, []), codebook()])


def _row(sheet: RawSheet, row: Sequence[Cell], problems: Sequence[Problem]) -> list[Value | Marked]:
    wrong = {problem.place.header for problem in problems}
    words = "\n".join(
        f"{problem.place.header}: {problem.sentence}" if problem.place.header else problem.sentence
        for problem in problems
    )
    cells = [
        Marked(cell.text) if header in wrong else cell.text
        for header, cell in zip(sheet.header, row, strict=True)
    ]
    return [Marked(words) if words else "", *cells]
