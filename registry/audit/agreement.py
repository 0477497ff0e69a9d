"""How far ratings agree: the ratings, the raw matrix, and a coefficient with its interval."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from .errors import CountError
from .follow_up import Floats

Rating = Hashable | None
"""A category, or None where a reader gave no rating."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """One coefficient and what it is made of.

    ``observed`` and ``expected`` are agreement as seen and by chance; the coefficient is
    (observed - expected) / (1 - expected), and None where chance alone would agree always:
    everybody used one category. ``numerator`` of ``denominator`` pairs of ratings agreed
    exactly. Limits are None for a single subject, or where nothing varies.
    """

    key: str
    numerator: int
    denominator: int
    subjects: int
    value: float | None
    standard_error: float | None
    lower: float | None
    upper: float | None
    observed: float | None
    expected: float | None
    confidence: float
    method: str
    unit: str
    window: str | None


def category_counts(
    ratings: Sequence[Sequence[Rating]], categories: Sequence[Hashable]
) -> npt.NDArray[np.int64]:
    """How many readers chose which category, shape (subjects, categories).

    Raises
    ------
    CountError
        A rating that is not among the categories, or a category twice.
    """
    place = _places(categories)
    counts = np.zeros((len(ratings), len(categories)), dtype=np.int64)
    for row, subject in enumerate(ratings):
        for rating in subject:
            if rating is not None:
                counts[row, _column(place, rating)] += 1
    return counts


def rating_matrix(
    first: Sequence[Rating], second: Sequence[Rating], categories: Sequence[Hashable]
) -> npt.NDArray[np.int64]:
    """Who said what when the other said what: rows the first reader, columns the second.

    Subjects that one of them did not rate are left out.
    """
    place = _places(categories)
    if len(first) != len(second):
        raise CountError("two readers need ratings of the same subjects")
    matrix = np.zeros((len(categories), len(categories)), dtype=np.int64)
    for one, other in zip(first, second, strict=True):
        if one is not None and other is not None:
            matrix[_column(place, one), _column(place, other)] += 1
    return matrix


def exact_pairs(counts: npt.NDArray[np.int64]) -> tuple[int, int]:
    """Pairs of ratings of one subject that agree, and all such pairs."""
    readers = counts.sum(axis=1)
    return (
        int((counts * (counts - 1)).sum()) // 2,
        int((readers * (readers - 1)).sum()) // 2,
    )


def linearised(
    value: float, influence: Floats, confidence: float
) -> tuple[float | None, float | None, float | None]:
    """Standard error and limits from each subject's influence on the coefficient.

    Student's t with one degree less than subjects, and never above 1, as irrCAC does.
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    n = influence.size
    if n < 2:
        return None, None, None
    error = float(np.sqrt((influence**2).sum() / (n * (n - 1))))
    if error <= 1e-12:
        return 0.0, None, None
    t = float(stdtrit(n - 1, 1 - (1 - confidence) / 2))
    return error, value - t * error, min(1.0, value + t * error)


def _places(categories: Sequence[Hashable]) -> dict[Hashable, int]:
    place = {category: number for number, category in enumerate(categories)}
    if len(place) != len(categories):
        raise CountError("a category is named twice")
    return place


def _column(place: dict[Hashable, int], rating: Hashable) -> int:
    if rating not in place:
        raise CountError("a rating is not among the categories")
    return place[rating]
