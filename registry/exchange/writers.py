"""How a record of each table is written: which action, and what its arguments are called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from registry import actions
from registry.actions.cases import WorkupEntry
from registry.actions.surgeries import IntraoperativeEntry
from registry.exchange.spreadsheets import plain

RowValues = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Writer:
    """Actions of one table.

    Attributes
    ----------
    record, parent
        What `edit` calls the record and `add` the record above.
    rows
        Name of the child rows → argument, and what it is made of.
    """

    add: Callable[..., Any]
    edit: Callable[..., Any]
    record: str
    parent: str = "patient"
    rows: Mapping[str, tuple[str, Callable[[RowValues], Any]]] = field(default_factory=dict)


def _workup(rows: RowValues) -> list[WorkupEntry]:
    return [WorkupEntry(**row) for row in rows]


def _findings(rows: RowValues) -> list[IntraoperativeEntry]:
    return [IntraoperativeEntry(**row) for row in rows]


def _grades(rows: RowValues) -> dict[str, str]:
    """Grades are text, 1+ among them; only CPCHILD has points."""
    return {str(row["item"]): str(row.get("grade") or plain(row.get("points"))) for row in rows}


WRITERS: dict[str, Writer] = {
    "case": Writer(
        actions.cases.open_case, actions.cases.edit, "case",
        rows={"workup_steps": ("workup", _workup)},
    ),
    "study": Writer(actions.contrast_studies.log, actions.contrast_studies.edit, "study", "case"),
    "surgery": Writer(
        actions.surgeries.log, actions.surgeries.edit, "surgery", "case",
        rows={"findings": ("findings", _findings)},
    ),
    "component": Writer(actions.components.add, actions.components.edit, "component"),
    "assessment": Writer(
        actions.assessments.log, actions.assessments.edit, "assessment",
        rows={"grades": ("grades", _grades)},
    ),
    "screening_test": Writer(actions.screening_tests.log, actions.screening_tests.edit, "test"),
    "dose": Writer(actions.dose_settings.log, actions.dose_settings.edit, "setting"),
    "refill": Writer(actions.refills.log, actions.refills.edit, "refill"),
    "complication": Writer(actions.complications.log, actions.complications.edit, "complication"),
    "review": Writer(actions.outcome_reviews.log, actions.outcome_reviews.edit, "review", "case"),
}  # fmt: skip
"""Patients and reads are written in their own ways; see `registry.exchange.importing`."""
