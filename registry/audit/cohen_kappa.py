"""Agreement of two readers, or of one with himself, beyond chance."""

import math
from collections.abc import Hashable, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
from scipy.special import ndtri

from .agreement import Agreement, Rating, rating_matrix
from .errors import CountError
from .follow_up import Floats


class Weights(StrEnum):
    """What a disagreement by several steps costs; categories are ordered unless unweighted."""

    UNWEIGHTED = "unweighted"
    LINEAR = "linear weights"
    QUADRATIC = "quadratic weights"


METHOD: Final = "Cohen's kappa, {weights}, large-sample interval (Fleiss, Cohen, Everitt)"


def cohen_kappa(
    first: Sequence[Rating],
    second: Sequence[Rating],
    categories: Sequence[Hashable],
    *,
    weights: Weights = Weights.UNWEIGHTED,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Kappa of two readers, each with a habit of their own; categories in their order.

    Subjects one of them did not rate are left out. With rare categories kappa is low however
    often two agree: print the matrix and Gwet's AC1 beside it.

    References
    ----------
    Cohen J. Educ Psychol Meas 1960;20:37-46. doi:10.1177/001316446002000104
    Cohen J. Psychol Bull 1968;70:213-220 (weights). doi:10.1037/h0026256
    Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969;72:323-327 (standard error).
    doi:10.1037/h0028106
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    matrix = rating_matrix(first, second, categories)
    n = int(matrix.sum())
    value = error = lower = upper = observed = expected = None
    if n:
        share = matrix / n
        weight = agreement_weights(len(categories), weights)
        rows, columns = share.sum(axis=1), share.sum(axis=0)
        observed = float((weight * share).sum())
        expected = float(rows @ weight @ columns)
        if expected < 1 - 1e-12:
            value = (observed - expected) / (1 - expected)
            error = _standard_error(share, weight, value, expected, n)
    if value is not None and error:
        z = float(ndtri(1 - (1 - confidence) / 2))
        lower, upper = value - z * error, min(1.0, value + z * error)
    return Agreement(
        key="cohen_kappa",
        numerator=int(np.trace(matrix)),
        denominator=n,
        subjects=n,
        value=value,
        standard_error=error,
        lower=lower,
        upper=upper,
        observed=observed,
        expected=expected,
        confidence=confidence,
        method=METHOD.format(weights=weights.value),
        unit=unit,
        window=window,
    )


def agreement_weights(categories: int, weights: Weights) -> Floats:
    """Credit for each pair of categories: 1 for the same, shape (categories, categories)."""
    same: Floats = np.eye(categories)
    if weights is Weights.UNWEIGHTED or categories < 2:
        return same
    steps = np.abs(np.subtract.outer(np.arange(categories), np.arange(categories)))
    power = 1 if weights is Weights.LINEAR else 2
    credit: Floats = 1 - (steps / (categories - 1)) ** power
    return credit


def _standard_error(
    share: Floats, weight: Floats, value: float, expected: float, subjects: int
) -> float:
    """Root of the mean squared influence of a subject about its mean, by the delta method.

    The mean is subtracted first: the textbook's difference of squares loses what is left of them
    when all subjects have nearly the same influence.
    """
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    # The credit a category can expect from the other reader.
    chance = np.add.outer(weight @ columns, weight.T @ rows)
    influence = weight - chance * (1 - value)
    mean = float((share * influence).sum())
    variance = float((share * (influence - mean) ** 2).sum())
    return math.sqrt(variance / subjects) / (1 - expected)
