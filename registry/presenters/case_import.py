"""What a rehearsal of an import found, in the order a person works through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry import queries
from registry.exchange.checked_import import MOST_KEPT, CheckedImport
from registry.exchange.import_plan import Problem
from registry.exchange.import_progress import Progress
from registry.exchange.importing import Line
from registry.exchange.tables import table
from registry.models import CaseImport, User


@dataclass(frozen=True)
class CheckedPage:
    """`counts` are words and how many; long lists are cut, and say so."""

    counts: Sequence[tuple[str, int]]
    problems: Sequence[Problem]
    doubts: Sequence[Problem]
    changed: Sequence[Line]
    lines: Sequence[Line]
    problem_count: int
    line_count: int
    may_take_in: bool


def page(checked: CheckedImport) -> CheckedPage:
    return CheckedPage(
        counts=checked.counts,
        problems=checked.problems[:MOST_KEPT],
        doubts=checked.doubts,
        changed=checked.changed,
        lines=checked.lines,
        problem_count=len(checked.problems),
        line_count=checked.line_count,
        may_take_in=not checked.problems and bool(checked.line_count),
    )


def taken_in(one: CaseImport, *, viewer: User) -> dict[str, Any]:
    """What came of it: how many records of which kind, and the patients to look at."""
    counts: dict[str, list[int]] = {}
    for key, was_there, number in queries.case_imports.written(viewer=viewer, case_import=one):
        counts.setdefault(table(key).label, [0, 0])[was_there] = number
    found = list(queries.case_imports.patients_of(viewer=viewer, case_import=one)[: MOST_KEPT + 1])
    return {
        "written": [(label, made, changed) for label, (made, changed) in counts.items()],
        "patients": found[:MOST_KEPT],
        "more_patients": len(found) > MOST_KEPT,
    }


def under_way(one: CaseImport, progress: Progress) -> dict[str, Any]:
    """How far it is, for the page and for what is asked again and again."""
    return {
        "one": one,
        "progress": progress,
        "rows_done": progress.rows_done(one.rows),
        "seconds_left": progress.seconds_left,
    }
