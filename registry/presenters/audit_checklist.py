"""Reporting checklists of an audit in words: for page, paper and CSV alike."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from registry.audit.protocol import Protocol
from registry.audit.reporting.answers import Answer, State
from registry.audit.reporting.checklist import Checklist, Item
from registry.audit.reporting.filling import Filled, filled
from registry.audit.reporting.printed import Part, Place
from registry.exchange.spreadsheet_text import escape

from .audit_words import Result

COLUMNS = ("checklist", "item", "section", "asks_for", "state", "where", "note")

VERDICTS = {
    State.REPORTED: ("sound", "✓"),
    State.IN_PART: ("caution", "!"),
    State.MISSING: ("unusable", "✗"),
    State.FOR_THE_AUTHORS: ("authors", "→"),
    State.DOES_NOT_APPLY: ("apart", "–"),
}
"""How a state looks on a page, and the sign before its word on paper."""

ANCHORS = {
    Place.FLOW: "table-flow",
    Place.ESTIMATES: "table-estimates",
    Place.CAVEATS: "caveats",
    Place.RULES: "rules",
    Place.PROVENANCE: "provenance",
}
"""Where a place stands on the page of an audit; others stand at its top."""

HOW_TO_READ = (
    "Filled from this report alone: it names places and repeats no number. What is missing could "
    "be said from data and is not said in this report; what no registry knows is left to the "
    "authors."
)

Address = Callable[[str], str]
"""From the place of a page, or nothing for its top, to its address."""


@dataclass(frozen=True)
class Where:
    words: str
    href: str | None


@dataclass(frozen=True)
class Line:
    """One item; `look` is the class of the mark that stands before its state."""

    number: str
    asks_for: str
    state: str
    look: str
    where: tuple[Where, ...]
    note: str


@dataclass(frozen=True)
class Section:
    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class ChecklistInWords:
    """`tally` says how many items are in each state."""

    checklist: Checklist
    tally: str
    sections: tuple[Section, ...]


def page(result: Result, protocol: Protocol, *, report: Address) -> list[ChecklistInWords]:
    """The checklists with links into the page of the audit or report."""
    return [_in_words(one, report) for one in filled(result, protocol)]


def _in_words(one: Filled, report: Address) -> ChecklistInWords:
    return ChecklistInWords(
        one.checklist,
        _tally(one),
        tuple(
            Section(name, tuple(_line(item, answer, report) for item, answer in answers))
            for name, answers in groupby(one.answers, key=lambda pair: pair[0].section)
        ),
    )


def _tally(one: Filled) -> str:
    counted = Counter(answer.state for _, answer in one.answers)
    return ", ".join(f"{counted[state]} {state}" for state in State if counted[state])


def _line(item: Item, answer: Answer, report: Address) -> Line:
    look, _ = VERDICTS[answer.state]
    where = tuple(
        Where(words, report(_anchor(part)))
        for part, words in zip(answer.parts, _named(answer.parts), strict=True)
    )
    return Line(item.number, item.words, answer.state, look, where, answer.words)


def _named(parts: Sequence[Part]) -> list[str]:
    """The words of each; of several in one place the place is named once."""
    before = (None, *(part.place for part in parts))
    return [
        part.named if part.named and part.place is place else part.words
        for part, place in zip(parts, before, strict=False)
    ]


def _anchor(part: Part) -> str:
    return f"table-{part.key}" if part.place is Place.TABLES else ANCHORS.get(part.place, "")


def on_paper(result: Result, protocol: Protocol) -> list[dict[str, Any]]:
    """The checklists as JSON values, for the document of a report."""
    return [
        {
            "title": f"{one.checklist.name}: {one.checklist.title}",
            "source": one.checklist.source,
            "tally": _tally(one),
            "how_to_read": HOW_TO_READ,
            "sections": [
                {
                    "name": name,
                    "lines": [
                        {
                            "number": item.number,
                            "asks_for": item.words,
                            "state": f"{VERDICTS[answer.state][1]} {answer.state}",
                            "where": "; ".join(_named(answer.parts)),
                            "note": answer.words,
                        }
                        for item, answer in answers
                    ],
                }
                for name, answers in groupby(one.answers, key=lambda pair: pair[0].section)
            ],
        }
        for one in filled(result, protocol)
    ]


def csv_text(result: Result, protocol: Protocol) -> str:
    """One row for each item of each checklist."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for one in filled(result, protocol):
        for item, answer in one.answers:
            said = (
                one.checklist.name,
                item.number,
                item.section,
                item.words,
                answer.state.value,
                "; ".join(_named(answer.parts)),
                answer.words,
            )
            writer.writerow(dict(zip(COLUMNS, map(escape, said), strict=True)))
    return out.getvalue()
