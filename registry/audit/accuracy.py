"""Sensitivity, specificity, predictive values and likelihood ratios, four ways."""

import math
from dataclasses import dataclass
from typing import Final

from scipy.special import ndtri

from .accuracy_table import AccuracyTable, NonDiagnostic
from .errors import CountError
from .intervals import DEFAULT_CONFIDENCE, Estimate, IntervalMethod, proportion

RATIO_METHOD: Final = "log method (Simel)"


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """How much more often a result occurs with a defect than without.

    None where it is undefined: nobody with, nobody without, or nobody without who has the
    result. Limits are None also where the ratio is 0: its logarithm has none.
    """

    key: str
    label: str
    numerator: int
    numerator_of: int
    denominator: int
    denominator_of: int
    value: float | None
    lower: float | None
    upper: float | None
    confidence: float
    method: str
    unit: str
    window: str | None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """All figures of one table under one handling of non-diagnostic studies."""

    handling: NonDiagnostic
    estimates: tuple[Estimate, ...]
    ratios: tuple[LikelihoodRatio, ...]

    def estimate(self, key: str) -> Estimate:
        return next(one for one in self.estimates if one.key == key)

    def ratio(self, key: str) -> LikelihoodRatio:
        return next(one for one in self.ratios if one.key == key)


def accuracy(
    table: AccuracyTable,
    handling: NonDiagnostic,
    *,
    unit: str = "studies",
    window: str | None = None,
    confidence: float = DEFAULT_CONFIDENCE,
    method: IntervalMethod = IntervalMethod.CLOPPER_PEARSON,
) -> Accuracy:
    """Figures of the verified studies, uncorrected for who was verified.

    With `NonDiagnostic.OWN_RESULT` non-diagnostic studies stay in the denominators of
    sensitivity and specificity and have a likelihood ratio of their own, and the yields say
    how often the test gave an answer at all.

    Studies are taken as independent. Where patients have several, use `patient_bootstrap`
    for the interval.

    References
    ----------
    Simel DL, Feussner JR, DeLong ER, Matchar DB. Med Decis Making 1987;7:107-114 (third row).
    doi:10.1177/0272989X8700700208
    Simel DL, Samsa GP, Matchar DB. J Clin Epidemiol 1991;44:763-770 (interval of ratios).
    doi:10.1016/0895-4356(91)90128-V
    Shinkins B, Thompson M, Mallett S, Perera R. BMJ 2013;346:f2778. doi:10.1136/bmj.f2778
    """
    if not 0 < confidence < 1:
        raise CountError("confidence must lie between 0 and 1")
    cells = table.resolved(handling)
    tp, fp, fn, tn = (
        cells.true_positive,
        cells.false_positive,
        cells.false_negative,
        cells.true_negative,
    )
    third_with, third_without = cells.non_diagnostic_with, cells.non_diagnostic_without
    with_defect, without = tp + fn + third_with, fp + tn + third_without
    counts = [
        ("sensitivity", "Sensitivity", tp, with_defect),
        ("specificity", "Specificity", tn, without),
        ("ppv", "Positive predictive value", tp, tp + fp),
        ("npv", "Negative predictive value", tn, tn + fn),
        ("prevalence", "Defects among the verified", with_defect, with_defect + without),
    ]
    ratios = [
        ("lr_positive", "Likelihood ratio of a positive test", tp, fp),
        ("lr_negative", "Likelihood ratio of a negative test", fn, tn),
    ]
    if handling is NonDiagnostic.OWN_RESULT:
        answered = with_defect + without - third_with - third_without
        counts += [
            ("yield", "Diagnostic", answered, with_defect + without),
            ("yield_with", "Diagnostic with a defect", tp + fn, with_defect),
            ("yield_without", "Diagnostic without a defect", fp + tn, without),
        ]
        ratios.append(
            ("lr_third", "Likelihood ratio of a non-diagnostic test", third_with, third_without)
        )
    return Accuracy(
        handling=handling,
        estimates=tuple(
            proportion(
                key=key,
                label=label,
                numerator=numerator,
                denominator=denominator,
                unit=unit,
                window=window,
                confidence=confidence,
                method=method,
            )
            for key, label, numerator, denominator in counts
        ),
        ratios=tuple(
            _ratio(key, label, (one, with_defect), (other, without), unit, window, confidence)
            for key, label, one, other in ratios
        ),
    )


def _ratio(
    key: str,
    label: str,
    with_defect: tuple[int, int],
    without: tuple[int, int],
    unit: str,
    window: str | None,
    confidence: float,
) -> LikelihoodRatio:
    (one, of_one), (other, of_other) = with_defect, without
    value = lower = upper = None
    if of_one > 0 and other > 0:
        value = (one / of_one) / (other / of_other)
    if value:
        z = float(ndtri(1 - (1 - confidence) / 2))
        spread = z * math.sqrt((1 - one / of_one) / one + (1 - other / of_other) / other)
        lower, upper = value * math.exp(-spread), value * math.exp(spread)
    return LikelihoodRatio(
        key=key,
        label=label,
        numerator=one,
        numerator_of=of_one,
        denominator=other,
        denominator_of=of_other,
        value=value,
        lower=lower,
        upper=upper,
        confidence=confidence,
        method=RATIO_METHOD,
        unit=unit,
        window=window,
    )
