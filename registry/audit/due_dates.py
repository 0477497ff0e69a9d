"""When something is due: replacement of a pump, refill, review, the move to adult care.

Pure calendar arithmetic. A date that cannot be worked out is None, never a guess; how far a rule
may be trusted stands in `DueDate.mark`, as in the vocabulary.
"""

import calendar
import math
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal

MONTHS_PER_YEAR: Final = 12

REPLACE_BEFORE_END_MONTHS: Final = 6
"""A replacement is scheduled about six months before the end of service (Medtronic, S53, S71)."""

REPLACEMENT_INDICATOR_DAYS: Final = 90
"""From the elective replacement indicator of a SynchroMed II to its stop (Medtronic, S53)."""

REVIEW_WEEKS: Final = 6
REVIEW_MONTHS: Final = (3, 12)
"""Reviews after a revision, domain reference 2.7 [proposal]."""

OUTCOME_WEEKS: Final = REVIEW_WEEKS
"""A case, and a contrast study, should have its outcome by the first review [proposal]."""

ADULT_CARE_AGE_YEARS: Final = 18
"""Age at which a child should have moved to adult care [proposal]; services differ."""


class DueKind(StrEnum):
    """What is due."""

    REPLACEMENT = "replacement"
    REFILL = "refill"
    REVIEW_WEEK_6 = "week_6"
    REVIEW_MONTH_3 = "month_3"
    REVIEW_MONTH_12 = "month_12"
    ADULT_CARE = "adult_care"


class DueState(StrEnum):
    """How urgent a due date is on a given day."""

    OVERDUE = "overdue"
    SOON = "soon"
    LATER = "later"


SOON_DAYS: Final = {
    DueKind.REPLACEMENT: 183,
    DueKind.REFILL: 14,
    DueKind.REVIEW_WEEK_6: 14,
    DueKind.REVIEW_MONTH_3: 14,
    DueKind.REVIEW_MONTH_12: 30,
    DueKind.ADULT_CARE: 365,
}
"""Days ahead at which a due date is shown as near [proposal]."""


@dataclass(frozen=True, order=True)
class DueDate:
    """One due date.

    `last_day` is the last day on which it is not late yet: the day itself, or the end of the year
    where only the year is known.
    """

    on: date
    kind: DueKind
    last_day: date
    mark: Literal["published", "own", "proposal"] = "proposal"

    def state(self, *, as_of: date) -> DueState:
        """Whether it is overdue, near or far on a day.

        Parameters
        ----------
        as_of
            The day in the time zone of the centre.
        """
        if as_of > self.last_day:
            return DueState.OVERDUE
        if as_of >= self.on - timedelta(days=SOON_DAYS[self.kind]):
            return DueState.SOON
        return DueState.LATER

    @property
    def year_only(self) -> bool:
        return self.last_day != self.on


def months_later(day: date, months: int) -> date:
    """The same day some months later or earlier; the last day of a month that is too short.

    31 August and six months gives 28 or 29 February.
    """
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + months, MONTHS_PER_YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def end_of_service(*, implanted_on: date, service_life_years: int) -> date:
    """The day the service life of a pump ends."""
    return months_later(implanted_on, service_life_years * MONTHS_PER_YEAR)


def replacement_due(
    *,
    implanted_on: date | None,
    service_life_years: int | None,
    indicator_on: date | None = None,
    mark: Literal["published", "own", "proposal"] = "published",
) -> DueDate | None:
    """When a pump should be replaced electively.

    Six months before the end of its service life. Once the pump has shown its replacement
    indicator it counts from that day: 90 days, if that is sooner.

    Parameters
    ----------
    service_life_years
        From the catalogue; None where no source states one, or where there is no battery.
    indicator_on
        The day the elective replacement indicator was first seen.
    mark
        How far the service life may be trusted.

    Returns
    -------
    None where neither the day of implantation with a service life nor an indicator is known.
    """
    days = []
    if implanted_on is not None and service_life_years is not None:
        end = end_of_service(implanted_on=implanted_on, service_life_years=service_life_years)
        days.append(months_later(end, -REPLACE_BEFORE_END_MONTHS))
    if indicator_on is not None:
        days.append(indicator_on + timedelta(days=REPLACEMENT_INDICATOR_DAYS))
    if not days:
        return None
    return DueDate(on=min(days), kind=DueKind.REPLACEMENT, last_day=min(days), mark=mark)


def refill_due(*, counted_from: date, days_to_alarm: float | None) -> DueDate | None:
    """When the reservoir reaches its alarm volume; a part of a day does not count.

    Parameters
    ----------
    counted_from
        The day the volume was known: of the refill, or of the last change of the flow.
    days_to_alarm
        (volume - alarm volume) / flow, domain reference 4.3; None where no flow is known.
    """
    if days_to_alarm is None or not math.isfinite(days_to_alarm):
        return None
    try:
        due = counted_from + timedelta(days=math.floor(max(days_to_alarm, 0)))
    except OverflowError:
        return None
    return DueDate(on=due, kind=DueKind.REFILL, last_day=due, mark="published")


def reviews_due(*, operated_on: date) -> tuple[DueDate, DueDate, DueDate]:
    """Reviews after a revision: six weeks, three and twelve months."""
    three, twelve = (months_later(operated_on, months) for months in REVIEW_MONTHS)
    six_weeks = operated_on + timedelta(weeks=REVIEW_WEEKS)
    return (
        DueDate(on=six_weeks, kind=DueKind.REVIEW_WEEK_6, last_day=six_weeks),
        DueDate(on=three, kind=DueKind.REVIEW_MONTH_3, last_day=three),
        DueDate(on=twelve, kind=DueKind.REVIEW_MONTH_12, last_day=twelve),
    )


def outcome_due(*, happened_on: date) -> date:
    """The day from which a case that is not closed lacks its outcome.

    Parameters
    ----------
    happened_on
        The day the case was opened, or the day of its contrast study.
    """
    return happened_on + timedelta(weeks=OUTCOME_WEEKS)


def adult_care_due(*, birth_year: int | None, known_since: date) -> DueDate | None:
    """When a child moves to adult care: in the year of the 18th birthday.

    Parameters
    ----------
    birth_year
        The registry reads no more than the year; the birth date is sealed.
    known_since
        The first day anything is known of. Whoever was an adult by then has nothing to move.
    """
    if birth_year is None:
        return None
    year = birth_year + ADULT_CARE_AGE_YEARS
    if known_since.year >= year:
        return None
    return DueDate(on=date(year, 1, 1), kind=DueKind.ADULT_CARE, last_day=date(year, 12, 31))
