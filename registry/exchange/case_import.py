"""A kept file rehearsed, taken in, and taken back."""

import json
from collections.abc import Callable
from datetime import datetime

from registry import actions
from registry.actions.case_imports import Link, Written
from registry.exchange.import_plan import plan
from registry.exchange.importing import Outcome, run
from registry.exchange.mapping import FileMapping
from registry.exchange.spreadsheet_reader import from_json
from registry.exchange.tables import TABLES
from registry.models import CaseImport, User


def rehearse(*, case_import: CaseImport, by: User, at: datetime) -> Outcome:
    """What taking the file in would do; nothing of it stays."""
    return actions.case_imports.rehearse(by=by, at=at, write=_write(case_import, by=by, at=at))


def take_in(*, case_import: CaseImport, by: User, at: datetime) -> CaseImport:
    """Take the file in. See `actions.case_imports.take_in` for the errors."""
    write = _write(case_import, by=by, at=at)

    def written() -> tuple[list[Written], int]:
        outcome = write()
        return outcome.written, len(outcome.problems)

    return actions.case_imports.take_in(case_import=case_import, by=by, at=at, write=written)


def undo(*, case_import: CaseImport, by: User, at: datetime) -> CaseImport:
    """Take an import back. See `actions.case_imports.undo` for the errors."""
    return actions.case_imports.undo(
        case_import=case_import,
        by=by,
        at=at,
        links=links(),
        models_by_table={one.key: one.model for one in TABLES},  # type: ignore[misc]
    )


def _write(case_import: CaseImport, *, by: User, at: datetime) -> Callable[[], Outcome]:
    said = plan(
        from_json(str(case_import.content)),
        FileMapping.from_json(json.loads(str(case_import.mapping))),
    )
    return lambda: run(said, centre=case_import.centre, by=by, at=at)


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
