"""Pages of a list whose end nobody needs to know: a page is fetched, and one row more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

LARGEST_PAGE = 10_000
"""Nobody turns so many pages; further down a number from an address is none."""


@dataclass(frozen=True)
class UncountedPage:
    """What a template asks of a page, less how many there are."""

    object_list: Sequence[Any]
    number: int
    has_next: bool

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def has_other_pages(self) -> bool:
        return self.has_previous or self.has_next

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1


def page_of(
    rows: QuerySet[Any] | Sequence[Any], *, asked_for: str | None, size: int
) -> UncountedPage:
    """The page of this number; the first where the number is none."""
    number = _number(asked_for)
    first = (number - 1) * size
    found = list(rows[first : first + size + 1])
    return UncountedPage(found[:size], number, len(found) > size)


def merged(parts: Sequence[QuerySet[Any]], *, key: Callable[[Any], Any], most: int) -> list[Any]:
    """The first of several queries, each from the highest key down, as one list.

    A query for each centre reads one range of an index; one for all centres sorts them.
    """
    rows = [row for part in parts for row in part[:most]]
    return sorted(rows, key=key, reverse=True)[:most]


def page_of_parts(
    parts: Sequence[QuerySet[Any]],
    *,
    key: Callable[[Any], Any],
    asked_for: str | None,
    size: int,
) -> UncountedPage:
    """`page_of` of what `merged` puts in order."""
    number = _number(asked_for)
    found = merged(parts, key=key, most=number * size + 1)
    return UncountedPage(
        found[(number - 1) * size : number * size], number, len(found) > number * size
    )


def _number(asked_for: str | None) -> int:
    text = asked_for or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return number if 1 <= number <= LARGEST_PAGE else 1
