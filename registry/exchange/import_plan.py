"""What a mapped file says, record by record, before the registry is asked about it.

A row may speak of a patient, a pump, a case, a study, an operation at once. Rows that speak of the
same record are put together; where they contradict each other, both cells are named.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from registry.exchange.cells import YES, Cell, CellError, normal, value_of
from registry.exchange.mapping import (
    IDENTITY,
    KINDS,
    TARGETS,
    ColumnMapping,
    FileMapping,
    Target,
    key_of,
)
from registry.exchange.spreadsheet_reader import RawSheet
from registry.exchange.tables import TABLES, Table, table

IDENTITY_FIELDS = tuple(column.name for column in IDENTITY)


@dataclass(frozen=True, order=True)
class Place:
    """A cell of the file; `row` as a spreadsheet counts, `header` "" for the row as a whole."""

    sheet: str
    row: int
    header: str = ""


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where."""

    place: Place
    sentence: str


@dataclass
class Draft:
    """One record as the file has it; `cells` says where each answer stands, `refused` what is
    wrong with those that are not understood."""

    table: Table
    key: tuple[Any, ...]
    place: Place
    parent: "Draft | None" = None
    ident: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    cells: dict[str, Place] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def take(self, name: str, value: Any, place: Place) -> Problem | None:
        """Add an answer; codes of several rows are put together."""
        if value is None:
            return None
        known = self.values.get(name)
        if isinstance(value, list):
            value = sorted({*value, *(known or ())})
        elif known is not None and known != value:
            where = self.cells[name]
            return Problem(
                place,
                gettext(
                    "Says something else of the same %(record)s than row %(row)s: “%(here)s” "
                    "here, “%(there)s” there."
                )
                % {
                    "record": gettext(self.table.label),
                    "row": where.row,
                    "here": value,
                    "there": known,
                },
            )
        self.values[name] = value
        self.cells.setdefault(name, place)
        return None


