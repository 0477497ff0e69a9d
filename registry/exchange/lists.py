"""A list of the product as a file: what the page shows, all of it, with the filter printed."""

import io
import itertools
from collections.abc import Iterable, Iterator, Sequence

from registry.exchange.export import Stamp, about
from registry.exchange.spreadsheets import Sheet, Value, csv_lines, write_xlsx

ROWS_OF_A_SHEET = 1_048_575
"""What Excel holds below a header; further rows go to further sheets."""


def as_xlsx(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, stamp: Stamp
) -> io.BytesIO:
    """The list on the first sheet, and what was chosen on the last."""
    return write_xlsx(
        itertools.chain(_sheets(name, header, rows), [about(stamp, title=f"List of {name}")])
    )


def as_csv(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, stamp: Stamp
) -> io.BytesIO:
    """The list, and below it, after an empty line, what was chosen.

    A CSV file has one table only; what stands below is no row of it and has two columns.
    """
    file = io.BytesIO()
    for line in csv_lines(Sheet(name, header, rows)):
        file.write(line.encode())
    file.write(b"\r\n")
    below = csv_lines(about(stamp, title=f"List of {name}"))
    for line in itertools.islice(below, 1, None):
        file.write(line.encode())
    file.seek(0)
    return file


def _sheets(name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[Sheet]:
    left = iter(rows)
    yield Sheet(name, header, itertools.islice(left, ROWS_OF_A_SHEET))
    for number in itertools.count(2):
        first = next(left, None)
        if first is None:
            return
        more = itertools.islice(left, ROWS_OF_A_SHEET - 1)
        yield Sheet(f"{name} {number}", header, itertools.chain([first], more))
