"""A kept file rehearsed, taken in, and taken back."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from registry import actions
from registry.actions.case_imports import Written
from registry.actions.doubts import DoubtfulError
from registry.actions.errors import ImportRefusedError
from registry.actions.undoable_imports import Link
from registry.exchange.checked_import import checked
from registry.exchange.comparison import given as given_of
from registry.exchange.comparison import row_from_stored
from registry.exchange.import_plan import Plan, plan
from registry.exchange.importing import Outcome, Tell, run
from registry.exchange.mapping import FileMapping
from registry.exchange.spreadsheet_reader import from_json
from registry.exchange.tables import TABLES, table
from registry.exchange.writers import WRITERS
from registry.models import CaseImport, User


def _untold(done: int, of: int) -> None:
    """Nobody wants to know how far it is."""


def rehearse(*, case_import: CaseImport, by: User, at: datetime, tell: Tell = _untold) -> Outcome:
    """What taking the file in would do; nothing of it stays."""
    said = _plan(case_import)
    return actions.case_imports.rehearse(
        by=by, at=at, write=lambda: run(said, centre=case_import.centre, by=by, at=at, tell=tell)
    )


def check(*, case_import: CaseImport, by: User, at: datetime, tell: Tell = _untold) -> CaseImport:
    """Rehearse, and keep what was found."""
    outcome = rehearse(case_import=case_import, by=by, at=at, tell=tell)
    return _keep(outcome, case_import=case_import, by=by, at=at)


def take_in(*, case_import: CaseImport, by: User, at: datetime, tell: Tell = _untold) -> CaseImport:
    """Take the file in, or keep why not. See `actions.case_imports.take_in` for the errors."""
    outcome = Outcome()

    def written() -> tuple[list[Written], int]:
        nonlocal outcome
        said = _plan(case_import)
        if said.problems:
            # What is not understood keeps the whole file out: nothing needs to be tried.
            return [], len(said.problems)
        outcome = run(said, centre=case_import.centre, by=by, at=at, tell=tell)
        return outcome.written, len(outcome.problems)

    try:
        return actions.case_imports.take_in(case_import=case_import, by=by, at=at, write=written)
    except ImportRefusedError:
        if outcome.problems:
            _keep(outcome, case_import=case_import, by=by, at=at)
        raise


def undo(*, case_import: CaseImport, by: User, at: datetime, tell: Tell = _untold) -> CaseImport:
    """Take an import back. See `actions.case_imports.undo` for the errors."""
    return actions.case_imports.undo(
        case_import=case_import,
        by=by,
        at=at,
        links=links(),
        models_by_table={one.key: one.model for one in TABLES},  # type: ignore[misc]
        restore=lambda key, record, before: restore(key, record, before, by=by, at=at),
    )


def _keep(outcome: Outcome, *, case_import: CaseImport, by: User, at: datetime) -> CaseImport:
    found = checked(outcome)
    return actions.case_imports.keep_check(
        case_import=case_import, checked=found.to_json(), refused=len(found.problems), by=by, at=at
    )


def restore(key: str, record: Any, before: Mapping[str, Any], *, by: User, at: datetime) -> None:
    """Give a record the lists and rows it had; what they were since stays in the history."""
    of, writer = table(key), WRITERS[key]
    given: dict[str, Any] = {one.name: before[one.name] for one in of.lists}
    for rows in of.rows:
        argument, made_of = writer.rows[rows.name]
        there = [row_from_stored(rows, row) for row in before[rows.name]]
        given[argument] = made_of([given_of(row) for row in there])
    given |= {writer.record: record, "edition": record.edition, "changes": {}}
    try:
        with transaction.atomic():
            writer.edit(by=by, at=at, **given)
    except DoubtfulError as error:
        # It was like this before, however unlikely it is.
        codes = [doubt.code for doubt in error.doubts]
        writer.edit(by=by, at=at, confirmed=codes, **given)


def _plan(case_import: CaseImport) -> Plan:
    return plan(
        from_json(str(case_import.content)),
        FileMapping.from_json(json.loads(str(case_import.mapping))),
    )


def links() -> dict[str, Link]:
    """How records hang below others, for taking an import back."""
    models = {one.key: one.model for one in TABLES}
    return {
        one.key: Link(
            one.link,
            models[one.below],  # type: ignore[arg-type]
            tuple(column.name for column in one.columns if column.kind == "id"),
        )
        for one in TABLES
        if one.below
    }
