"""The daily dose of a patient over time."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .dose_facts import DoseFacts
from .facts import PatientFacts
from .score_course import DatedScore

DAYS_PER_MONTH: Final = 365.25 / 12
TWO_YEARS: Final = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class DoseCourse:
    """Settings of a patient, oldest first; of several on one day the last in order holds."""

    settings: tuple[DoseFacts, ...]

    def on(self, day: date) -> float | None:
        """µg a day in force; None before the first setting, 0 while stopped."""
        place = bisect_right([one.set_on for one in self.settings], day)
        return float(self.settings[place - 1].dose_ug_per_day) if place else None

    def change(self, day: date, *, over: timedelta) -> float | None:
        """Change of the dose up to the day, as a fraction of what it was before.

        None where either dose is not known, or nothing was given before.
        """
        now, before = self.on(day), self.on(day - over)
        return None if now is None or not before else (now - before) / before

    def lowest_at_best(self, scores: Sequence[DatedScore]) -> float | None:
        """The lowest dose in force at any assessment whose score was the lowest reached."""
        dosed = [(one.value, dose) for one in scores if (dose := self.on(one.on))]
        if not dosed:
            return None
        best = min(value for value, _ in dosed)
        return min(dose for value, dose in dosed if value == best)


def dose_course(patient: PatientFacts) -> DoseCourse:
    return DoseCourse(patient.of(DoseFacts))


def months_after(start: date, months: int) -> date:
    return start + timedelta(days=round(months * DAYS_PER_MONTH))
