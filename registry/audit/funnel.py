"""Centres side by side: how far each may lie from the target by chance alone."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import bdtr, bdtrc, ndtri, pdtr, pdtrc

from .errors import CountError
from .follow_up import DAYS_PER_YEAR, Floats

LEVELS: Final = (0.95, 0.998)
"""Two and three standard deviations, as registries draw them: a warning and an alarm."""

UNADJUSTED: Final = "unadjusted"

PROPORTION_METHOD: Final = "exact binomial limits"
RATE_METHOD: Final = "exact Poisson limits"

WINSORISED: Final = 0.1
"""The most extreme tenth at each end counts as the tenth does, so that outliers do not excuse
themselves."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one level allows; a centre at or beyond a limit is outside.

    ``low`` and ``high`` are numbers of events. None: no number is small (or large) enough to be
    outside, as when so little is expected that 0 is nothing special. ``false_alarm`` is the
    probability that a centre exactly on target is outside, computed from the limits; it is
    below 1 - level because events come whole. ``adjusted_low`` and ``adjusted_high`` are
    normal limits of the value that allow for the over-dispersion of all centres.
    """

    level: float
    low: int | None
    high: int | None
    false_alarm: float
    adjusted_low: float
    adjusted_high: float


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One centre. ``outside`` is the highest level whose limit it reaches, None if none.

    A suppressed centre has too small a denominator to be shown: it took part in the target,
    and its counts are None here so that no caller prints them.
    """

    centre: str
    suppressed: bool
    numerator: int | None
    denominator: float | None
    expected: float | None
    value: float | None
    z: float | None
    adjusted_z: float | None
    limits: tuple[Limits, ...]
    outside: float | None
    outside_adjusted: float | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """All centres. ``phi`` above 1 means that they differ by more than chance.

    ``tau`` is the standard deviation between centres that explains it, in units of the value.
    ``numerator`` over ``denominator`` is everybody; ``target`` may be another number.
    """

    points: tuple[FunnelPoint, ...]
    numerator: int
    denominator: float
    target: float | None
    phi: float | None
    tau: float | None
    adjustment: str
    method: str
    unit: str
    window: str | None


def proportion_funnel(
    centres: Mapping[str, tuple[int, int]],
    *,
    target: float | None = None,
    minimum: int = 0,
    adjustment: str = UNADJUSTED,
    unit: str = "operations",
    window: str | None = None,
) -> Funnel:
    """Events among operations, against a proportion; the pooled one unless given.

    Parameters
    ----------
    centres
        (events, operations) by centre.
    minimum
        Centres with fewer operations are suppressed.

    References
    ----------
    Spiegelhalter DJ. Stat Med 2005;24:1185-1202. doi:10.1002/sim.1970
    """
    if any(not 0 <= events <= of for events, of in centres.values()):
        raise CountError("events of a centre must lie between 0 and its operations")
    return _funnel(
        {centre: (events, float(of)) for centre, (events, of) in centres.items()},
        target=target,
        minimum=minimum,
        binomial=True,
        scale=1.0,
        texts=(adjustment, PROPORTION_METHOD, unit, window),
    )


def rate_funnel(
    centres: Mapping[str, tuple[int, float]],
    *,
    target: float | None = None,
    minimum_years: float = 0,
    adjustment: str = UNADJUSTED,
    unit: str = "revisions per 100 component-years",
    window: str | None = None,
) -> Funnel:
    """Events over time at risk, against a rate per 100 component-years.

    Parameters
    ----------
    centres
        (events, component-days) by centre.
    target
        Events per 100 component-years; the pooled rate unless given.
    """
    if any(events < 0 or days < 0 or (events and not days) for events, days in centres.values()):
        raise CountError("events of a centre need time at risk")
    return _funnel(
        {centre: (events, days / DAYS_PER_YEAR) for centre, (events, days) in centres.items()},
        target=target,
        minimum=minimum_years,
        binomial=False,
        scale=100.0,
        texts=(adjustment, RATE_METHOD, unit, window),
    )


def limits_along(funnel: Funnel, denominators: Sequence[int]) -> tuple[tuple[Limits, ...], ...]:
    """The limits of a funnel of proportions at each of these denominators, as it is drawn.

    Raises
    ------
    CountError
        The funnel has no target, or is none of proportions.
    """
    theta = funnel.target
    if theta is None or funnel.method != PROPORTION_METHOD:
        raise CountError("only a funnel of proportions with a target has limits to draw")
    return tuple(
        tuple(
            _limits(of, theta, _spread(theta, of, funnel.tau or 0.0), level, True, 1.0)
            for level in LEVELS
        )
        for of in denominators
    )


def _spread(theta: float, of: float, tau: float) -> float:
    """Standard deviation of the value of a centre, by chance and between centres together."""
    return math.hypot(math.sqrt(theta * (1 - theta) / of), tau)


