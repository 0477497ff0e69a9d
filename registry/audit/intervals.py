"""Proportions with their confidence intervals, never a bare float."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from scipy.special import betaincinv, ndtri

from .errors import CountError

DEFAULT_CONFIDENCE: Final = 0.95


class IntervalMethod(StrEnum):
    """The interval's name, printed beside every estimate."""

    CLOPPER_PEARSON = "Clopper-Pearson"
    WILSON = "Wilson"


@dataclass(frozen=True, slots=True)
class Interval:
    """Lower and upper confidence limit of a proportion, both in 0..1."""

    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """One proportion and everything needed to print it honestly.

    ``value``, ``lower`` and ``upper`` are fractions in 0..1, and all three are None when
    the denominator is 0: nothing was observed, which is neither 0 nor 100 per cent.

    ``unit`` is what numerator and denominator count ("patients"); ``window`` is the
    period or interval the count is limited to, in words, or None.
    """

    key: str
    label: str
    numerator: int
    denominator: int
    value: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str
    unit: str
    window: str | None = None


def clopper_pearson(
    numerator: int, denominator: int, confidence: float = DEFAULT_CONFIDENCE
) -> Interval | None:
    """Exact binomial confidence interval of a proportion.

    The limits are the proportions under which the observed count, or a more extreme one,
    would have had a probability of exactly (1 - confidence) / 2. They are quantiles of
    beta distributions: ``Beta(x, n - x + 1)`` for the lower, ``Beta(x + 1, n - x)`` for
    the upper limit; at x = 0 the lower is 0 and at x = n the upper is 1.

    Coverage is never below the stated confidence, and often above it: with few patients
    the interval is wide, and that is the message. Use it where a promise must hold, and
    Wilson's where a narrower interval of about the right coverage will do.

    Returns
    -------
    Interval, or None when the denominator is 0.

    Raises
    ------
    CountError
        Not 0 <= numerator <= denominator, or confidence not between 0 and 1.

    References
    ----------
    Clopper CJ, Pearson ES. Biometrika 1934;26:404-413. doi:10.1093/biomet/26.4.404
    """
    _check_counts(numerator, denominator, confidence)
    if denominator == 0:
        return None
    tail = (1 - confidence) / 2
    misses = denominator - numerator
    lower = 0.0 if numerator == 0 else float(betaincinv(numerator, misses + 1, tail))
    upper = 1.0 if misses == 0 else float(betaincinv(numerator + 1, misses, 1 - tail))
    return Interval(lower=lower, upper=upper)


def wilson(
    numerator: int, denominator: int, confidence: float = DEFAULT_CONFIDENCE
) -> Interval | None:
    """Score interval of a proportion, without continuity correction.

    It inverts the score test, so it never leaves 0..1 and does not collapse at 0 or n.
    Its coverage is right on average and may fall below the stated confidence for a given
    proportion; it is not an exact interval and must not be called one.

    Returns
    -------
    Interval, or None when the denominator is 0.

    Raises
    ------
    CountError
        Not 0 <= numerator <= denominator, or confidence not between 0 and 1.

    References
    ----------
    Wilson EB. J Am Stat Assoc 1927;22:209-212. doi:10.1080/01621459.1927.10502953
    Newcombe RG. Stat Med 1998;17:857-872 (method 3).
    """
    _check_counts(numerator, denominator, confidence)
    if denominator == 0:
        return None
    z = float(ndtri(1 - (1 - confidence) / 2))
    fraction = numerator / denominator
    centre = numerator + z * z / 2
    spread = z * math.sqrt(denominator * fraction * (1 - fraction) + z * z / 4)
    total = denominator + z * z
    # Rounding would otherwise leave -1e-17 where the limit is 0 by definition.
    lower = 0.0 if numerator == 0 else (centre - spread) / total
    upper = 1.0 if numerator == denominator else (centre + spread) / total
    return Interval(lower=lower, upper=upper)


def proportion(
    *,
    key: str,
    label: str,
    numerator: int,
    denominator: int,
    unit: str,
    window: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
    method: IntervalMethod = IntervalMethod.CLOPPER_PEARSON,
) -> Estimate:
    """The proportion as an estimate with its named interval."""
    limits = _METHODS[method](numerator, denominator, confidence)
    return Estimate(
        key=key,
        label=label,
        numerator=numerator,
        denominator=denominator,
        value=None if limits is None else numerator / denominator,
        lower=None if limits is None else limits.lower,
        upper=None if limits is None else limits.upper,
        confidence=confidence,
        method=method.value,
        unit=unit,
        window=window,
    )


_METHODS: Final = {
    IntervalMethod.CLOPPER_PEARSON: clopper_pearson,
    IntervalMethod.WILSON: wilson,
}


def _check_counts(numerator: int, denominator: int, confidence: float) -> None:
    if not 0 <= numerator <= denominator:
        raise CountError(f"{numerator} of {denominator} is no proportion")
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