@dataclass
class Plan:
    """Drafts in the order of the file, and what could not be understood."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def of(self, key: str) -> list[Draft]:
        return [draft for draft in self.drafts if draft.table.key == key]


@dataclass(frozen=True)
class _Mapped:
    position: int
    header: str
    target: Target
    mapping: ColumnMapping


Said = dict[str, dict[str, tuple[Any, Place]]]
"""Slot → field → answer and where it stands, of one row."""
Refused = dict[str, dict[str, str]]
"""Slot → field → what is wrong with the cell, of one row."""


def plan(sheets: Sequence[RawSheet], mapping: FileMapping) -> Plan:
    """Put the rows of a file together to records."""
    made = Plan()
    found: dict[tuple[Any, ...], Draft] = {}
    for sheet in sheets:
        columns = list(_mapped(sheet, sheets, mapping))
        for number, row in enumerate(sheet.rows, start=sheet.first_row):
            if all(cell.is_empty and cell.kind != "formula" for cell in row):
                continue
            refused: Refused = {}
            said = _read_row(sheet, number, row, columns, made.problems, refused)
            if any(said.values()):
                _put_together(said, refused, Place(sheet.name, number), mapping, made, found)
    return made


def _mapped(sheet: RawSheet, sheets: Sequence[RawSheet], mapping: FileMapping) -> Iterator[_Mapped]:
    for position, header in enumerate(sheet.header):
        one = mapping.columns.get(key_of(sheet, header, sheets=sheets))
        if one and one.target in TARGETS:
            yield _Mapped(position, header, TARGETS[one.target], one)


def _read_row(
    sheet: RawSheet,
    number: int,
    row: Sequence[Cell],
    columns: Sequence[_Mapped],
    problems: list[Problem],
    refused: Refused,
) -> Said:
    said: Said = {}
    for one in columns:
        place = Place(sheet.name, number, one.header)
        try:
            value = _answer(row[one.position], one)
        except CellError as error:
            problems.append(Problem(place, str(error)))
            refused.setdefault(one.target.slot, {})[one.target.column.name] = str(error)
            continue
        if value is None:
            continue
        answers = said.setdefault(one.target.slot, {})
        name = one.target.column.name
        if isinstance(value, list) and name in answers:
            value = sorted({*value, *answers[name][0]})
        answers[name] = (value, place)
    return said


def _answer(cell: Cell, one: _Mapped) -> Any:
    if one.target.code:
        return [one.target.code] if normal(cell.text) in YES else None
    return value_of(cell, one.target.column, one.mapping.reading())


def _put_together(
    said: Said,
    refused: Refused,
    place: Place,
    mapping: FileMapping,
    made: Plan,
    found: dict[tuple[Any, ...], Draft],
) -> None:
    in_row: dict[str, Draft] = {}
    for slot, one in _slots_of(said):
        answers = dict(said.get(slot, {}))
        if slot in KINDS:
            answers["kind"] = (slot, place)
        answers = _with_constants(slot, answers, mapping, place)
        parent = in_row.get(one.below)
        if one.below and parent is None:
            made.problems.append(
                Problem(
                    place,
                    gettext("Says nothing of the %(record)s it belongs to.")
                    % {"record": gettext(table(one.below).label)},
                )
            )
            continue
        draft = _draft(one, answers, parent, place, found, made)
        draft.refused |= refused.get(slot, {})
        in_row[slot if slot in KINDS else one.key] = draft
        for rows in one.rows:
            if answers_of_row := said.get(rows.key):
                row = _with_constants(rows.key, answers_of_row, mapping, place)
                _add_row(draft, rows.name, row, rows.columns)


def _with_constants(
    slot: str, answers: Mapping[str, tuple[Any, Place]], mapping: FileMapping, place: Place
) -> dict[str, tuple[Any, Place]]:
    """The answers of a row, and those that are the same for every row."""
    constants = {
        TARGETS[key].column.name: (text, place)
        for key, text in mapping.constants.items()
        if text and key in TARGETS and TARGETS[key].slot == slot
    }
    return constants | dict(answers)


def _slots_of(said: Said) -> Iterator[tuple[str, Table]]:
    """The places a row speaks of, with what lies above them, from above."""
    needed = {one.key for one in TABLES if one.key in said}
    needed |= {one.key for one in TABLES for rows in one.rows if rows.key in said}
    if any(kind in said for kind in KINDS):
        needed.add("patient")
    for one in TABLES:
        if one.key in needed:
            needed |= {above.key for above in one.above}
    for one in TABLES:
        if one.key in needed:
            yield one.key, one
    for kind in KINDS:
        if kind in said:
            yield kind, table("component")


def _draft(
    one: Table,
    answers: Mapping[str, tuple[Any, Place]],
    parent: Draft | None,
    place: Place,
    found: dict[tuple[Any, ...], Draft],
    made: Plan,
) -> Draft:
    ident = answers.get(one.id_column.name, ("", place))[0]
    key = _key(one, ident, answers, parent, place)
    draft = found.get(key)
    if draft is None:
        draft = found[key] = Draft(one, key, place, parent, ident)
        made.drafts.append(draft)
    for name, (value, where) in answers.items():
        if name != one.id_column.name and (problem := draft.take(name, value, where)):
            made.problems.append(problem)
    return draft


def _key(
    one: Table,
    ident: str,
    answers: Mapping[str, tuple[Any, Place]],
    parent: Draft | None,
    place: Place,
) -> tuple[Any, ...]:
    """What makes two rows speak of the same record."""
    if ident:
        return (one.key, "id", ident.strip().upper())
    if not one.below:
        number = answers.get("local_number")
        return (one.key, "local", number[0]) if number else (one.key, "row", place)
    assert parent is not None
    apart = tuple(str(answers.get(name, ("",))[0]) for name in one.told_apart_by)
    return (one.key, parent.key, *apart)


def _add_row(
    draft: Draft,
    name: str,
    answers: Mapping[str, tuple[Any, Place]],
    columns: Sequence[Any],
) -> None:
    row = {column.name: answers[column.name][0] for column in columns if column.name in answers}
    rows = draft.rows.setdefault(name, [])
    if row not in rows:
        rows.append(row)
        place = next(iter(answers.values()))[1]
        draft.cells.setdefault(name, place)
