"""Tests of matched pairs, or of the same patients before and after."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import bdtr, ndtr, ndtri, stdtr, stdtrit

from .errors import CountError
from .follow_up import Floats
from .intervals import DEFAULT_CONFIDENCE

MCNEMAR: Final = "McNemar, exact binomial"
SIGNED_RANK: Final = "Wilcoxon signed-rank, exact permutation, zero differences left out"
NORMAL_SIGNED_RANK: Final = (
    "Wilcoxon signed-rank, normal with tied ranks, zero differences left out"
)
MOST_COUNTED: Final = 500
"""With more pairs that differ the normal law stands in [own]: counting costs their third power."""
SIGNED_RANK_RULE: Final = (
    f"{SIGNED_RANK}; where more than {MOST_COUNTED} pairs differ by the normal law with tied ranks "
    "[own]"
)
"""For the note of a table, whose rows may have either."""
PAIRED_T: Final = "paired t"
DIFFERENCE: Final = "difference of paired proportions, score interval (Newcombe 10)"


@dataclass(frozen=True, slots=True)
class PairedTest:
    """A difference within pairs; ``value`` is first minus second.

    ``pairs`` are all, ``numerator`` those that differ. The p value is two-sided, None where
    there is nothing to compare.
    """

    key: str
    numerator: int
    pairs: int
    value: float | None
    lower: float | None
    upper: float | None
    statistic: float | None
    p_value: float | None
    confidence: float
    method: str
    unit: str
    window: str | None


def mcnemar(
    first: Sequence[bool],
    second: Sequence[bool],
    *,
    unit: str = "pairs",
    window: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
) -> PairedTest:
    """Does one of a pair have something more often than the other?

    The statistic is the number of pairs in which only the first has it; the value is the
    difference of the two proportions.

    References
    ----------
    McNemar Q. Psychometrika 1947;12:153-157. doi:10.1007/BF02295996
    Newcombe RG. Stat Med 1998;17:2635-2650 (interval, method 10).
    doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C
    """
    n = _length(first, second, confidence)
    both = sum(a and b for a, b in zip(first, second, strict=True))
    only_first, only_second = sum(first) - both, sum(second) - both
    differing = only_first + only_second
    limits = _newcombe(both, only_first, only_second, n, confidence) if n else (None, None)
    return PairedTest(
        key="mcnemar",
        numerator=differing,
        pairs=n,
        value=(only_first - only_second) / n if n else None,
        lower=limits[0],
        upper=limits[1],
        statistic=float(only_first) if n else None,
        p_value=min(1.0, 2 * float(bdtr(min(only_first, only_second), differing, 0.5)))
        if differing
        else (1.0 if n else None),
        confidence=confidence,
        method=f"{MCNEMAR}; {DIFFERENCE}",
        unit=unit,
        window=window,
    )


def signed_rank(
    first: Sequence[float],
    second: Sequence[float],
    *,
    unit: str = "pairs",
    window: str | None = None,
) -> PairedTest:
    """Does one of a pair score higher than the other? For ordinal scores and small samples.

    The statistic is the sum of the ranks of positive differences, ties at their mean rank;
    the p value counts all ways to give the differences their signs. The value is the median
    difference, without an interval.

    References
    ----------
    Wilcoxon F. Biometrics Bull 1945;1:80-83. doi:10.2307/3001968
    Pratt JW, Gibbons JD. Concepts of Nonparametric Theory, 1981, ch. 3 (ties, zeros).
    doi:10.1007/978-1-4612-5931-2
    """
    n = _length(first, second, DEFAULT_CONFIDENCE)
    differences = _differences(first, second)
    moved = differences[differences != 0]
    statistic = p_value = None
    if moved.size:
        # Twice the mean rank is whole, so that sums can be counted.
        _, place, ties = np.unique(np.abs(moved), return_inverse=True, return_counts=True)
        doubled = (2 * (np.cumsum(ties) - ties) + ties + 1)[place]
        positive = int(doubled[moved > 0].sum())
        statistic = positive / 2
        p_value = (
            _sign_permutations(doubled.tolist(), positive)
            if moved.size <= MOST_COUNTED
            else _normal_signs(doubled.astype(float), positive)
        )
    elif n:
        p_value = 1.0
    return PairedTest(
        key="signed_rank",
        numerator=int(moved.size),
        pairs=n,
        value=float(np.median(differences)) if n else None,
        lower=None,
        upper=None,
        statistic=statistic,
        p_value=p_value,
        confidence=DEFAULT_CONFIDENCE,
        method=SIGNED_RANK if moved.size <= MOST_COUNTED else NORMAL_SIGNED_RANK,
        unit=unit,
        window=window,
    )


def paired_t(
    first: Sequence[float],
    second: Sequence[float],
    *,
    unit: str = "pairs",
    window: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
) -> PairedTest:
    """Mean difference within pairs; it needs measurements and differences that are about normal.

    References
    ----------
    Student. Biometrika 1908;6:1-25. doi:10.1093/biomet/6.1.1
    """
    n = _length(first, second, confidence)
    differences = _differences(first, second)
    mean = float(differences.mean()) if n else None
    lower = upper = statistic = p_value = None
    error = float(differences.std(ddof=1)) / math.sqrt(n) if n > 1 else 0.0
    if mean is not None and error > 0:
        t = float(stdtrit(n - 1, 1 - (1 - confidence) / 2))
        lower, upper = mean - t * error, mean + t * error
        statistic = mean / error
        p_value = float(2 * stdtr(n - 1, -abs(statistic)))
    return PairedTest(
        key="paired_t",
        numerator=int(np.count_nonzero(differences)),
        pairs=n,
        value=mean,
        lower=lower,
        upper=upper,
        statistic=statistic,
        p_value=p_value,
        confidence=confidence,
        method=PAIRED_T,
        unit=unit,
        window=window,
    )


def _length(first: Sequence[float], second: Sequence[float], confidence: float) -> int:
    if len(first) != len(second):
        raise CountError("pairs have two members")
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    return len(first)


def _differences(first: Sequence[float], second: Sequence[float]) -> Floats:
    differences = np.asarray(first, dtype=float) - np.asarray(second, dtype=float)
    if not np.isfinite(differences).all():
        raise CountError("leave out pairs with a missing value, and say how many")
    # 0.3 - 0.1 and 0.2 - 0.0 are one difference.
    return np.asarray(np.round(differences, 12), dtype=float)


def _sign_permutations(ranks: Sequence[int], positive: int) -> float:
    """Two-sided p value over all signs, counted by sums."""
    total = sum(ranks)
    ways: Floats = np.zeros(total + 1)
    ways[0] = 1.0
    for rank in ranks:
        shifted = np.zeros_like(ways)
        shifted[rank:] = ways[: total + 1 - rank]
        # Halved at once: a share of all ways does not overflow.
        ways = (ways + shifted) / 2
    smaller = min(positive, total - positive)
    return min(1.0, 2 * float(ways[: smaller + 1].sum()))


def _normal_signs(ranks: Floats, positive: int) -> float:
    """The same for many: the sum is normal, with the mean and variance it has over all signs.

    The variance is that of the tied ranks; sums lie on whole numbers, hence the correction by half
    a rank, which is 1 of the doubled ones.
    """
    mean, deviation = float(ranks.sum()) / 2, math.sqrt(float((ranks**2).sum())) / 2
    return min(1.0, 2 * float(ndtr(-max(0.0, abs(positive - mean) - 1) / deviation)))


def _newcombe(
    both: int, only_first: int, only_second: int, n: int, confidence: float
) -> tuple[float, float]:
    """Method 10: Wilson's limits of each proportion, and their correlation."""
    z = float(ndtri(1 - (1 - confidence) / 2))
    p, q = (both + only_first) / n, (both + only_second) / n
    (low_p, high_p), (low_q, high_q) = _wilson(p, n, z), _wilson(q, n, z)
    neither = n - both - only_first - only_second
    product = n**4 * p * (1 - p) * q * (1 - q)
    phi = 0.0
    if product > 0:
        cross = both * neither - only_first * only_second
        phi = (max(cross - n / 2, 0) if cross > 0 else cross) / math.sqrt(product)
    below, above = p - low_p, high_q - q
    down = below**2 - 2 * phi * below * above + above**2
    below, above = q - low_q, high_p - p
    up = below**2 - 2 * phi * below * above + above**2
    return (
        max(-1.0, p - q - math.sqrt(max(down, 0))),
        min(1.0, p - q + math.sqrt(max(up, 0))),
    )


def _wilson(share: float, n: int, z: float) -> tuple[float, float]:
    centre, total = share + z * z / (2 * n), 1 + z * z / n
    spread = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (centre - spread) / total, (centre + spread) / total
