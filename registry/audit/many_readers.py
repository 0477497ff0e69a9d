"""Agreement of any number of readers, who need not be the same for each subject."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from .agreement import Agreement, Rating, category_counts, exact_pairs, linearised
from .follow_up import Floats

FLEISS: Final = "Fleiss' kappa, linearised variance (Gwet), t interval"
GWET: Final = "Gwet's AC1, linearised variance, t interval"


def fleiss_kappa(
    ratings: Sequence[Sequence[Rating]],
    categories: Sequence[Hashable],
    *,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Kappa of many readers; chance is that two ratings drawn from all of them agree.

    Parameters
    ----------
    ratings
        One row per subject with the ratings it got, None where a reader gave none. Subjects
        with one rating tell how often a category is used; with none they are left out.

    References
    ----------
    Fleiss JL. Psychol Bull 1971;76:378-382. doi:10.1037/h0031619
    Gwet KL. Educ Psychol Meas 2021;81:781-790 (variance, missing ratings).
    doi:10.1177/0013164420973080
    """
    shares = _Shares.of(category_counts(ratings, categories))
    expected = (shares.mean**2).sum()
    influence = 2 * (shares.each @ shares.mean - expected)
    return _agreement(
        "fleiss_kappa", FLEISS, shares, float(expected), influence, unit, window, confidence
    )


def gwet_ac1(
    ratings: Sequence[Sequence[Rating]],
    categories: Sequence[Hashable],
    *,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Agreement that does not collapse when nearly all subjects are of one category.

    ``categories`` are all that readers could choose: the number of them is in the formula, also
    of those nobody chose.

    References
    ----------
    Gwet KL. Br J Math Stat Psychol 2008;61:29-48. doi:10.1348/000711006X126600
    """
    shares = _Shares.of(category_counts(ratings, categories))
    others = max(len(categories) - 1, 1)
    expected = (shares.mean * (1 - shares.mean)).sum() / others
    influence = 2 * (shares.each @ (1 - shares.mean) / others - expected)
    if len(categories) < 2:
        expected = 1.0
    return _agreement(
        "gwet_ac1", GWET, shares, float(expected), influence, unit, window, confidence
    )


@dataclass(frozen=True, slots=True)
class _Shares:
    """``each`` subject's shares of the categories, and the ``mean`` over subjects.

    ``agreeing`` is the share of agreeing pairs of each subject with two or more ratings and
    0 for the others, which ``paired`` tells apart.
    """

    counts: npt.NDArray[np.int64]
    each: Floats
    mean: Floats
    agreeing: Floats
    paired: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, counts: npt.NDArray[np.int64]) -> "_Shares":
        counts = counts[counts.sum(axis=1) > 0]
        readers = counts.sum(axis=1)
        paired = readers >= 2
        pairs = np.where(paired, readers * (readers - 1), 1)
        each = counts / readers[:, None]
        return cls(
            counts=counts,
            each=each,
            mean=each.mean(axis=0) if len(each) else np.zeros(counts.shape[1]),
            agreeing=np.where(paired, (counts * (counts - 1)).sum(axis=1) / pairs, 0.0),
            paired=paired,
        )


def _agreement(
    key: str,
    method: str,
    shares: _Shares,
    expected: float,
    influence_on_expected: Floats,
    unit: str,
    window: str | None,
    confidence: float,
) -> Agreement:
    numerator, denominator = exact_pairs(shares.counts)
    subjects = len(shares.counts)
    value = error = lower = upper = observed = None
    if denominator:
        observed = float(shares.agreeing.sum() / shares.paired.sum())
        if expected < 1 - 1e-12:
            value = (observed - expected) / (1 - expected)
            # As Gwet does: a subject without a pair counts as one without agreement beyond chance.
            beyond = shares.paired * (shares.agreeing - expected) / shares.paired.mean()
            on_observed = beyond - (observed - expected)
            influence = (on_observed - (1 - value) * influence_on_expected) / (1 - expected)
            error, lower, upper = linearised(value, influence, confidence)
    return Agreement(
        key=key,
        numerator=numerator,
        denominator=denominator,
        subjects=subjects,
        value=value,
        standard_error=error,
        lower=lower,
        upper=upper,
        observed=observed,
        expected=expected if denominator else None,
        confidence=confidence,
        method=method,
        unit=unit,
        window=window,
    )
