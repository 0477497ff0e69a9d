"""How long each component was watched, and how watching it ended.

Days are whole days since implantation, so risk sets are counted by day and nothing is sorted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from .errors import FollowUpError

Days = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

CENSORED: Final = 0
"""The cause of whoever was last seen without an event."""

DAYS_PER_YEAR: Final = 365.25

LONGEST_DAYS: Final = 73_050
"""200 years. Anything longer is a typing error, and counting by day would fill the memory."""


@dataclass(frozen=True, eq=False)
class FollowUp:
    """Components under observation; three arrays of one length, shape (components,).

    ``entry_day`` is the day since implantation on which the component came under observation:
    0 from the start, later for a device that was enrolled when it was already in the patient
    (delayed entry, left truncation). A component is at risk on the days after its entry up to
    and including ``exit_day``, and one observed from the start is at risk on day 0, too. So
    entry on day 0 is no delayed entry, and a device revised on the day of implantation counts.

    ``cause`` is 0 for censored and 1, 2, … for competing events.

    What entered on the day it left (after day 0) was never at risk. ``without_time`` has the rows
    of these; they are counted in ``never_at_risk`` and in nothing else.
    """

    entry_day: Days
    exit_day: Days
    cause: Days
    without_time: Days

    @classmethod
    def of(
        cls,
        *,
        exit_day: npt.ArrayLike,
        cause: npt.ArrayLike,
        entry_day: npt.ArrayLike | None = None,
    ) -> "FollowUp":
        """Check and take over the arrays.

        Parameters
        ----------
        cause
            Codes from 0, or True and False where there is one kind of event.
        entry_day
            None if everybody was observed from the start.

        Raises
        ------
        FollowUpError
            Arrays of different lengths, fractions, negative days, an exit before the entry,
            more than 200 years, or a negative cause.
        """
        exits = _whole_numbers(exit_day, "exit_day")
        causes = _whole_numbers(cause, "cause")
        entries = (
            np.zeros_like(exits) if entry_day is None else _whole_numbers(entry_day, "entry_day")
        )
        if not exits.shape == causes.shape == entries.shape:
            raise FollowUpError("entry, exit and cause must have one length")
        touching = np.flatnonzero(exits <= entries)
        if exits.size:
            if entries.min() < 0 or causes.min() < 0:
                raise FollowUpError("days and causes must not be negative")
            if (exits[touching] < entries[touching]).any():
                raise FollowUpError("nothing can leave before it entered")
            if exits.max() > LONGEST_DAYS:
                raise FollowUpError(f"follow-up must not exceed {LONGEST_DAYS} days")
        return cls(
            entry_day=entries,
            exit_day=exits,
            cause=causes,
            without_time=touching[entries[touching] > 0],
        )

    @cached_property
    def never_at_risk(self) -> int:
        """How many entered on the very day they left."""
        return int(self.without_time.size)

    @cached_property
    def observed(self) -> int:
        """How many were at risk on at least one day."""
        return int(self.exit_day.size) - self.never_at_risk

    @cached_property
    def delayed(self) -> bool:
        """Whether anybody came under observation after the start."""
        return bool(self.entry_day.size and self.entry_day.max() > 0)

    @cached_property
    def days_at_risk(self) -> int:
        """Component-days under observation."""
        return int(self.exit_day.sum() - self.entry_day.sum())

    @cached_property
    def last_day(self) -> int:
        """The longest follow-up; 0 if there is none."""
        return int(self.exit_day.max()) if self.exit_day.size else 0

    @cached_property
    def causes(self) -> tuple[int, ...]:
        """Codes of the events that happened, ascending."""
        return tuple(int(code) for code in np.flatnonzero(np.bincount(self.cause)) if code)

    @cached_property
    def at_risk(self) -> Days:
        """How many were at risk on each day 0 … last_day, shape (last_day + 1,)."""
        # In on the day after entry, or on day 0; out at the end of the exit day.
        entered = np.cumsum(np.bincount(self.entry_day, minlength=self.last_day + 1))
        left = self._left.sum(axis=1)
        before = np.concatenate((entered[:1], entered[:-1]))
        return np.asarray(before - (np.cumsum(left) - left), dtype=np.int64)

    def events_of(self, cause: int | None = None) -> Days:
        """How many events happened on each day 0 … last_day; None counts every cause."""
        events = self._left - self._left_without_time if self.never_at_risk else self._left
        if cause is None:
            return np.asarray(events[:, CENSORED + 1 :].sum(axis=1), dtype=np.int64)
        if cause >= events.shape[1]:
            return np.zeros(self.last_day + 1, dtype=np.int64)
        return events[:, cause]

    def at_risk_on(self, days: Sequence[int]) -> tuple[int, ...]:
        """Numbers at risk for the table under a curve; 0 after the last day."""
        return tuple(int(self.at_risk[day]) if day <= self.last_day else 0 for day in days)

    @cached_property
    def _left(self) -> Days:
        """Who left on which day and how, shape (last_day + 1, causes + 1)."""
        return self._by_day_and_cause(self.exit_day, self.cause)

    @cached_property
    def _left_without_time(self) -> Days:
        chosen = self.without_time
        return self._by_day_and_cause(self.exit_day[chosen], self.cause[chosen])

    def _by_day_and_cause(self, day: Days, cause: Days) -> Days:
        kinds = int(self.cause.max()) + 1 if self.cause.size else 1
        counts = np.bincount(day * kinds + cause, minlength=(self.last_day + 1) * kinds)
        return counts.reshape(-1, kinds)


def pooled(groups: Mapping[str, FollowUp]) -> FollowUp:
    """All groups as one."""
    parts = list(groups.values())
    if not parts:
        return FollowUp.of(exit_day=[], cause=[])
    return FollowUp.of(
        entry_day=np.concatenate([part.entry_day for part in parts]),
        exit_day=np.concatenate([part.exit_day for part in parts]),
        cause=np.concatenate([part.cause for part in parts]),
    )


def _whole_numbers(values: npt.ArrayLike, name: str) -> Days:
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or array.dtype.kind not in "biu":
        raise FollowUpError(f"{name} must be whole numbers in one row")
    return array.astype(np.int64, copy=False)
