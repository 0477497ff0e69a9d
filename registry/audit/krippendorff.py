"""Krippendorff's alpha: any number of readers, any scale, ratings may be missing."""

from collections.abc import Hashable, Sequence
from enum import StrEnum
from typing import Final

import numpy as np

from .agreement import Agreement, Rating, category_counts, exact_pairs, linearised
from .errors import CountError
from .follow_up import Floats


class Scale(StrEnum):
    """How far two categories are apart."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"


METHOD: Final = "Krippendorff's alpha, {scale}, linearised variance, t interval"


def krippendorff_alpha(
    ratings: Sequence[Sequence[Rating]],
    categories: Sequence[Hashable],
    *,
    scale: Scale = Scale.NOMINAL,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """One minus disagreement seen over disagreement expected.

    Parameters
    ----------
    ratings
        One row per subject, None where a reader gave none. Subjects with fewer than two
        ratings cannot disagree and are left out altogether.
    categories
        All of them, in their order; numbers for the interval scale.

    Notes
    -----
    ``observed`` and ``expected`` of the result are one minus each disagreement, scaled to the
    largest distance. The interval linearises alpha in the subjects, the finite-sample factor
    (N - 1) / N held fixed.

    References
    ----------
    Krippendorff K. Content Analysis, 4th ed., 2019, ch. 12. doi:10.4135/9781071878781
    Hayes AF, Krippendorff K. Commun Methods Meas 2007;1:77-89.
    doi:10.1080/19312450709336664
    """
    counts = category_counts(ratings, categories)
    counts = counts[counts.sum(axis=1) >= 2]
    numerator, denominator = exact_pairs(counts)
    value = error = lower = upper = observed = expected = None
    if denominator:
        readers, used = counts.sum(axis=1), counts.sum(axis=0)
        total = int(readers.sum())
        distance = _distances(categories, used.astype(float), scale)
        largest = distance.max() or 1.0
        disagreement = np.einsum("uc,ck,uk->u", counts, distance, counts) / (readers - 1)
        seen = float(disagreement.sum()) / total
        by_chance = float(used @ distance @ used) / (total * (total - 1))
        observed, expected = float(1 - seen / largest), float(1 - by_chance / largest)
        if by_chance > 0:
            value = 1 - seen / by_chance
            influence = _influence(counts, distance, disagreement, scale)
            error, lower, upper = linearised(value, influence, confidence)
    return Agreement(
        key="krippendorff_alpha",
        numerator=numerator,
        denominator=denominator,
        subjects=len(counts),
        value=value,
        standard_error=error,
        lower=lower,
        upper=upper,
        observed=observed,
        expected=expected,
        confidence=confidence,
        method=METHOD.format(scale=scale.value),
        unit=unit,
        window=window,
    )


def _distances(categories: Sequence[Hashable], used: Floats, scale: Scale) -> Floats:
    """Squared distances; between ranks it depends on how often categories are used."""
    size = len(categories)
    if scale is Scale.NOMINAL:
        return np.ones((size, size)) - np.eye(size)
    if scale is Scale.ORDINAL:
        position = np.cumsum(used) - used / 2
    else:
        if not all(isinstance(one, int | float) for one in categories):
            raise CountError("categories of an interval scale are numbers")
        position = np.array(categories, dtype=float)
    return np.asarray(np.subtract.outer(position, position) ** 2, dtype=float)


def _influence(
    counts: np.typing.NDArray[np.int64], distance: Floats, disagreement: Floats, scale: Scale
) -> Floats:
    """What each subject does to alpha, times the number of subjects, shape (subjects,).

    With alpha = 1 - c × N × A / B, where A sums the disagreement of the subjects, B is the
    disagreement of all ratings with all, and N counts ratings.
    """
    readers, used = counts.sum(axis=1), counts.sum(axis=0).astype(float)
    total = float(readers.sum())
    a, b = float(disagreement.sum()), float(used @ distance @ used)
    on_a, on_b = disagreement, 2 * counts @ distance @ used
    if scale is Scale.ORDINAL:
        # Positions of ranks move with every rating, and all distances with them.
        shift = np.cumsum(counts, axis=1) - counts / 2
        position = np.cumsum(used) - used / 2
        gaps = np.subtract.outer(position, position)
        moved = 2 * gaps * (shift[:, :, None] - shift[:, None, :])
        weight = np.einsum("uc,uk->ck", counts / (readers - 1)[:, None], counts)
        on_a = on_a + (moved * weight).sum(axis=(1, 2))
        on_b = on_b + (moved * np.outer(used, used)).sum(axis=(1, 2))
    factor = (total - 1) / total
    result: Floats = (
        -factor * len(counts) * (readers * a / b + total * on_a / b - total * a / b**2 * on_b)
    )
    return result
