"""Which numbers of a public output must be masked so that no small one can be worked out.

Every number counts a set, and the report knows who is in it. People in exactly the same sets form a
group; each printed number is a sum of such groups. A reader is taken to know which groups there
are, so that every number that is shown is an equation, and to reckon as well as we do.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .errors import CountError

MASKED_BELOW: Final = 5
"""Domain reference, section 6.3 [proposal]."""

TOLERANCE: Final = 1e-7

Members = frozenset[str]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Masking:
    """What to mask. ``small`` are below the limit; ``complementary`` protect them."""

    small: frozenset[str]
    complementary: frozenset[str]
    limit: int

    @property
    def masked(self) -> frozenset[str]:
        return self.small | self.complementary


@dataclass(frozen=True, slots=True)
class Rest:
    """Those of the set `whole` who are not in `part`: nobody prints their number."""

    whole: str
    part: str


def masked_sets(
    sets: Mapping[str, Members],
    *,
    hidden: frozenset[str] = frozenset(),
    rests: Sequence[Rest] = (),
    possible: Mapping[str, Members] | None = None,
    guessed: Members = frozenset(),
    limit: int = MASKED_BELOW,
) -> Masking:
    """Mask every set below the limit, and as many others as that needs.

    Protected are all small sets, printed or not, and what is left of one printed set after another
    is taken away, where that is small. What is shown must leave it possible that each of them has
    as many as the limit: for a difference it is enough that it cannot be worked out.

    Parameters
    ----------
    sets
        By key, who is counted; empty sets are small, too.
    hidden
        Keys that are never printed. They are protected and cannot be masked any further.
    rests
        Differences that are protected although nobody is in them, as those who lack what everybody
        else has.
    possible
        The same keys counted over other people. They tell which sets somebody in an empty one
        would be counted in, too. A set that is empty here and there is empty by definition.
    guessed
        Those of the possible people who are asked only where there is nobody else.

    Raises
    ------
    CountError
        A rest or a possible set of an unknown key.

    References
    ----------
    Willenborg L, de Waal T. Elements of Statistical Disclosure Control, 2001, ch. 8
    (secondary suppression). doi:10.1007/978-1-4613-0121-9
    """
    possible = possible or {}
    named = {*possible, *(one.whole for one in rests), *(one.part for one in rests)}
    if not named <= sets.keys():
        raise CountError("a set is named that is not there")
    numbers = _Numbers(sets, hidden=hidden, limit=limit)
    for target, at_least in numbers.targets():
        numbers.protect(numbers.groups, numbers.sizes, target, at_least)
    company = _company(sets, possible)
    nobody = [
        _patterns(company, possible.get(key, frozenset()), guessed)
        for key in sorted(sets)
        if not sets[key]
    ]
    nobody += [
        _patterns(
            company,
            possible.get(one.whole, frozenset()) - possible.get(one.part, frozenset()),
            guessed,
        )
        for one in rests
        if sets[one.whole] == sets[one.part] and sets[one.whole]
    ]
    for patterns in nobody:
        numbers.protect_nobody(patterns)
    return Masking(
        small=numbers.small - hidden,
        complementary=frozenset(numbers.masked) - numbers.small - hidden,
        limit=limit,
    )


class _Numbers:
    """The equations of what is shown so far, and the masking that grows."""

    def __init__(self, sets: Mapping[str, Members], *, hidden: frozenset[str], limit: int) -> None:
        self.keys = sorted(sets)
        self.count = np.array([len(sets[key]) for key in self.keys], dtype=float)
        self.hidden = hidden
        self.limit = limit
        self.small = frozenset(key for key in self.keys if len(sets[key]) < limit)
        self.masked = set(self.small | hidden)
        self.groups, self.sizes = _groups(self.keys, sets)

    def targets(self) -> Iterator[tuple[Mask, int]]:
        """What is to be protected, as the groups it is made of, and how many it must allow."""
        seen: set[bytes] = set()
        rows = np.unique(self.groups, axis=0) if self.groups.size else self.groups
        printed = np.array([key not in self.hidden for key in self.keys], dtype=bool)
        shown = np.unique(self.groups[printed], axis=0) if self.groups.size else self.groups
        size = rows.astype(float) @ self.sizes
        for row in rows[(size > 0) & (size < self.limit)]:
            seen.add(row.tobytes())
            yield row, self.limit
        weight = shown.astype(float) @ self.sizes
        common = (shown * self.sizes) @ shown.T.astype(float)
        left = weight[None, :] - weight[:, None]
        nested = (common >= weight[:, None]) & (left > 0) & (left < self.limit)
        nested &= (weight >= self.limit)[:, None]
        for inner, outer in zip(*nested.nonzero(), strict=True):
            rest = shown[outer] & ~shown[inner]
            if rest.tobytes() not in seen:
                seen.add(rest.tobytes())
                yield rest, int(left[inner, outer]) + 1

    def protect(self, matrix: Mask, sizes: NDArray[Any], target: Mask, at_least: int) -> None:
        """Mask until `target` may have `at_least`, smaller numbers first, those of most last."""
        while True:
            shown = np.array([key not in self.masked for key in self.keys], dtype=bool)
            rows, index = np.unique(matrix[shown], axis=0, return_inverse=True)
            most, binding = _most(rows, rows.astype(float) @ sizes, target)
            if most >= at_least - TOLERANCE:
                return
            place = np.flatnonzero(shown)
            weight = rows.astype(float) @ sizes
            chosen = min(binding, key=lambda row: (weight[row], rows[row].tobytes()))
            self.masked |= {self.keys[one] for one in place[index.reshape(-1) == chosen]}

    def protect_nobody(self, patterns: frozenset[Members]) -> None:
        """The same for a set in which nobody is, but could be in one of these ways."""
        if not patterns or len(self.masked) == len(self.keys):
            return
        further = np.array(
            [[key in one for one in sorted(patterns, key=sorted)] for key in self.keys], dtype=bool
        )
        target = np.zeros(self.groups.shape[1] + further.shape[1], dtype=bool)
        target[self.groups.shape[1] :] = True
        sizes = np.concatenate([self.sizes, np.zeros(further.shape[1])])
        self.protect(np.hstack([self.groups, further]), sizes, target, self.limit)


def _groups(keys: Sequence[str], sets: Mapping[str, Members]) -> tuple[Mask, NDArray[Any]]:
    """Keys by groups of people, and how many each group has."""
    within: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        for one in sets[key]:
            within.setdefault(one, []).append(row)
    sizes: dict[tuple[int, ...], int] = {}
    for rows in within.values():
        sizes[tuple(rows)] = sizes.get(tuple(rows), 0) + 1
    matrix = np.zeros((len(keys), len(sizes)), dtype=bool)
    for column, pattern in enumerate(sizes):
        matrix[list(pattern), column] = True
    return matrix, np.array(list(sizes.values()), dtype=float)


def _company(sets: Mapping[str, Members], possible: Mapping[str, Members]) -> dict[str, Members]:
    """Of each possible person, in which sets they are."""
    within: dict[str, set[str]] = {}
    for key in sets:
        for one in possible.get(key, frozenset()):
            within.setdefault(one, set()).add(key)
    return {one: frozenset(keys) for one, keys in within.items()}


def _patterns(
    company: Mapping[str, Members], people: Members, guessed: Members
) -> frozenset[Members]:
    return frozenset(company[one] for one in (people - guessed) or people)


def _most(rows: Mask, counts: NDArray[Any], target: Mask) -> tuple[float, list[int]]:
    """The largest value of the target, and the equations that keep it from growing."""
    touched = rows.any(axis=1)
    if not rows.size or (target & ~rows.any(axis=0)).any():
        return np.inf, []
    # Loaded by whoever masks: it takes longer than many counts take.
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    found = linprog(
        -target.astype(float),
        A_eq=csr_array(rows[touched].astype(float)),
        b_eq=counts[touched],
        method="highs",
    )
    if found.status == 3:  # unbounded
        return np.inf, []
    if found.status != 0:
        raise CountError("the numbers contradict each other")
    pull = np.abs(found.eqlin.marginals) > TOLERANCE
    return -float(found.fun), list(np.flatnonzero(touched)[pull])
