"""How many there are, from two sources that each hold a part."""

import math
from dataclasses import dataclass
from typing import Final

from scipy.special import ndtri

from .errors import CountError
from .intervals import DEFAULT_CONFIDENCE

FEWEST_FOR_CERTAINTY: Final = 7
"""With at least so many in both sources the bias is below 2 % (Robson and Regier 1964)."""


@dataclass(frozen=True, slots=True)
class PopulationEstimate:
    """How many there are in all, also those in neither source.

    ``value`` is None where nothing is in both sources; the limits, where one source holds all of
    the other, since then nothing tells how many are in neither.
    """

    seen: int
    value: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str = "Chapman, log-normal interval"


def chapman(
    first: int, second: int, both: int, confidence: float = DEFAULT_CONFIDENCE
) -> PopulationEstimate:
    """Chapman's estimate from two sources.

    It supposes that the sources are independent, that each holds everybody with the same chance,
    that nobody came or went, and that every match was made and none wrongly. Sources that hold the
    same easy cases make it too small. Without bias where the two sources together could hold all.

    Parameters
    ----------
    first, second, both
        How many each source holds, and how many are in both.

    Raises
    ------
    CountError
        More are in both than in one, or confidence is not between 0 and 1.

    References
    ----------
    Chapman DG. Univ Calif Publ Stat 1951;1:131-160. Variance: Seber GAF. Biometrics
    1970;26:13-22. Interval of those not seen: Chao A. Biometrics 1989;45:427-438. Small numbers:
    Robson DS, Regier HA. Trans Am Fish Soc 1964;93:215-226.
    """
    if not 0 <= both <= min(first, second):
        raise CountError(f"{both} in both of {first} and {second} cannot be")
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    seen = first + second - both
    if both == 0:
        return PopulationEstimate(seen, None, None, None, confidence)
    only_first, only_second = first - both, second - both
    unseen = only_first * only_second / (both + 1)
    if unseen == 0:
        return PopulationEstimate(seen, float(seen), None, None, confidence)
    variance = (
        (first + 1) * (second + 1) * only_first * only_second / ((both + 1) ** 2 * (both + 2))
    )
    z = float(ndtri((1 + confidence) / 2))
    spread = math.exp(z * math.sqrt(math.log1p(variance / unseen**2)))
    return PopulationEstimate(
        seen, seen + unseen, seen + unseen / spread, seen + unseen * spread, confidence
    )
