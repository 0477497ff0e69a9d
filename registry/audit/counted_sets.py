"""Every number of a result that counts somebody, under a key, with the ids behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .comparators import COMPARATORS
from .flow import Display
from .result import OWN_STUDY, Cell, Table, Tally
from .suppression import Members, Rest

SEPARATOR: Final = "|"
CELL: Final = "table"


@dataclass(frozen=True, slots=True)
class CountedSets:
    """`hidden` are the keys nobody prints; `rests` what estimates leave of their denominators."""

    sets: Mapping[str, Members]
    hidden: frozenset[str]
    rests: tuple[Rest, ...]


def box_key(key: str) -> str:
    return f"flow{SEPARATOR}{key}"


def numerator_key(key: str) -> str:
    return f"numerator{SEPARATOR}{key}"


def denominator_key(key: str) -> str:
    return f"denominator{SEPARATOR}{key}"


def cell_key(table: str, row: Any, column: str) -> str:
    return SEPARATOR.join((CELL, table, str(row), column))


def counted_sets(tally: Tally) -> CountedSets:
    """All counts of a tally with their members; a count nobody is named for is not among them."""
    sets = {box_key(box.key): frozenset(box.members) for box in tally.flow.boxes}
    hidden = {box_key(box.key) for box in tally.flow.boxes if box.display is Display.REMAINDER}
    rests = []
    for one in tally.estimates:
        key = one.estimate.key
        sets[numerator_key(key)] = frozenset(one.numerator)
        sets[denominator_key(key)] = frozenset(one.denominator)
        rests.append(Rest(denominator_key(key), numerator_key(key)))
    for table in tally.tables:
        sets |= dict(_cells(table))
    return CountedSets(sets, frozenset(hidden), tuple(rests))


def is_published(table: Table, row: tuple[Cell, ...]) -> bool:
    """Whether the row prints somebody else's figure."""
    if table.key != COMPARATORS.key:
        return False
    return row[table.columns.index("study")] != OWN_STUDY


def _cells(table: Table) -> Iterable[tuple[str, Members]]:
    for row in table.rows:
        if is_published(table, row):
            continue
        for column, value in zip(table.columns, row, strict=True):
            members = table.cells.get((str(row[0]), column))
            if members is not None and type(value) is int and value == len(set(members)):
                yield cell_key(table.key, row[0], column), frozenset(members)


def merged(one: CountedSets, other: CountedSets) -> CountedSets:
    """Two counts of the same people side by side, as if they were others in the second."""
    sets = dict(one.sets)
    for key, members in other.sets.items():
        sets[key] = sets.get(key, frozenset()) | {f"{member} again" for member in members}
    return CountedSets(sets, one.hidden | other.hidden, one.rests)


def possible_sets(
    own: CountedSets, among: CountedSets
) -> tuple[dict[str, Members], frozenset[str]]:
    """The keys of `own` counted over other people, and who of these is a guess.

    A row of a table that only these data have, as that of a centre, is taken to work like the rows
    beside it: whoever could be in a cell of theirs could be in the same cell of this one. Rows that
    hold all of another row are totals, and nothing like it.
    """
    people: dict[str, set[str]] = {}
    for key, members in among.sets.items():
        for one in members:
            people.setdefault(one, set()).add(key)
    found: dict[str, set[str]] = {key: set() for key in own.sets}
    for one, keys in people.items():
        for key in keys & found.keys():
            found[key].add(one)
    beside = _rows_beside(among)
    guessed: set[str] = set()
    for key, members in own.sets.items():
        if members or not key.startswith(CELL) or found[key] - guessed:
            continue
        _, table, row, column = key.split(SEPARATOR)
        for from_row, those in beside.get((table, column), []):
            for one in those:
                guess = f"{one} in {row}"
                guessed.add(guess)
                for also in _moved(people[one], from_row, row) & found.keys():
                    found[also].add(guess)
    return {key: frozenset(members) for key, members in found.items()}, frozenset(guessed)


def _rows_beside(among: CountedSets) -> dict[tuple[str, str], list[tuple[str, Members]]]:
    """By table and column the rows that somebody is in, without totals."""
    beside: dict[tuple[str, str], list[tuple[str, Members]]] = {}
    for key, members in among.sets.items():
        if key.startswith(CELL) and members:
            _, table, row, column = key.split(SEPARATOR)
            beside.setdefault((table, column), []).append((row, members))
    return {
        place: [(row, those) for row, those in rows if not any(other < those for _, other in rows)]
        for place, rows in beside.items()
    }


def _moved(keys: Iterable[str], from_row: str, to_row: str) -> set[str]:
    moved = set()
    for key in keys:
        parts = key.split(SEPARATOR)
        if parts[0] == CELL and parts[2] == from_row:
            parts[2] = to_row
        moved.add(SEPARATOR.join(parts))
    return moved
