"""When a scheduled report is due, and which period it then looks back on."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

LATEST_DAY: Final = 28
"""The last day of a month that every month has."""


class Rhythm(StrEnum):
    """How often; a quarter begins in January, April, July and October."""

    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class LookBack(StrEnum):
    """The whole calendar month, quarter or year before the one in which the report is due."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    EVER = "ever"


_MONTHS: Final = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}
_LENGTH: Final = {LookBack.MONTH: 1, LookBack.QUARTER: 3, LookBack.YEAR: 12}


def due_after(rhythm: Rhythm, day: int, after: date) -> date:
    """The first day later than `after` on which a report is due.

    Parameters
    ----------
    day
        Of the first month of each month, quarter or year, from 1 to LATEST_DAY.
    """
    months = _MONTHS[rhythm]
    begin = _begin(after, months)
    due = begin.replace(day=day)
    return due if due > after else _later(begin, months).replace(day=day)


def looked_back_on(period: LookBack, due_on: date) -> tuple[date | None, date | None]:
    """First and last day of the period; None leaves that end open."""
    if period is LookBack.EVER:
        return None, None
    last = _begin(due_on, _LENGTH[period]) - timedelta(days=1)
    return _begin(last, _LENGTH[period]), last


def _begin(day: date, months: int) -> date:
    """First day of the month, quarter or year that the day lies in."""
    return date(day.year, day.month - (day.month - 1) % months, 1)


def _later(begin: date, months: int) -> date:
    count = begin.month - 1 + months
    return date(begin.year + count // 12, count % 12 + 1, 1)
