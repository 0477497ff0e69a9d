"""Do groups differ in the hazard of one event?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import chdtrc

from .follow_up import Days, Floats, FollowUp, pooled

METHOD: Final = "log-rank test, hypergeometric variance"


@dataclass(frozen=True, slots=True)
class GroupCount:
    """One group of a comparison: what happened and what would have, were all alike."""

    group: str
    components: int
    observed: int
    expected: float


@dataclass(frozen=True, slots=True)
class GroupComparison:
    """A test over groups; statistic, degrees of freedom and p are None if nothing compares."""

    groups: tuple[GroupCount, ...]
    statistic: float | None
    degrees_of_freedom: int | None
    p_value: float | None
    method: str


def log_rank(groups: Mapping[str, FollowUp], *, cause: int | None = None) -> GroupComparison:
    """Compare hazards over the whole follow-up, also with delayed entry.

    Other causes than ``cause`` are censored. It is weak where curves cross, and unadjusted.
    A group that was never at risk beside others takes no part.

    References
    ----------
    Mantel N. Cancer Chemother Rep 1966;50:163-170.
    Peto R, Peto J. J R Stat Soc A 1972;135:185-207. doi:10.2307/2344317
    """
    everybody = pooled(groups)
    days: Days = np.flatnonzero(everybody.events_of(cause)).astype(np.int64)
    at_risk = np.array([_on(group.at_risk, days) for group in groups.values()])
    events = np.array([_on(group.events_of(cause), days) for group in groups.values()])
    if not days.size:
        silent = tuple(GroupCount(name, one.observed, 0, 0.0) for name, one in groups.items())
        return GroupComparison(silent, None, None, None, METHOD)
    total, deaths = at_risk.sum(axis=0), events.sum(axis=0)
    share = at_risk / total
    expected = share @ deaths
    with np.errstate(invalid="ignore", divide="ignore"):
        ties = np.where(total > 1, deaths * (total - deaths) / (total - 1), 0.0)
    # Days on which one group alone is at risk say nothing, but leave rounding noise.
    ties = np.where((at_risk > 0).sum(axis=0) > 1, ties, 0.0)
    variance = np.diag(share @ ties) - (share * ties) @ share.T
    difference = events.sum(axis=1) - expected
    counts = tuple(
        GroupCount(name, group.observed, int(row.sum()), float(one))
        for (name, group), row, one in zip(groups.items(), events, expected, strict=True)
    )
    return compared(counts, difference, variance, method=METHOD)


def compared(
    counts: tuple[GroupCount, ...], score: Floats, variance: Floats, *, method: str
) -> GroupComparison:
    """The chi-squared test of a score that sums to 0 over the groups.

    Groups without variance took no part and cost no degree of freedom.
    """
    taking_part = np.flatnonzero(np.diag(variance) > 0)
    if taking_part.size < 2:
        return GroupComparison(counts, None, None, None, method)
    kept = taking_part[:-1]
    chosen = variance[np.ix_(kept, kept)]
    rank = int(np.linalg.matrix_rank(chosen))
    if rank < kept.size:
        return GroupComparison(counts, None, None, None, method)
    statistic = float(score[kept] @ np.linalg.solve(chosen, score[kept]))
    return GroupComparison(counts, statistic, rank, float(chdtrc(rank, statistic)), method)


def _on(by_day: Days, days: Days) -> Floats:
    """The values of these days; 0 after the last."""
    found: Floats = np.zeros(days.size)
    inside = days < by_day.size
    found[inside] = by_day[days[inside]]
    return found
