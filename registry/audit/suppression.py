"""Which numbers of a public output must be masked so that no small one can be worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linprog

from .errors import CountError
from .follow_up import Floats

MASKED_BELOW: Final = 5
"""Domain reference, section 6.3 [proposal]."""

TOLERANCE: Final = 1e-7


@dataclass(frozen=True, slots=True)
class Sum:
    """A number of the output that is the sum of others: what a reader can calculate with.

    One part means that the same count stands in two places. Where numbers are nested but the
    rest is not printed, the rest is a number, too: give it to `masked_numbers` with ``hidden``.
    """

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Masking:
    """What to mask. ``small`` are below the limit; ``complementary`` protect them."""

    small: frozenset[str]
    complementary: frozenset[str]
    limit: int

    @property
    def masked(self) -> frozenset[str]:
        return self.small | self.complementary

    def shown(self, numbers: Mapping[str, int]) -> dict[str, int | None]:
        """The numbers as they may be printed; a masked one is None."""
        return {key: None if key in self.masked else n for key, n in numbers.items()}


def masked_numbers(
    numbers: Mapping[str, int],
    sums: Sequence[Sum],
    *,
    limit: int = MASKED_BELOW,
    hidden: frozenset[str] = frozenset(),
) -> Masking:
    """Mask every number below the limit, and as many others as that needs.

    A reader knows the sums, the numbers that are shown, and that a count is not negative. From
    these follow a smallest and a largest value of each masked small number. Numbers are masked,
    the smallest first and totals last, until for none of them the two coincide, and for none the
    largest falls short of the limit: else it would still be known to be small.

    Parameters
    ----------
    numbers
        Counts by key; zeros are small, too.
    hidden
        Keys that are never printed, as the rest of a nested number. They are protected if
        they are small, and cannot be masked any further.

    Raises
    ------
    CountError
        A negative number, a sum of unknown keys, or one that does not add up.

    References
    ----------
    Willenborg L, de Waal T. Elements of Statistical Disclosure Control, 2001, ch. 8
    (secondary suppression). doi:10.1007/978-1-4613-0121-9
    """
    _check(numbers, sums)
    small = {key for key, n in numbers.items() if n < limit}
    masked = small | hidden
    keys = list(numbers)
    relations = _relations(keys, sums)
    totals = {one.total for one in sums}
    # Whoever knows less cannot know more: what is safe stays safe as more is masked.
    for key in sorted(small):
        while True:
            low, high, binding = _range(key, numbers, keys, relations, masked)
            shown = [one for one in keys if one not in masked]
            if (high - low >= 1 and high >= limit) or not shown:
                break
            blamed = [one for one in shown if one in binding] or shown
            masked = masked | {min(blamed, key=lambda one: (numbers[one], one in totals, one))}
    return Masking(
        small=frozenset(small - hidden),
        complementary=frozenset(masked - small - hidden),
        limit=limit,
    )


def feasible_range(
    key: str, numbers: Mapping[str, int], sums: Sequence[Sum], masked: frozenset[str]
) -> tuple[float, float]:
    """Smallest and largest value of a masked number that fit all that is shown."""
    keys = list(numbers)
    low, high, _ = _range(key, numbers, keys, _relations(keys, sums), set(masked))
    return low, high


def _check(numbers: Mapping[str, int], sums: Sequence[Sum]) -> None:
    if any(n < 0 for n in numbers.values()):
        raise CountError("a count must not be negative")
    for one in sums:
        if not {one.total, *one.parts} <= numbers.keys():
            raise CountError("a sum names a number that is not there")
        if numbers[one.total] != sum(numbers[part] for part in one.parts):
            raise CountError("a sum does not add up")


def _relations(keys: Sequence[str], sums: Sequence[Sum]) -> Floats:
    """One row per sum that is 0, one column per number."""
    place = {key: column for column, key in enumerate(keys)}
    rows: Floats = np.zeros((len(sums), len(keys)))
    for row, one in zip(rows, sums, strict=True):
        row[place[one.total]] -= 1
        for part in one.parts:
            row[place[part]] += 1
    return rows


def _range(
    key: str,
    numbers: Mapping[str, int],
    keys: Sequence[str],
    relations: Floats,
    masked: set[str],
) -> tuple[float, float, set[str]]:
    """The range of a masked number, and the shown numbers that bind it."""
    unknown = [column for column, one in enumerate(keys) if one in masked]
    known = [column for column, one in enumerate(keys) if one not in masked]
    matrix = relations[:, unknown]
    right = -relations[:, known] @ np.array(
        [numbers[keys[column]] for column in known], dtype=float
    )
    rows = np.flatnonzero(np.abs(matrix).sum(axis=1))
    if not rows.size:
        return 0.0, np.inf, set()
    target = np.array([float(keys[column] == key) for column in unknown])
    bounds: list[float] = []
    binding: set[str] = set()
    for sign in (1.0, -1.0):
        found = linprog(sign * target, A_eq=matrix[rows], b_eq=right[rows], method="highs")
        if found.status == 3:  # unbounded
            bounds.append(np.inf)
            continue
        bounds.append(round(sign * found.fun, 6))
        pull = np.abs(found.eqlin.marginals) > TOLERANCE
        touched = np.abs(relations[rows][pull]).sum(axis=0) > 0
        binding |= {keys[column] for column in known if touched[column]}
    return bounds[0], bounds[1], binding
