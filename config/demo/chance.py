"""Draws from the one seeded source of chance of the demonstration."""

from datetime import date, timedelta
from random import Random
from typing import Final, TypeVar

T = TypeVar("T")

SEED: Final = 2016
SATURDAY: Final = 5


def source() -> Random:
    """The same numbers on every machine and in every run."""
    return Random(SEED)  # noqa: S311 - made-up patients, no secrets


def one_of(chance: Random, shares: dict[T, float]) -> T:
    """One of the keys, as often as its share says."""
    return chance.choices(list(shares), weights=list(shares.values()))[0]


def weekday_between(chance: Random, first: date, last: date) -> date:
    """A Monday to Friday; a weekend moves to the Monday after it."""
    return weekday(first + timedelta(days=chance.randint(0, (last - first).days)))


def weekday_after(chance: Random, day: date, *, least_days: int, most_days: int) -> date:
    return weekday(day + timedelta(days=chance.randint(least_days, most_days)))


def weekday(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= SATURDAY else 0)


def years_before(day: date, years: float) -> date:
    return day - timedelta(days=round(years * 365.25))
