"""What a rehearsal found, as it is kept until somebody has worked through it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from registry.exchange.import_plan import Place, Problem
from registry.exchange.importing import (
    CHANGED,
    LEFT_OUT,
    NEW,
    REFUSED,
    UNCHANGED,
    Line,
    Outcome,
)

MOST_KEPT = 300
"""Lines and doubts a page shows; problems are kept all, for the workbook to correct."""


@dataclass(frozen=True)
class CheckedImport:
    """`counts` are words and how many; long lists are cut, and say so."""

    counts: Sequence[tuple[str, int]]
    problems: Sequence[Problem]
    doubts: Sequence[Problem]
    changed: Sequence[Line]
    lines: Sequence[Line]
    line_count: int

    def to_json(self) -> str:
        return json.dumps(asdict(self))


def checked(outcome: Outcome) -> CheckedImport:
    return CheckedImport(
        counts=[
            (words, outcome.count(words))
            for words in (NEW, CHANGED, UNCHANGED, REFUSED, LEFT_OUT)
            if outcome.count(words)
        ],
        problems=sorted(outcome.problems, key=lambda problem: problem.place),
        doubts=sorted(outcome.doubts, key=lambda doubt: doubt.place)[:MOST_KEPT],
        changed=[line for line in outcome.lines if line.status == CHANGED][:MOST_KEPT],
        lines=outcome.lines[:MOST_KEPT],
        line_count=len(outcome.lines),
    )


def from_json(text: str) -> CheckedImport:
    kept: dict[str, Any] = json.loads(text)
    for name in ("problems", "doubts"):
        kept[name] = [Problem(Place(**one["place"]), one["sentence"]) for one in kept[name]]
    for name in ("changed", "lines"):
        kept[name] = [Line(**{**one, "place": Place(**one["place"])}) for one in kept[name]]
    return CheckedImport(**kept)
