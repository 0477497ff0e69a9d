"""Events per time at risk, with exact Poisson intervals."""

from dataclasses import dataclass
from typing import Final

from scipy.special import bdtr, bdtrc, betaincinv, gammaincinv, pdtrc

from .errors import CountError
from .follow_up import DAYS_PER_YEAR
from .intervals import DEFAULT_CONFIDENCE, Interval

METHOD: Final = "exact Poisson (Garwood)"


@dataclass(frozen=True, slots=True)
class RateEstimate:
    """Events per 100 component-years, or per whatever ``unit`` names.

    ``value``, ``lower`` and ``upper`` are None without time at risk.
    """

    numerator: int
    denominator_days: float
    denominator_years: float
    value: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str
    unit: str
    window: str | None = None


@dataclass(frozen=True, slots=True)
class RateRatio:
    """One rate over another; None where it is undefined or has no upper limit."""

    value: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    confidence: float
    method: str = "exact conditional (binomial), central p value"


def poisson_limits(events: int, confidence: float = DEFAULT_CONFIDENCE) -> Interval:
    """Exact limits of an expected number of events, given how many happened.

    References
    ----------
    Garwood F. Biometrika 1936;28:437-442. doi:10.1093/biomet/28.3-4.437
    """
    if events < 0 or not 0 < confidence < 1:
        raise CountError("events must not be negative and confidence lies between 0 and 1")
    tail = (1 - confidence) / 2
    lower = 0.0 if events == 0 else float(gammaincinv(events, tail))
    return Interval(lower=lower, upper=float(gammaincinv(events + 1, 1 - tail)))


def poisson_excess_p(events: int, expected: float) -> float:
    """Probability of so many events or more where ``expected`` are expected, one-sided."""
    if events < 0 or expected < 0:
        raise CountError("events and what is expected must not be negative")
    return 1.0 if events == 0 else float(pdtrc(events - 1, expected))


def event_rate(
    events: int,
    days_at_risk: float,
    *,
    per_years: float = 100,
    unit: str = "revisions per 100 component-years",
    window: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
) -> RateEstimate:
    """Events per ``per_years`` years of 365.25 days.

    It supposes a constant hazard and independent events: repeated revisions of one patient
    are not, see `mean_cumulative`.

    Raises
    ------
    CountError
        Negative events or days, events without time at risk, or no confidence.
    """
    if days_at_risk < 0:
        raise CountError("time at risk must not be negative")
    if days_at_risk == 0 and events > 0:
        raise CountError("events need time at risk")
    limits = poisson_limits(events, confidence)
    years = days_at_risk / DAYS_PER_YEAR
    undefined = years == 0
    return RateEstimate(
        numerator=events,
        denominator_days=days_at_risk,
        denominator_years=years,
        value=None if undefined else per_years * events / years,
        lower=None if undefined else per_years * limits.lower / years,
        upper=None if undefined else per_years * limits.upper / years,
        confidence=confidence,
        method=METHOD,
        unit=unit,
        window=window,
    )


def rate_ratio(
    events: int,
    days_at_risk: float,
    other_events: int,
    other_days_at_risk: float,
    *,
    confidence: float = DEFAULT_CONFIDENCE,
) -> RateRatio:
    """Rate over the other rate, conditional on the events in both.

    Given their sum, the events of the first are binomial with probability
    ratio × days / (ratio × days + other days).  The p value is twice the smaller tail.

    References
    ----------
    Przyborowski J, Wilenski H. Biometrika 1940;31:313-323. doi:10.1093/biomet/31.3-4.313
    """
    both = events + other_events
    if min(events, other_events) < 0 or min(days_at_risk, other_days_at_risk) < 0:
        raise CountError("events and time at risk must not be negative")
    if both == 0 or days_at_risk == 0 or other_days_at_risk == 0:
        return RateRatio(None, None, None, None, confidence)
    relative_time = other_days_at_risk / days_at_risk
    tail = (1 - confidence) / 2
    low = 0.0 if events == 0 else float(betaincinv(events, other_events + 1, tail))
    high = None if other_events == 0 else float(betaincinv(events + 1, other_events, 1 - tail))
    share = days_at_risk / (days_at_risk + other_days_at_risk)
    at_most = float(bdtr(events, both, share))
    at_least = 1.0 if events == 0 else float(bdtrc(events - 1, both, share))
    return RateRatio(
        value=None if other_events == 0 else events / other_events * relative_time,
        lower=low / (1 - low) * relative_time,
        upper=None if high is None else high / (1 - high) * relative_time,
        p_value=min(1.0, 2 * min(at_most, at_least)),
        confidence=confidence,
    )
