"""Freedom from an event over time, with intervals, numbers at risk and suppression."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from .errors import CountError
from .follow_up import FollowUp

METHOD: Final = "Kaplan-Meier, Greenwood variance, log-log interval"


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """The curve after the events of one day.

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


@dataclass(frozen=True, slots=True)
class SurvivalCurve:
    """A Kaplan-Meier curve; ``points`` has one entry per day with an event, ascending.

    ``never_at_risk`` entered and left on one day and count in nothing else.
    """

    follow_up: FollowUp
    cause: int | None
    points: tuple[SurvivalPoint, ...]
    confidence: float
    unit: str
    method: str = METHOD

    @property
    def numerator(self) -> int:
        """Events in all."""
        return sum(point.events for point in self.points)

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
        before = [point for point in self.points if point.day <= day]
        last = before[-1] if before else None
        survival = 1.0 if last is None else last.survival
        return SurvivalEstimate(
            day=day,
            numerator=sum(point.events for point in before) if shown else None,
            denominator=self.denominator,
            at_risk=at_risk if shown else None,
            value=survival if shown else None,
            lower=last.lower if shown and last is not None else None,
            upper=last.upper if shown and last is not None else None,
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
    events_by_day = follow_up.events_of(cause)
    days = np.flatnonzero(events_by_day)
    events = events_by_day[days].astype(float)
    at_risk = follow_up.at_risk[days].astype(float)
    survival = np.cumprod(1 - events / at_risk)
    with np.errstate(divide="ignore"):
        greenwood = np.cumsum(events / (at_risk * (at_risk - events)))
    z = float(ndtri(1 - (1 - confidence) / 2))
    points = tuple(
        _point(day, n, d, s, variance, z)
        for day, n, d, s, variance in zip(
            days.tolist(),
            at_risk.tolist(),
            events.tolist(),
            survival.tolist(),
            greenwood.tolist(),
            strict=True,
        )
    )
    return SurvivalCurve(
        follow_up=follow_up, cause=cause, points=points, confidence=confidence, unit=unit
    )


def _point(
    day: int, at_risk: float, events: float, survival: float, greenwood: float, z: float
) -> SurvivalPoint:
    lower = upper = standard_error = None
    if survival > 0:
        standard_error = survival * math.sqrt(greenwood)
        log_survival = math.log(survival)
        factor = math.exp(z * math.sqrt(greenwood) / -log_survival)
        lower = math.exp(log_survival * factor)
        upper = math.exp(log_survival / factor)
    return SurvivalPoint(
        day=day,
        at_risk=int(at_risk),
        events=int(events),
        survival=survival,
        standard_error=standard_error,
        lower=lower,
        upper=upper,
    )


def risk_table(curves: Sequence[SurvivalCurve], days: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Numbers at risk under several curves, one row per curve."""
    return tuple(curve.follow_up.at_risk_on(days) for curve in curves)