def _funnel(
    centres: Mapping[str, tuple[int, float]],
    *,
    target: float | None,
    minimum: float,
    binomial: bool,
    scale: float,
    texts: tuple[str, str, str, str | None],
) -> Funnel:
    events = sum(one for one, _ in centres.values())
    total = sum(of for _, of in centres.values())
    pooled = events / total if total else None
    theta = pooled if target is None else target / scale
    if theta is not None and (theta < 0 or (binomial and theta > 1)):
        raise CountError("the target must be a possible proportion or rate")
    used = {name: one for name, one in centres.items() if one[1] > 0}
    phi = tau = None
    if theta and not (binomial and theta == 1) and len(used) > 1:
        phi, tau = _dispersion(used, theta, binomial)
    adjustment, method, unit, window = texts
    return Funnel(
        points=tuple(
            _point(name, one, of, theta, tau or 0.0, minimum, binomial, scale)
            for name, (one, of) in centres.items()
        ),
        numerator=events,
        denominator=total,
        target=None if theta is None else theta * scale,
        phi=phi,
        tau=None if tau is None else tau * scale,
        adjustment=adjustment,
        method=method,
        unit=unit,
        window=window,
    )


def _variance(theta: float, of: Floats, binomial: bool) -> Floats:
    return np.asarray(theta * (1 - theta if binomial else 1) / of, dtype=float)


def _dispersion(
    centres: Mapping[str, tuple[int, float]], theta: float, binomial: bool
) -> tuple[float, float]:
    """Mean squared winsorised z, and the additive spread by the method of moments."""
    events, of = np.array(list(centres.values()), dtype=float).T
    variance = _variance(theta, of, binomial)
    z = (events / of - theta) / np.sqrt(variance)
    z = np.clip(z, *np.quantile(z, [WINSORISED, 1 - WINSORISED]))
    size = z.size
    phi = float((z**2).mean())
    weight = 1 / variance
    spare = float(weight.sum() - (weight**2).sum() / weight.sum())
    return phi, math.sqrt(max(0.0, (size * phi - (size - 1)) / spare))


def _point(
    centre: str,
    events: int,
    of: float,
    theta: float | None,
    tau: float,
    minimum: float,
    binomial: bool,
    scale: float,
) -> FunnelPoint:
    if of < minimum or of == 0 or theta is None:
        return FunnelPoint(
            centre=centre,
            suppressed=True,
            numerator=None,
            denominator=None,
            expected=None,
            value=None,
            z=None,
            adjusted_z=None,
            limits=(),
            outside=None,
            outside_adjusted=None,
        )
    value = events / of
    error = math.sqrt(float(_variance(theta, np.array(of), binomial)))
    wide = math.hypot(error, tau)
    limits = tuple(_limits(of, theta, wide, level, binomial, scale) for level in LEVELS)
    beyond = [
        one.level
        for one in limits
        if (one.low is not None and events <= one.low)
        or (one.high is not None and events >= one.high)
    ]
    beyond_adjusted = [
        one.level
        for one in limits
        if wide > 0 and not one.adjusted_low < value * scale < one.adjusted_high
    ]
    return FunnelPoint(
        centre=centre,
        suppressed=False,
        numerator=events,
        denominator=of,
        expected=theta * of,
        value=value * scale,
        z=(value - theta) / error if error else None,
        adjusted_z=(value - theta) / wide if wide else None,
        limits=limits,
        outside=max(beyond, default=None),
        outside_adjusted=max(beyond_adjusted, default=None),
    )


def _limits(
    of: float, theta: float, wide: float, level: float, binomial: bool, scale: float
) -> Limits:
    tail = (1 - level) / 2
    counts = np.arange(_enough(of, theta, binomial) + 1)
    if binomial:
        at_most = bdtr(counts, int(of), theta)
        at_least = np.concatenate(([1.0], bdtrc(counts[:-1], int(of), theta)))
    else:
        at_most = pdtr(counts, theta * of)
        at_least = np.concatenate(([1.0], pdtrc(counts[:-1], theta * of)))
    small, large = np.flatnonzero(at_most <= tail), np.flatnonzero(at_least <= tail)
    low = int(small[-1]) if small.size else None
    high = int(large[0]) if large.size else None
    z = float(ndtri(1 - tail))
    return Limits(
        level=level,
        low=low,
        high=high,
        false_alarm=float(
            (0 if low is None else at_most[low]) + (0 if high is None else at_least[high])
        ),
        adjusted_low=max(0.0, theta - z * wide) * scale,
        adjusted_high=(theta + z * wide) * scale,
    )


def _enough(of: float, theta: float, binomial: bool) -> int:
    """A count beyond every limit, so that counts up to it are all that matter."""
    if binomial:
        return int(of)
    return math.ceil(theta * of + 10 * math.sqrt(theta * of) + 20)
