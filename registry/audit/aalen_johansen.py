"""How many have had one event by a day, when others may come first."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from .errors import CountError
from .follow_up import FollowUp

METHOD: Final = "Aalen-Johansen, Greenwood variance, complementary log-log interval"


@dataclass(frozen=True, slots=True)
class IncidencePoint:
    """The curve after the events of one day; ``events`` are those of the cause.

    Limits are None where the incidence is 0 or 1.
    """

    day: int
    at_risk: int
    events: int
    competing: int
    incidence: float
    standard_error: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class IncidenceEstimate:
    """Incidence at one day; values are None where too few were at risk on it.

    ``numerator`` events of the cause up to that day, ``denominator`` components ever at risk.
    """

    day: int
    numerator: int | None
    competing: int | None
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
class IncidenceCurve:
    """Cumulative incidence of one cause; one point per day with an event of any cause."""

    follow_up: FollowUp
    cause: int
    points: tuple[IncidencePoint, ...]
    confidence: float
    unit: str
    method: str = METHOD

    def shown(self, minimum_at_risk: int) -> tuple[IncidencePoint, ...]:
        """The points that may be published: those with at least so many at risk."""
        return tuple(point for point in self.points if point.at_risk >= minimum_at_risk)

    def at(self, day: int, *, minimum_at_risk: int = 1) -> IncidenceEstimate:
        """Incidence at the end of a day."""
        at_risk = self.follow_up.at_risk_on([day])[0]
        shown = at_risk >= max(minimum_at_risk, 1)
        before = [point for point in self.points if point.day <= day]
        last = before[-1] if before else None
        return IncidenceEstimate(
            day=day,
            numerator=sum(point.events for point in before) if shown else None,
            competing=sum(point.competing for point in before) if shown else None,
            denominator=self.follow_up.observed,
            at_risk=at_risk if shown else None,
            value=(0.0 if last is None else last.incidence) if shown else None,
            lower=last.lower if shown and last is not None else None,
            upper=last.upper if shown and last is not None else None,
            confidence=self.confidence,
            method=self.method,
            unit=self.unit,
            window=f"day 0 to {day} after implantation",
        )


def cumulative_incidence(
    follow_up: FollowUp, *, cause: int, unit: str = "components", confidence: float = 0.95
) -> IncidenceCurve:
    """Estimate the cumulative incidence of a cause among competing ones.

    Unlike one minus Kaplan-Meier it does not pretend that the competing events could be
    removed: it answers what share will have had the event, deaths and planned replacements
    happening as they do. The incidences of all causes and event-free survival sum to 1.

    Notes
    -----
    Variance and covariance of (event-free survival, incidence) are carried from day to day,
    with the multinomial variance of each day's increments.

    References
    ----------
    Aalen OO, Johansen S. Scand J Stat 1978;5:141-150.
    Andersen PK, Borgan Ø, Gill RD, Keiding N. Statistical Models Based on Counting Processes,
    4.4 (variance, delayed entry). doi:10.1007/978-1-4612-4348-9
    Allignol A, Schumacher M, Beyersmann J. Biom J 2010;52:126-137 (which variance).
    doi:10.1002/bimj.200900039
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    of_any, of_cause = follow_up.events_of(), follow_up.events_of(cause)
    days = np.flatnonzero(of_any)
    z = float(ndtri(1 - (1 - confidence) / 2))
    points: list[IncidencePoint] = []
    free, incidence = 1.0, 0.0
    var_free = covariance = var_incidence = 0.0
    for day, n, d, d_cause in zip(
        days.tolist(),
        follow_up.at_risk[days].tolist(),
        of_any[days].tolist(),
        of_cause[days].tolist(),
        strict=True,
    ):
        hazard, hazard_any = d_cause / n, d / n
        var_incidence += (
            2 * hazard * covariance
            + hazard**2 * var_free
            + free**2 * d_cause * (n - d_cause) / n**3
        )
        covariance = (1 - hazard_any) * (covariance + hazard * var_free) - (
            free**2 * d_cause * (n - d) / n**3
        )
        var_free = (1 - hazard_any) ** 2 * var_free + free**2 * d * (n - d) / n**3
        incidence += free * hazard
        free *= 1 - hazard_any
        points.append(_point(day, n, d_cause, d - d_cause, incidence, var_incidence, z))
    return IncidenceCurve(
        follow_up=follow_up, cause=cause, points=tuple(points), confidence=confidence, unit=unit
    )


def _point(
    day: int, at_risk: int, events: int, competing: int, incidence: float, variance: float, z: float
) -> IncidencePoint:
    lower = upper = None
    standard_error = math.sqrt(variance) if variance > 0 else 0.0
    # The last step may reach 1 up to rounding.
    if 0 < incidence < 1 - 1e-12:
        log_free = math.log1p(-incidence)
        factor = math.exp(z * standard_error / ((1 - incidence) * -log_free))
        lower = -math.expm1(log_free / factor)
        upper = -math.expm1(log_free * factor)
    return IncidencePoint(
        day=day,
        at_risk=at_risk,
        events=events,
        competing=competing,
        incidence=incidence,
        standard_error=standard_error,
        lower=lower,
        upper=upper,
    )
