"""Pages of a list whose end nobody needs to know: a page is fetched, and one row more."""

from collections.abc import Iterator, Sequence
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


def page_of(rows: QuerySet[Any], *, asked_for: str | None, size: int) -> UncountedPage:
    """The page of this number; the first where the number is none."""
    text = asked_for or ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    number = number if 1 <= number <= LARGEST_PAGE else 1
    first = (number - 1) * size
    found = list(rows[first : first + size + 1])
    return UncountedPage(found[:size], number, len(found) > size)
