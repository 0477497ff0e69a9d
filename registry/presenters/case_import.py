"""What a rehearsal of an import found, in the order a person works through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from registry.exchange.checked_import import MOST_KEPT, CheckedImport
from registry.exchange.import_plan import Problem
from registry.exchange.import_progress import Progress
from registry.exchange.importing import Line
from registry.models import CaseImport


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


def under_way(one: CaseImport, progress: Progress) -> dict[str, Any]:
    """How far it is, for the page and for what is asked again and again."""
    return {
        "one": one,
        "progress": progress,
        "rows_done": progress.rows_done(one.rows),
        "seconds_left": progress.seconds_left,
    }
