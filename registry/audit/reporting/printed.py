"""Where a finished report says something, and whether it does.

A checklist names places and repeats no number: what stands there is read there.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from registry.audit.result import OWN_STUDY

FIGURES: Final = "value"
"""Column of a proportion with its limits, in tables that name no form for it."""


class Place(StrEnum):
    """The headings of a report other than its tables."""

    QUESTION = "The question at the top"
    PLAIN_WORDS = "The words below the question"
    FILTERS = "Filters"
    FLOW = "Participant flow"
    ESTIMATES = "All estimates"
    CAVEATS = "How to read these numbers"
    RULES = "Who is counted, and how"
    PROVENANCE = "Where these numbers come from"
    TABLES = "Tables"


@dataclass(frozen=True, slots=True)
class Part:
    """One place of the report; `named` is a table, or the rule that is meant.

    `key` is the key of a table.
    """

    place: Place
    named: str = ""
    key: str = ""

    @property
    def words(self) -> str:
        if self.place is Place.TABLES:
            return f"Table: {self.named}"
        return f"{self.place.value}: {self.named}" if self.named else self.place.value


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """What a report calls a table, and which columns count somebody or hold figures.

    Figures may be undefined. A column of what a published study printed is of neither kind.
    """

    title: str
    counts: frozenset[str]
    figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Printed:
    """A result as JSON values, with what its protocol calls the tables."""

    result: Mapping[str, Any]
    tables: Mapping[str, PrintedTable]

    def table(self, key: str) -> Mapping[str, Any] | None:
        return next((one for one in self.result["tables"] if one["key"] == key), None)


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for: the place where it stands, or what there is not.

    `but` says what of it is not there although the place is.
    """

    part: Part | None = None
    absent: str = ""
    but: str = ""


class Evidence(Protocol):
    """Something the report may say."""

    def found(self, printed: Printed) -> Found: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What the protocol says of itself, with every result."""

    place: Place

    def found(self, printed: Printed) -> Found:
        return Found(Part(self.place))


@dataclass(frozen=True, slots=True)
class Flow:
    """The diagram with somebody in it."""

    def found(self, printed: Printed) -> Found:
        boxes = printed.result["flow"]
        if not boxes:
            return Found(absent="The result has no participant flow.")
        if not boxes[0]["n"]:
            return Found(absent="The participant flow has nobody in it.")
        return Found(Part(Place.FLOW))


@dataclass(frozen=True, slots=True)
class Methods:
    """The method that is named with every estimate, whether it is defined or not."""

    def found(self, printed: Printed) -> Found:
        if printed.result["estimates"]:
            return Found(Part(Place.ESTIMATES))
        return Found(absent="The result has no estimate.")


@dataclass(frozen=True, slots=True)
class Estimates:
    """Proportions with their intervals: all, or those whose keys begin with one of `measures`."""

    measures: tuple[str, ...] = ("",)

    def found(self, printed: Printed) -> Found:
        estimates = [
            one for one in printed.result["estimates"] if one["key"].startswith(self.measures)
        ]
        if not estimates:
            return Found(absent="The result has no estimate.")
        undefined = [one["value"] is None for one in estimates]
        if all(undefined):
            return Found(absent="No estimate is defined: nobody is in a denominator.")
        but = "Some estimates are not defined: nobody is in their denominator."
        return Found(Part(Place.ESTIMATES), but=but if any(undefined) else "")


class Shows(StrEnum):
    """What of a table is asked for; of a method that may have failed, *any* figure shows it."""

    FIGURES = "figures"
    ANY_FIGURE = "any figure"
    COUNTS = "counts"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table with rows, and in them figures, or somebody who is counted, or mere words.

    A dash in the place of a figure that was asked for is said. Rows of published studies are not
    the report's own and show nothing but words.

    Parameters
    ----------
    columns
        Where somebody is to be counted, if not any column that counts will do.
    """

    key: str
    shows: Shows = Shows.FIGURES
    columns: tuple[str, ...] = ()

    def found(self, printed: Printed) -> Found:
        table, described = printed.table(self.key), printed.tables.get(self.key)
        title = described.title if described else self.key
        if table is None:
            return Found(absent=f"The result has no table “{title}”.")
        if not table["rows"]:
            return Found(absent=f"The table “{title}” is empty.")
        part = Part(Place.TABLES, title, self.key)
        if self.shows is Shows.WORDS:
            return Found(part)
        if self.shows is Shows.COUNTS:
            counts = described.counts if described else frozenset()
            cells = _own(table, frozenset(self.columns) or counts)
            somebody = any(type(cell) is int and cell for cell in cells)
            return Found(part) if somebody else Found(absent=f"The table “{title}” counts nobody.")
        named = described.figures if described else frozenset()
        figures = list(_own(table, named | {FIGURES}))
        if all(one is None for one in figures):
            return Found(absent=f"No figure in the table “{title}” is defined or shown.")
        if self.shows is Shows.ANY_FIGURE:
            return Found(part)
        but = f"Some figures of the table “{title}” are undefined or not shown."
        return Found(part, but=but if None in figures else "")


def _own(table: Mapping[str, Any], columns: frozenset[str]) -> Iterator[Any]:
    """Cells of these columns, without the rows of published studies."""
    beside_published = any(OWN_STUDY in row for row in table["rows"])
    for row in table["rows"]:
        if OWN_STUDY in row or not beside_published:
            for column, cell in zip(table["columns"], row, strict=True):
                if column in columns:
                    yield cell


@dataclass(frozen=True, slots=True)
class Caveat:
    """A caveat that has these words."""

    words: str

    def found(self, printed: Printed) -> Found:
        if any(self.words in one for one in printed.result["caveats"]):
            return Found(Part(Place.CAVEATS))
        return Found(absent=f"No caveat of the result says “{self.words}”.")


@dataclass(frozen=True, slots=True)
class Caveats:
    """Any caveat."""

    def found(self, printed: Printed) -> Found:
        if printed.result["caveats"]:
            return Found(Part(Place.CAVEATS))
        return Found(absent="The result prints no caveat.")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule by its name without its version; the version that was printed is named."""

    name: str

    def found(self, printed: Printed) -> Found:
        named = re.compile(rf"{re.escape(self.name)}-\d+")
        for words in (printed.result["pairing"]["text"], *printed.result["rules"]):
            if match := named.match(words):
                return Found(Part(Place.RULES, match.group()))
        return Found(absent=f"The result prints no rule “{self.name}”.")


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules the result was counted by."""

    def found(self, printed: Printed) -> Found:
        if printed.result["rules"]:
            return Found(Part(Place.RULES))
        return Found(absent="The result prints no rule.")


@dataclass(frozen=True, slots=True)
class CentresAndPeriod:
    """Which centres, and from when to when."""

    def found(self, printed: Printed) -> Found:
        filters = printed.result["filters"]
        open_ended = [
            words
            for words, unknown in (
                ("the centres are not named", filters["centres"] is None),
                ("the period has no first day", filters["performed_from"] is None),
            )
            if unknown
        ]
        but = f"In the filters {', and '.join(open_ended)}." if open_ended else ""
        return Found(Part(Place.FILTERS), but=but)


@dataclass(frozen=True, slots=True)
class Provenance:
    """The hash of the facts and the version of the code."""

    def found(self, printed: Printed) -> Found:
        if printed.result["facts_sha256"] and printed.result["code_version"]:
            return Found(Part(Place.PROVENANCE))
        return Found(absent="The result names neither its facts nor the code that counted them.")
