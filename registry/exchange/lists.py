"""A list of the product as a file: what the page shows, all of it, with the filter printed."""

import io
from collections.abc import Iterable, Sequence

from registry.exchange.export import Stamp, about
from registry.exchange.spreadsheets import Sheet, Value, csv_lines, write_xlsx


def as_xlsx(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, stamp: Stamp
) -> io.BytesIO:
    """The list on the first sheet, and what was chosen on the second."""
    return write_xlsx([Sheet(name, header, rows), about(stamp, title=f"List of {name}")])


def as_csv(
    name: str, header: Sequence[str], rows: Iterable[Sequence[Value]], *, stamp: Stamp
) -> str:
    """The list, and below it, after an empty line, what was chosen.

    A CSV file has one table only; what stands below is no row of it and has two columns.
    """
    stamped = about(stamp, title=f"List of {name}")
    lines = list(csv_lines(Sheet(name, header, rows)))
    below = list(csv_lines(stamped))[1:]
    return "".join([*lines, "\r\n", *below])
