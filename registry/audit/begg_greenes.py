"""Sensitivity and specificity when the result decided who was verified."""

import math
from dataclasses import dataclass
from typing import Final

from scipy.special import ndtri

from .accuracy_table import AccuracyTable
from .errors import CountError
from .intervals import DEFAULT_CONFIDENCE, clopper_pearson

METHOD: Final = "Begg-Greenes, logit interval (delta method)"

WARNING: Final = (
    "The correction supposes that, given the test result, who was operated on had nothing to do "
    "with having a defect, and it rests on the few verified negatives. Read the bounds."
)


@dataclass(frozen=True, slots=True)
class CorrectedAccuracy:
    """One corrected figure between its bounds, as fractions in 0..1.

    ``value`` is the correction, None where a result was never verified. ``lower`` and ``upper``
    are its interval, None also where the correction is 0 or 1: an interval of no width would be
    a claim. ``extreme_low`` and ``extreme_high`` are what it would be if the unverified
    were all one way or all the other: no assumption at all. ``worst_case`` and ``best_case``
    keep the assumption, and take the exact limits of the share of defects among the
    verified of each result instead of what was seen.
    """

    key: str
    label: str
    naive: float | None
    value: float | None
    lower: float | None
    upper: float | None
    worst_case: float | None
    best_case: float | None
    extreme_low: float | None
    extreme_high: float | None
    numerator: int
    denominator: int
    verified: int
    tested: int
    confidence: float
    method: str
    unit: str
    window: str | None
    warning: str = WARNING


@dataclass(frozen=True, slots=True)
class _Result:
    """One result of the test: of ``tested``, ``verified``, of these ``defects``."""

    tested: int
    verified: int
    defects: int

    @property
    def share(self) -> float | None:
        """Defects among the verified; a result nobody had needs no share."""
        if self.tested == 0:
            return 0.0
        return self.defects / self.verified if self.verified else None

    def limits(self, confidence: float) -> tuple[float, float]:
        found = clopper_pearson(self.defects, self.verified, confidence)
        return (0.0, 1.0) if found is None else (found.lower, found.upper)

    def mirrored(self) -> "_Result":
        return _Result(self.tested, self.verified, self.verified - self.defects)


def begg_greenes(
    table: AccuracyTable,
    *,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
) -> tuple[CorrectedAccuracy, CorrectedAccuracy]:
    """Sensitivity and specificity, corrected for verification that depends on the result.

    Non-diagnostic studies are left out here; the table beside it shows them.

    Worst and best case of sensitivity take the exact limits of the share of defects among
    verified negatives, the predictive value of a positive test as seen; of specificity,
    the limits among verified positives.

    References
    ----------
    Begg CB, Greenes RA. Biometrics 1983;39:207-215. doi:10.2307/2530820
    Manski CF. Am Econ Rev 1990;80:319-323 (bounds without assumption).
    Cronin AM, Vickers AJ. BMC Med Res Methodol 2008;8:75 (few false negatives).
    doi:10.1186/1471-2288-8-75
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    positive = _Result(
        tested=table.true_positive + table.false_positive + table.unverified_positive,
        verified=table.true_positive + table.false_positive,
        defects=table.true_positive,
    )
    negative = _Result(
        tested=table.false_negative + table.true_negative + table.unverified_negative,
        verified=table.false_negative + table.true_negative,
        defects=table.false_negative,
    )
    return (
        _figure("sensitivity", "Sensitivity", positive, negative, unit, window, confidence),
        _figure(
            "specificity",
            "Specificity",
            negative.mirrored(),
            positive.mirrored(),
            unit,
            window,
            confidence,
        ),
    )


def _figure(
    key: str,
    label: str,
    hit: _Result,
    miss: _Result,
    unit: str,
    window: str | None,
    confidence: float,
) -> CorrectedAccuracy:
    """Sensitivity, of which ``hit`` is the positive result; mirrored it is specificity."""
    value = _corrected(hit, hit.share, miss, miss.share)
    lower, upper = _interval(hit, miss, value, confidence)
    low, high = miss.limits(confidence)
    of = hit.defects + miss.defects
    unverified_hit, unverified_miss = hit.tested - hit.verified, miss.tested - miss.verified
    return CorrectedAccuracy(
        key=key,
        label=label,
        naive=hit.defects / of if of else None,
        value=value,
        lower=lower,
        upper=upper,
        worst_case=_corrected(hit, hit.share, miss, high),
        best_case=_corrected(hit, hit.share, miss, low),
        extreme_low=_quotient(hit.defects, hit.defects + miss.defects + unverified_miss),
        extreme_high=_quotient(
            hit.defects + unverified_hit, hit.defects + unverified_hit + miss.defects
        ),
        numerator=hit.defects,
        denominator=of,
        verified=hit.verified + miss.verified,
        tested=hit.tested + miss.tested,
        confidence=confidence,
        method=METHOD,
        unit=unit,
        window=window,
    )


def _corrected(
    hit: _Result, hit_share: float | None, miss: _Result, miss_share: float | None
) -> float | None:
    if hit_share is None or miss_share is None:
        return None
    found, missed = hit.tested * hit_share, miss.tested * miss_share
    return _quotient(found, found + missed)


def _quotient(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _interval(
    hit: _Result, miss: _Result, value: float | None, confidence: float
) -> tuple[float | None, float | None]:
    """Delta method on the logit, which is log(tested × share) of hit less that of miss.

    The three parts vary independently: how many are positive, and the two shares.
    """
    if value is None or not 0 < value < 1 or hit.share is None or miss.share is None:
        return None, None
    everybody = hit.tested + miss.tested
    variance = (
        everybody / (hit.tested * miss.tested)
        + (1 - hit.share) / (hit.share * hit.verified)
        + (1 - miss.share) / (miss.share * miss.verified)
    )
    z = float(ndtri(1 - (1 - confidence) / 2))
    centre, spread = math.log(value / (1 - value)), z * math.sqrt(variance)
    return 1 / (1 + math.exp(spread - centre)), 1 / (1 + math.exp(-spread - centre))
