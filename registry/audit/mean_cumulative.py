"""How many events a component, or a patient, has had by a day when they may recur."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from .errors import CountError, FollowUpError
from .follow_up import Days, Floats, FollowUp

METHOD: Final = "mean cumulative function (Nelson), robust variance, log interval"


@dataclass(frozen=True, slots=True)
class MeanPoint:
    """The curve after the events of one day; limits are None where nothing varies."""

    day: int
    at_risk: int
    events: int
    mean: float
    standard_error: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class MeanCurve:
    """Mean number of events per member; ``numerator`` counts events, ``denominator`` members."""

    follow_up: FollowUp
    points: tuple[MeanPoint, ...]
    numerator: int
    denominator: int
    confidence: float
    unit: str
    method: str = METHOD

    def shown(self, minimum_at_risk: int) -> tuple[MeanPoint, ...]:
        """The points that may be published: those with at least so many at risk."""
        return tuple(point for point in self.points if point.at_risk >= minimum_at_risk)


def mean_cumulative(
    follow_up: FollowUp,
    *,
    member: npt.ArrayLike,
    event_day: npt.ArrayLike,
    unit: str = "revisions per patient",
    confidence: float = 0.95,
) -> MeanCurve:
    """Estimate the mean number of events over time.

    Parameters
    ----------
    follow_up
        One row per member; an event does not end it, so its causes do not matter.
    member, event_day
        One entry per event: the row of the member in ``follow_up``, and the day. One member
        may have several events, also on one day.

    Raises
    ------
    FollowUpError
        An event of nobody, or on a day its member was not under observation.

    Notes
    -----
    The variance lets events of one member depend on each other as they like: it is the sum
    over members of the squared influence of each. A Poisson variance would be too small for
    the patients who are revised again and again.

    References
    ----------
    Nelson W. J Qual Technol 1995;27:147-157. doi:10.1080/00224065.1995.11979575
    Lawless JF, Nadeau C. Technometrics 1995;37:158-168 (variance).
    doi:10.1080/00401706.1995.10484300
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    rows, days_of_events = _checked(follow_up, np.asarray(member), np.asarray(event_day))
    by_day = np.bincount(days_of_events, minlength=follow_up.last_day + 1)
    at_risk = follow_up.at_risk.astype(float)
    inverse = np.divide(1.0, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
    step = by_day * inverse
    variance = _variance(follow_up, rows, days_of_events, step, inverse)
    mean = np.cumsum(step)
    z = float(ndtri(1 - (1 - confidence) / 2))
    days = np.flatnonzero(by_day)
    return MeanCurve(
        follow_up=follow_up,
        points=tuple(
            _point(int(day), int(at_risk[day]), int(by_day[day]), mean[day], variance[day], z)
            for day in days
        ),
        numerator=int(by_day.sum()),
        denominator=follow_up.observed,
        confidence=confidence,
        unit=unit,
    )


def _checked(follow_up: FollowUp, rows: Days, days: Days) -> tuple[Days, Days]:
    rows, days = (
        np.zeros(0, dtype=np.int64) if one.size == 0 else one.astype(np.int64)
        for one in (rows, days)
    )
    if rows.shape != days.shape:
        raise FollowUpError("each event needs a member and a day")
    if rows.size and not 0 <= rows.min() <= rows.max() < follow_up.exit_day.size:
        raise FollowUpError("an event belongs to nobody")
    entry, leave = follow_up.entry_day[rows], follow_up.exit_day[rows]
    if not (((entry < days) | ((entry == 0) & (days == 0))) & (days <= leave)).all():
        raise FollowUpError("an event lies outside the time its member was observed")
    return rows, days


def _variance(follow_up: FollowUp, rows: Days, days: Days, step: Floats, inverse: Floats) -> Floats:
    """Sum of squared influences after each day, without a matrix of members by days.

    The influence of a member is its events, each over the risk set of its day, less the
    integral of the mean's steps over the risk sets while it was at risk. On a day all at
    risk move by the same amount, so sums over the risk set are enough; they change only
    when somebody leaves.
    """
    size = follow_up.last_day + 1
    integral = np.cumsum(step * inverse)
    start = np.where(follow_up.entry_day > 0, integral[follow_up.entry_day], 0.0)
    pull = inverse[days]
    final = np.bincount(rows, weights=pull, minlength=follow_up.exit_day.size) - (
        integral[follow_up.exit_day] - start
    )
    leaving = np.bincount(follow_up.exit_day, weights=final, minlength=size)
    # The sum over the risk set, as each day finds it; who enters brings 0.
    carried = np.concatenate(([0.0], -np.cumsum(leaving)[:-1]))
    # Several events of one member on one day count as one of that size.
    keys, position = np.unique(rows * size + days, return_inverse=True)
    number = np.bincount(position).astype(float)
    who, when = keys // size, keys % size
    pulls = number * inverse[when]
    earlier = np.cumsum(pulls) - pulls
    first = np.searchsorted(who, who)
    before = earlier - earlier[first]
    influence = before - ((integral[when] - step[when] * inverse[when]) - start[who])
    shift = step * inverse
    growth = (
        np.bincount(when, weights=2 * pulls * influence + pulls**2, minlength=size)
        - 2 * shift * carried
        - shift * step
    )
    return np.maximum(np.cumsum(growth), 0.0)


def _point(
    day: int, at_risk: int, events: int, mean: float, variance: float, z: float
) -> MeanPoint:
    error = math.sqrt(variance)
    factor = math.exp(z * error / mean)
    varies = error > 0
    return MeanPoint(
        day=day,
        at_risk=at_risk,
        events=events,
        mean=float(mean),
        standard_error=error,
        lower=float(mean / factor) if varies else None,
        upper=float(mean * factor) if varies else None,
    )


def events_of(histories: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """``member`` and ``event_day`` from one list of days per member."""
    pairs = [(row, day) for row, days in enumerate(histories) for day in days]
    return [row for row, _ in pairs], [day for _, day in pairs]
