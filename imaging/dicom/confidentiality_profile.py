"""PS3.15 Table E.1-1: what the Basic Profile does to each attribute.

`confidentiality_profile.csv` holds the rows of edition 2026c. It was converted once from the
tag lists of the Python package dicom-anonymizer 2.1.0 (file dicomfields_2026c.py; Kitware
Europe, BSD 3-Clause), which were generated from the standard; only tag, name and action are
there, the option columns are not. Keywords were added from the data dictionary of pydicom,
and the row for private attributes was added by hand. Two tests keep it honest: every row is
handled on every nesting level, and the number of rows per action is pinned.

References
----------
DICOM PS3.15 Table E.1-1 and Table E.1-1a (action codes).
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

EDITION = "2026c"

ACTIONS = frozenset({"D", "Z", "X", "U", "Z/D", "X/Z", "X/D", "X/Z/D", "X/Z/U*"})
"""D dummy value, Z empty or dummy, X remove, U replace the UID; compounds depend on the type
that the attribute has in the IOD: 1 takes D, 2 takes Z, 3 takes X."""


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One row of the table. `tag` is as printed; x stands for any digit."""

    tag: str
    keyword: str
    name: str
    action: str


def _read_rows() -> tuple[ProfileRow, ...]:
    with (Path(__file__).parent / "confidentiality_profile.csv").open(newline="") as file:
        return tuple(ProfileRow(**row) for row in csv.DictReader(file))


ROWS = _read_rows()
"""All rows, ordered by tag; three of them are patterns and one stands for private tags."""

_PLAIN = re.compile(r"\(([0-9A-F]{4}),([0-9A-F]{4})\)")

ACTION_BY_TAG: dict[int, str] = {
    int(match[1] + match[2], 16): row.action
    for row in ROWS
    if (match := _PLAIN.fullmatch(row.tag)) is not None
}
"""Rows with a plain tag, by that tag."""


def action(tag: int) -> str | None:
    """The action of the table on a tag; None when no row covers it."""
    group, number = tag >> 16, tag & 0xFFFF
    if group & 1:
        return "X"
    if group & 0xFF00 == 0x5000:
        return "X"
    if group & 0xFF00 == 0x6000 and number in (0x3000, 0x4000):
        return "X"
    return ACTION_BY_TAG.get(tag)
