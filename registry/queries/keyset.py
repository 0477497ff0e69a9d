"""Pages that go on where the last one ended, so that the depth of a page costs nothing.

A page is cut out of each of the viewer's centres by its index, and the cuts are merged: whatever
lies in other centres, or further down, is never touched, and nothing is counted to the end.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import IntegerField, Model, Q, QuerySet, Subquery

T = TypeVar("T", bound=Model)

MOST_COUNTED = 100
"""A count goes no further: beyond it, how many there are changes nothing anybody does."""


@dataclass(frozen=True)
class Page(Generic[T]):
    """`next_after` continues where the page ends; empty where nothing follows."""

    rows: list[T]
    next_after: str


@dataclass(frozen=True)
class BoundedCount:
    """How many there are, or that there are more than anybody counts.

    `and_more` where only some were looked at.
    """

    number: int
    and_more: bool = False

    @property
    def is_exact(self) -> bool:
        return self.number <= MOST_COUNTED and not self.and_more

    def __str__(self) -> str:
        return str(self.number) if self.is_exact else f"{min(self.number, MOST_COUNTED)}+"

    def __bool__(self) -> bool:
        return bool(self.number)


def bounded_count(parts: Iterable[QuerySet[Any]]) -> BoundedCount:
    """Count what several queries find together, and stop early."""
    found = 0
    for part in parts:
        found += part.order_by()[: MOST_COUNTED + 1 - found].count()
        if found > MOST_COUNTED:
            break
    return BoundedCount(found)


class CountUpTo(Subquery):
    """How many rows a correlated query finds, up to one more than anybody counts."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[: MOST_COUNTED + 1])


def cut(
    parts: Iterable[QuerySet[T]],
    *,
    size: int,
    key: Callable[[T], Any],
    cursor: Callable[[T], str],
    newest_first: bool = False,
) -> Page[T]:
    """The first rows of several queries that are in the same order.

    Parameters
    ----------
    parts
        Ordered alike, each after the cursor, so that each needs no more than a page of rows.
    key
        What they are ordered by, as a value that compares.
    cursor
        Where the next page goes on, in words for the address.
    """
    rows: list[T] = [row for part in parts for row in part[: size + 1]]
    rows.sort(key=key, reverse=newest_first)
    has_more = len(rows) > size
    return Page(rows[:size], cursor(rows[size - 1]) if has_more else "")


def after(day_field: str, cursor: str, *, newest_first: bool) -> Q:
    """What follows a cursor of `day_cursor`; a cursor that is none follows nothing."""
    day, pk = _day_and_pk(cursor)
    if day is None or pk is None:
        return Q()
    beyond, at = ("lte", "gte") if newest_first else ("gte", "lte")
    # Not an OR of two ranges: this way the index begins where the last page ended.
    return Q(**{f"{day_field}__{beyond}": day}) & ~Q(**{day_field: day, f"pk__{at}": pk})


def day_cursor(day: date, pk: int) -> str:
    return f"{day.isoformat()}.{pk}"


def pk_after(cursor: str) -> Q:
    """What is older than a row, for rows whose keys grow with time."""
    pk = _number(cursor)
    return Q() if pk is None else Q(pk__lt=pk)


def _day_and_pk(cursor: str) -> tuple[date | None, int | None]:
    day, _, pk = cursor.partition(".")
    try:
        return date.fromisoformat(day), _number(pk)
    except ValueError:
        return None, None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def centre_parts(rows: QuerySet[T], field: str, centre_pks: Sequence[int]) -> list[QuerySet[T]]:
    """The same query for each centre, so that each reads one range of an index."""
    return [rows.filter(**{field: pk}) for pk in centre_pks]
