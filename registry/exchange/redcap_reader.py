"""REDCap's files as tables of cells: its data dictionary tells what variables ask and codes mean.

After this the records are a table like any other: choices are words, checkboxes are one column of
words, and what REDCap keeps for itself is left out. Records of our own dictionary keep their codes.

References
----------
REDCap, Data Import Tool and checks of an uploaded data dictionary; see `redcap_dictionary`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from registry.exchange.cells import Cell, normal
from registry.exchange.redcap_dictionary import HEADER, RECORD, by_name
from registry.exchange.redcap_records import CHECKED, INSTRUMENT, checkbox
from registry.exchange.spreadsheet_reader import RawSheet, UnreadableFileError
from registry.exchange.tables import TABLES

NAMES = {HEADER[0], "field_name"}
LABELS = {HEADER[4], "field_label"}
TYPES = {HEADER[3], "field_type"}
CHOICES = {HEADER[5], "select_choices_or_calculations"}
"""Headings of a dictionary as a page of REDCap and as its interface for programs write them."""

NUMBER = TABLES[0].id_column.key

_OF_REDCAP = re.compile(r"redcap_\w+\Z|\w+_(timestamp|return_code)\Z")
_STATES = {"", "0", "1", "2", "incomplete", "unverified", "complete"}
_WITH_CHOICES = {"dropdown", "radio", "checkbox", "select"}


@dataclass(frozen=True)
class Variable:
    """A variable of somebody's dictionary; `choices` are raw code and label."""

    name: str
    label: str
    choices: Mapping[str, str] = field(default_factory=dict)


def from_redcap(sheets: Sequence[RawSheet]) -> list[RawSheet]:
    """The sheets with what REDCap wrote in words; other tables as they are.

    Parameters
    ----------
    sheets
        A data dictionary may be among them.

    Raises
    ------
    UnreadableFileError
        There is a dictionary and no record.
    """
    described = [sheet for sheet in sheets if _column(sheet, NAMES) and _column(sheet, TYPES)]
    variables = {one.name: one for sheet in described for one in _variables(sheet)}
    rest = [sheet for sheet in sheets if sheet not in described]
    if not rest:
        raise UnreadableFileError(
            gettext("This is a data dictionary. Send it together with the records.")
        )
    return [
        _in_words(sheet, variables) if variables or INSTRUMENT in sheet.header else sheet
        for sheet in rest
    ]


def _variables(sheet: RawSheet) -> Iterator[Variable]:
    name, label, kind, choices = (
        _column(sheet, headings) for headings in (NAMES, LABELS, TYPES, CHOICES)
    )
    for row in sheet.rows:
        said = {h: cell.text.strip() for h, cell in zip(sheet.header, row, strict=True)}
        listed = said.get(choices, "") if said.get(kind, "").lower() in _WITH_CHOICES else ""
        yield Variable(said[name], _words(said.get(label, "")), _choices(listed))


def _choices(text: str) -> dict[str, str]:
    """Raw codes and labels; parted by bars, in old dictionaries by a written line break."""
    found = {}
    for part in re.split(r"\||\\n|\n", text):
        code, comma, label = part.partition(",")
        if part.strip():
            found[code.strip()] = _words(label) if comma else code.strip()
    return found


def _words(text: str) -> str:
    """A label without the marks that REDCap shows it with."""
    return " ".join(re.sub(r"<[/a-zA-Z][^<>]*>", " ", text).split())


def _column(sheet: RawSheet, headings: set[str]) -> str:
    return next((title for title in sheet.header if title in headings), "")


def _in_words(sheet: RawSheet, variables: Mapping[str, Variable]) -> RawSheet:
    columns: dict[str, list[int]] = {}
    for position, name in enumerate(sheet.header):
        if not _kept_by_redcap(sheet, position):
            columns.setdefault(name.partition("___")[0], []).append(position)
    header = tuple(columns)
    if _is_own(header):
        header = (NUMBER, *header[1:])
    read = [(columns[name], variables.get(name, Variable(name, ""))) for name in columns]
    return RawSheet(
        sheet.name,
        header,
        [tuple(_cell(sheet, row, *one) for one in read) for row in sheet.rows],
        sheet.first_row,
        tuple(variable.label for _, variable in read),
    )


def _is_own(header: Sequence[str]) -> bool:
    """Whether all is of our own dictionary: its records are registry numbers."""
    return header[:1] == (RECORD,) and all(name in by_name() for name in header)


def _kept_by_redcap(sheet: RawSheet, position: int) -> bool:
    name = sheet.header[position]
    if name.endswith("_complete"):
        return {normal(row[position].text) for row in sheet.rows} <= _STATES
    return bool(_OF_REDCAP.match(name))


def _cell(
    sheet: RawSheet, row: Sequence[Cell], positions: Sequence[int], variable: Variable
) -> Cell:
    """A cell in words; of checkboxes, the words of those that are ticked."""
    own = by_name().get(variable.name)
    codes = own.column.closed_list.codes() if own and own.column.closed_list else ()
    ours = set(codes) == set(variable.choices) or not variable.choices
    first = sheet.header[positions[0]]
    if "___" not in first:
        cell = row[positions[0]]
        said = None if ours else variable.choices.get(cell.text.strip())
        return cell if said is None else Cell(said)
    known = codes if ours else variable.choices
    names = {checkbox(variable.name, code): code for code in known}
    ticked = []
    for position in positions:
        if normal(row[position].text) in (CHECKED, "checked"):
            name = sheet.header[position]
            code = names.get(name, name.partition("___")[2])
            ticked.append(code if ours else variable.choices.get(code, code))
    # What parts the words of a cell must not stand in one of them.
    return Cell("; ".join(" ".join(re.sub("[;|,]", " ", word).split()) for word in ticked))
