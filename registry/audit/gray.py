"""Do groups differ in the cumulative incidence of one cause?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from .errors import FollowUpError
from .follow_up import Floats, FollowUp, pooled
from .log_rank import GroupComparison, GroupCount, compared

METHOD: Final = "Gray's test (rho 0)"


def gray(groups: Mapping[str, FollowUp], *, cause: int) -> GroupComparison:
    """Compare cumulative incidences; the log-rank test compares cause-specific hazards.

    A group may reach a smaller incidence because its competing events come earlier. Gray's
    test sees that, the log-rank test does not; report both, they answer two questions.
    ``expected`` is what a group would have had under the pooled subdistribution hazard.

    Raises
    ------
    FollowUpError
        Somebody came under observation late. Gray's risk set keeps those who had a competing
        event, and when a late one would have entered it is not known.

    References
    ----------
    Gray RJ. Ann Stat 1988;16:1141-1154. doi:10.1214/aos/1176350951
    """
    if any(group.delayed for group in groups.values()):
        raise FollowUpError("Gray's test is defined without delayed entry")
    everybody = pooled(groups)
    days = np.flatnonzero(everybody.events_of())
    members = list(groups.values())
    at_risk = np.array([one.at_risk_on(days.tolist()) for one in members], dtype=float)
    own = np.array([_on(one, cause, days) for one in members])
    other = np.array([_on(one, None, days) for one in members]) - own
    walk = _Walk.over(len(members))
    for day in range(days.size):
        walk.step(at_risk[:, day], own[:, day], other[:, day])
    observed = own.sum(axis=1) if days.size else np.zeros(len(members))
    counts = tuple(
        GroupCount(name, group.observed, int(seen), float(seen - score))
        for (name, group), seen, score in zip(groups.items(), observed, walk.score, strict=True)
    )
    return compared(counts, walk.score, walk.variance, method=METHOD)


def _on(group: FollowUp, cause: int | None, days: np.typing.NDArray[np.intp]) -> Floats:
    by_day = group.events_of(cause)
    found: Floats = np.zeros(days.size)
    inside = days < by_day.size
    found[inside] = by_day[days[inside]]
    return found


@dataclass
class _Walk:
    """Score and variance, carried through the days; arrays of shape (groups,) or squares.

    ``free`` and ``incidence`` are each group's own event-free survival and incidence of the
    cause before the day, ``pooled`` the incidence under the hypothesis. ``drift`` is the
    paper's integral of the weights over the hazard so far; ``linear`` and ``constant``
    are the parts of the variance it is multiplied with at the end.
    """

    free: Floats
    incidence: Floats
    score: Floats
    drift: Floats
    constant: Floats
    linear: Floats
    squared: Floats
    pooled: float = 0.0

    @classmethod
    def over(cls, groups: int) -> "_Walk":
        row, square = np.zeros(groups), np.zeros((groups, groups))
        return cls(row + 1, row.copy(), row.copy(), square, square.copy(), square.copy(), row)

    @property
    def variance(self) -> Floats:
        mixed = self.drift @ self.linear.T
        result: Floats = (
            self.constant + (self.drift * self.squared) @ self.drift.T + mixed + mixed.T
        )
        return result

    def step(self, at_risk: Floats, own: Floats, other: Floats) -> None:
        present = at_risk > 0
        n = np.where(present, at_risk, 1.0)
        events = own.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            weight = np.where(present, n / self.free, 0.0)
        total = weight.sum()
        free_after = np.where(present, self.free * (n - own - other) / n, self.free)
        pooled_after = self.pooled + events / total
        weights = np.diag(weight) - np.outer(weight, weight) / total
        self.drift += weights * events / (total * (1 - self.pooled))
        share = weight * (1 - self.incidence)
        self.score += own - events * share / share.sum()
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where(free_after > 0, (1 - pooled_after) / free_after, 0.0)
        if events:
            # Who is at risk alone has one event at most; who is not at risk has no spread.
            others = np.where(present & (events > 1), total * self.free - 1, 1.0)
            tied = 1 - (events - 1) / others
            spread = np.where(present, tied * self.free * events / (total * n), 0.0)
            self._add(weights - (1 - left) * self.drift, 1 - left, spread)
        tied = np.where(other > 1, 1 - (other - 1) / np.where(n > 1, n - 1, 1), 1.0)
        spread = np.where(present & (free_after > 0), tied * self.free**2 * other / n**2, 0.0)
        self._add(left * self.drift, -left, spread)
        self.incidence = np.where(present, self.incidence + self.free * own / n, self.incidence)
        self.free, self.pooled = free_after, pooled_after

    def _add(self, slope: Floats, factor: Floats, spread: Floats) -> None:
        self.constant = self.constant + (slope * spread) @ slope.T
        self.linear = self.linear + slope * factor * spread
        self.squared = self.squared + factor**2 * spread
