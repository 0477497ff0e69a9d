"""Freedom from an event over time, with intervals, numbers at risk and suppression."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from scipy.special import ndtri

from .errors import CountError
from .follow_up import Days, Floats, FollowUp

METHOD: Final = "Kaplan-Meier, Greenwood variance, log-log interval"


class SurvivalPoint(NamedTuple):
    """The curve after the events of one day; a tuple, since a curve has thousands.

    ``standard_error`` is Greenwood's, of the survival itself. ``lower`` and ``upper`` are None
    where survival is 1 or 0: the log-log interval is not defined there. ``standard_error`` is
    None once everybody at risk had the event.
    """

    day: int
    at_risk: int
    events: int
    survival: float
    standard_error: float | None
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class SurvivalEstimate:
    """Survival at one day, with all that belongs beside it.

    ``numerator`` events happened up to that day among ``denominator`` components that were
    ever at risk; with delayed entry and censoring their quotient is not the estimate. All
    values are None where nobody, or fewer than ``minimum_at_risk``, were still at risk.
    """

    day: int
    numerator: int | None
    denominator: int
    at_risk: int | None
    value: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str
    unit: str
    window: str


@dataclass(frozen=True, eq=False)
class SurvivalCurve:
    """A Kaplan-Meier curve; one entry per day with an event, ascending.

    The arrays have shape (days,). ``standard_error``, ``lower`` and ``upper`` end where survival
    becomes 0, since from there on they are undefined.

    ``never_at_risk`` entered and left on one day and count in nothing else.
    """

    follow_up: FollowUp
    cause: int | None
    day: Days
    at_risk: Days
    events: Days
    survival: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    confidence: float
    unit: str
    method: str = METHOD

    @cached_property
    def points(self) -> tuple[SurvivalPoint, ...]:
        """The same for tables and charts, with None where something is undefined."""
        undefined = [None] * (self.day.size - self.lower.size)
        return tuple(
            map(
                SurvivalPoint._make,
                zip(
                    self.day.tolist(),
                    self.at_risk.tolist(),
                    self.events.tolist(),
                    self.survival.tolist(),
                    [*self.standard_error.tolist(), *undefined],
                    [*self.lower.tolist(), *undefined],
                    [*self.upper.tolist(), *undefined],
                    strict=True,
                ),
            )
        )

    @property
    def numerator(self) -> int:
        """Events in all."""
        return int(self.events.sum())

    @property
    def denominator(self) -> int:
        """Components ever at risk."""
        return self.follow_up.observed

    @property
    def never_at_risk(self) -> int:
        return self.follow_up.never_at_risk

    def last_day_with(self, minimum_at_risk: int) -> int | None:
        """The last day on which so many were at risk; None if there never were.

        A curve must not be drawn beyond it. Early risk sets may be small, too, when devices
        were enrolled late: see `events_in_small_risk_sets`.
        """
        days = np.flatnonzero(self.follow_up.at_risk >= max(minimum_at_risk, 1))
        return int(days[-1]) if days.size else None

    def shown(self, minimum_at_risk: int) -> tuple[SurvivalPoint, ...]:
        """The points that may be published: those with at least so many at risk."""
        return tuple(point for point in self.points if point.at_risk >= minimum_at_risk)

    def events_in_small_risk_sets(self, minimum_at_risk: int) -> int:
        """Events before the last publishable day whose own risk set was too small to publish.

        Each lowered the rest of the curve by a large step, so a number above 0 is a caveat.
        """
        last = self.last_day_with(minimum_at_risk)
        return sum(
            point.events
            for point in self.points
            if last is not None and point.day <= last and point.at_risk < minimum_at_risk
        )

    def at(self, day: int, *, minimum_at_risk: int = 1) -> SurvivalEstimate:
        """Survival at the end of a day.

        A day on which fewer than ``minimum_at_risk`` were at risk has no estimate: beyond the
        follow-up a curve says nothing, also when its last value was 0.
        """
        at_risk = self.follow_up.at_risk_on([day])[0]
        shown = at_risk >= max(minimum_at_risk, 1)
        steps = int(np.searchsorted(self.day, day, side="right"))
        bounded = shown and 0 < steps <= self.lower.size
        survival = float(self.survival[steps - 1]) if steps else 1.0
        return SurvivalEstimate(
            day=day,
            numerator=int(self.events[:steps].sum()) if shown else None,
            denominator=self.denominator,
            at_risk=at_risk if shown else None,
            value=survival if shown else None,
            lower=float(self.lower[steps - 1]) if bounded else None,
            upper=float(self.upper[steps - 1]) if bounded else None,
            confidence=self.confidence,
            method=self.method,
            unit=self.unit,
            window=f"day 0 to {day} after implantation",
        )

    def quantile_day(self, share: float) -> int | None:
        """First day on which at least this share had the event; None if that never came.

        With ``share=0.5`` the median. Where survival stays at exactly one half for a while
        R reports the middle of that stretch, we its beginning.
        """
        # Products of fractions miss 0.5 by an ulp now and then.
        enough = 1 - share + 1e-12
        return next((point.day for point in self.points if point.survival <= enough), None)


def kaplan_meier(
    follow_up: FollowUp,
    *,
    cause: int | None = None,
    unit: str = "components",
    confidence: float = 0.95,
) -> SurvivalCurve:
    """Estimate freedom from an event over time.

    Parameters
    ----------
    cause
        The event; every other cause is censored, which answers "what would happen if the
        others did not". None takes every cause as the event.

    Notes
    -----
    With delayed entry the risk set of a day holds those who entered before it. If everybody
    then at risk has the event, the curve falls to 0 and stays there, however many enter later;
    `SurvivalCurve.events_in_small_risk_sets` warns of that.

    References
    ----------
    Kaplan EL, Meier P. J Am Stat Assoc 1958;53:457-481. doi:10.1080/01621459.1958.10501452
    Greenwood M. The natural duration of cancer. HMSO, London 1926 (variance).
    Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure Time Data, 2nd ed., 1.4
    (log-log interval). doi:10.1002/9781118032985
    Tsai WY, Jewell NP, Wang MC. Biometrika 1987;74:883-886 (delayed entry).
    doi:10.1093/biomet/74.4.883
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    by_day = follow_up.events_of(cause)
    day = np.flatnonzero(by_day)
    events, at_risk = by_day[day], follow_up.at_risk[day]
    survival = np.asarray(np.cumprod(1 - events / at_risk), dtype=float)
    free = survival[survival > 0]
    n, d = at_risk[: free.size], events[: free.size]
    root = np.sqrt(np.cumsum(d / (n * (n - d))))
    log_free = np.log(free)
    factor = np.exp(float(ndtri(1 - (1 - confidence) / 2)) * root / -log_free)
    return SurvivalCurve(
        follow_up=follow_up,
        cause=cause,
        day=day.astype(np.int64, copy=False),
        at_risk=at_risk,
        events=events,
        survival=survival,
        standard_error=np.asarray(free * root, dtype=float),
        lower=np.exp(log_free * factor),
        upper=np.exp(log_free / factor),
        confidence=confidence,
        unit=unit,
    )


def risk_table(curves: Sequence[SurvivalCurve], days: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Numbers at risk under several curves, one row per curve."""
    return tuple(curve.follow_up.at_risk_on(days) for curve in curves)
