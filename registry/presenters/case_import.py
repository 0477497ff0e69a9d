"""What a rehearsal of an import found, in the order a person works through it."""

from dataclasses import dataclass

from registry.exchange.import_plan import Problem
from registry.exchange.importing import (
    CHANGED,
    LEFT_OUT,
    NEW,
    REFUSED,
    UNCHANGED,
    Line,
    Outcome,
)

MOST_SHOWN = 300


@dataclass(frozen=True)
class CheckedPage:
    """`counts` are words and how many; long lists are cut, and say so."""

    counts: tuple[tuple[str, int], ...]
    problems: list[Problem]
    doubts: list[Problem]
    changed: list[Line]
    lines: list[Line]
    problem_count: int
    line_count: int
    may_take_in: bool


def checked(outcome: Outcome) -> CheckedPage:
    problems = sorted(outcome.problems, key=lambda problem: problem.place)
    return CheckedPage(
        counts=tuple(
            (words, outcome.count(words))
            for words in (NEW, CHANGED, UNCHANGED, REFUSED, LEFT_OUT)
            if outcome.count(words)
        ),
        problems=problems[:MOST_SHOWN],
        doubts=sorted(outcome.doubts, key=lambda doubt: doubt.place)[:MOST_SHOWN],
        changed=[line for line in outcome.lines if line.status == CHANGED][:MOST_SHOWN],
        lines=outcome.lines[:MOST_SHOWN],
        problem_count=len(problems),
        line_count=len(outcome.lines),
        may_take_in=not problems and bool(outcome.lines),
    )
