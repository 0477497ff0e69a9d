"""Pairs of patients as alike as can be, and how alike they are."""

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .errors import CountError
from .follow_up import Floats

MOST_COMPARED: Final = 10_000_000
"""Possible pairs of one matching; some 0.4 GB [own]."""

METHOD: Final = "optimal 1:1 matching without replacement"

BALANCED_BELOW: Final = 0.1
"""A smaller standardised difference is commonly taken as balance. doi:10.1002/sim.3697"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A patient by id: what must be equal, and what should be near.

    ``exact`` as (sex, diagnosis); ``near`` as (age in years,), in the same order for everybody.
    """

    patient_id: str
    exact: tuple[Hashable, ...]
    near: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class MatchedPair:
    """``distance`` in standard deviations of what should be near."""

    treated: str
    comparator: str
    distance: float


@dataclass(frozen=True, slots=True)
class Matching:
    """As many pairs as possible, and of these choices the one with the smallest distance."""

    pairs: tuple[MatchedPair, ...]
    unmatched_treated: tuple[str, ...]
    unmatched_comparators: tuple[str, ...]
    total_distance: float
    caliper: float | None
    method: str = METHOD


@dataclass(frozen=True, slots=True)
class Balance:
    """One characteristic in both groups; ``difference`` is standardised, None if undefined."""

    characteristic: str
    treated: float | None
    comparators: float | None
    difference: float | None
    balanced: bool | None


def matched(
    treated: Sequence[Candidate],
    comparators: Sequence[Candidate],
    *,
    caliper: float | None = None,
) -> Matching:
    """Pair each treated patient with a comparator.

    Greedy matching takes the nearest first and leaves the last with what remains; this does
    not. The result does not depend on the order of the patients but in ties, which go by id.

    Parameters
    ----------
    caliper
        Largest distance of a pair, in standard deviations of both groups together.

    Raises
    ------
    CountError
        An id twice, a missing or infinite number, candidates described differently, or more than
        `MOST_COMPARED` possible pairs: memory grows with them, and time with their power of 1.5.

    References
    ----------
    Rosenbaum PR. J Am Stat Assoc 1989;84:1024-1032. doi:10.1080/01621459.1989.10478868
    """
    if len(treated) * len(comparators) > MOST_COMPARED:
        raise CountError(
            f"{len(treated)} and {len(comparators)} patients are alike in what must be equal: too "
            "many to be matched in the best of all ways; limit the audit further"
        )
    treated = sorted(treated, key=lambda one: one.patient_id)
    comparators = sorted(comparators, key=lambda one: one.patient_id)
    distance = _distances(treated, comparators)
    allowed = np.isfinite(distance) & (distance <= (np.inf if caliper is None else caliper))
    # One forbidden pair costs more than all allowed ones together: first most pairs, then near.
    forbidden = 1 + 2 * float(distance[allowed].sum() if allowed.any() else 0)
    # Loaded by whoever matches: it takes longer than many counts take.
    from scipy.optimize import linear_sum_assignment

    rows, columns = linear_sum_assignment(np.where(allowed, distance, forbidden))
    pairs = tuple(
        MatchedPair(treated[i].patient_id, comparators[j].patient_id, float(distance[i, j]))
        for i, j in zip(rows, columns, strict=True)
        if allowed[i, j]
    )
    paired = {one for pair in pairs for one in (pair.treated, pair.comparator)}
    return Matching(
        pairs=pairs,
        unmatched_treated=tuple(one.patient_id for one in treated if one.patient_id not in paired),
        unmatched_comparators=tuple(
            one.patient_id for one in comparators if one.patient_id not in paired
        ),
        total_distance=math.fsum(pair.distance for pair in pairs),
        caliper=caliper,
    )


def _distances(treated: Sequence[Candidate], comparators: Sequence[Candidate]) -> Floats:
    """Euclidean, in standard deviations; infinite where something is not equal."""
    everybody = [*treated, *comparators]
    if len({one.patient_id for one in everybody}) < len(everybody):
        raise CountError("a patient may be a candidate once")
    if len({(len(one.exact), len(one.near)) for one in everybody}) > 1:
        raise CountError("all candidates need the same characteristics")
    if not treated or not comparators:
        return np.zeros((len(treated), len(comparators)))
    near = np.array([one.near for one in everybody], dtype=float).reshape(len(everybody), -1)
    if not np.isfinite(near).all():
        raise CountError("a characteristic to match on must be known")
    spread = near.std(axis=0, ddof=1)
    near = near / np.where(spread > 0, spread, 1)
    gaps = near[: len(treated), None, :] - near[None, len(treated) :, :]
    codes: dict[tuple[Hashable, ...], int] = {}
    exact = np.array([codes.setdefault(one.exact, len(codes)) for one in everybody])
    equal = exact[: len(treated), None] == exact[None, len(treated) :]
    return np.asarray(np.where(equal, np.sqrt((gaps**2).sum(axis=2)), np.inf), dtype=float)


def standardised_difference(
    characteristic: str, treated: npt.ArrayLike, comparators: npt.ArrayLike
) -> Balance:
    """Difference of means over the pooled standard deviation, for yes and no of proportions.

    Unlike a p value it does not depend on how many there are, and so says the same before
    and after matching. None where a group is empty or nobody varies.

    References
    ----------
    Austin PC. Stat Med 2009;28:3083-3107. doi:10.1002/sim.3697
    """
    one, other = (_known(values) for values in (treated, comparators))
    if not one.size or not other.size:
        return Balance(
            characteristic,
            float(one.mean()) if one.size else None,
            float(other.mean()) if other.size else None,
            None,
            None,
        )
    binary = np.isin(np.concatenate([one, other]), (0.0, 1.0)).all()
    if not binary and min(one.size, other.size) < 2:
        return Balance(characteristic, float(one.mean()), float(other.mean()), None, None)
    pooled = math.sqrt((_variance(one, bool(binary)) + _variance(other, bool(binary))) / 2)
    gap = float(one.mean() - other.mean())
    difference = gap / pooled if pooled > 0 else (0.0 if gap == 0 else None)
    return Balance(
        characteristic=characteristic,
        treated=float(one.mean()),
        comparators=float(other.mean()),
        difference=difference,
        balanced=None if difference is None else abs(difference) < BALANCED_BELOW,
    )


def category_differences(
    characteristic: str, treated: Sequence[Hashable], comparators: Sequence[Hashable]
) -> tuple[Balance, ...]:
    """One standardised difference for each category, as of diagnoses."""
    categories: Mapping[Hashable, None] = dict.fromkeys([*treated, *comparators])
    return tuple(
        standardised_difference(
            f"{characteristic}: {category}",
            [one == category for one in treated],
            [one == category for one in comparators],
        )
        for category in sorted(categories, key=str)
    )


def _variance(values: Floats, binary: bool) -> float:
    share = float(values.mean())
    return share * (1 - share) if binary else float(values.var(ddof=1))


def _known(values: npt.ArrayLike) -> Floats:
    array = np.asarray(values, dtype=float)
    if not np.isfinite(array).all():
        raise CountError("leave out what is missing, and say how many")
    return array
