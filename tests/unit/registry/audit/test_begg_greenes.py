import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.accuracy_table import AccuracyTable
from registry.audit.begg_greenes import begg_greenes
from registry.audit.errors import CountError

counts = st.integers(0, 60)
tables = st.builds(
    lambda tp, fp, fn, tn, up, un: AccuracyTable(
        tp, fp, fn, tn, unverified_positive=up, unverified_negative=un
    ),
    *[counts] * 6,
)
SCINTIGRAPHY = AccuracyTable(231, 32, 27, 54, unverified_positive=166, unverified_negative=140)
"""650 hepatic scintigraphies, 344 verified (domain reference, section 6.6)."""


def test_the_published_example():
    sensitivity, specificity = begg_greenes(SCINTIGRAPHY)
    assert sensitivity.naive == pytest.approx(0.8953, abs=5e-5)
    assert specificity.naive == pytest.approx(0.6279, abs=5e-5)
    assert sensitivity.value == pytest.approx(0.8365, abs=5e-5)
    assert specificity.value == pytest.approx(0.7384, abs=5e-5)
    assert (sensitivity.verified, sensitivity.tested) == (344, 650)
    assert (sensitivity.numerator, sensitivity.denominator) == (231, 258)


def test_abousamra_if_every_abnormal_study_were_right():
    """Worst case 62.4 %, 60.0 % if all 8 unverified normal ones hid a defect."""
    sensitivity, _ = begg_greenes(AccuracyTable(12, 0, 0, 4, unverified_negative=8))
    assert (sensitivity.naive, sensitivity.value) == (1.0, 1.0)
    assert (sensitivity.lower, sensitivity.upper) == (None, None)
    assert sensitivity.worst_case == pytest.approx(0.624, abs=5e-4)
    assert sensitivity.extreme_low == pytest.approx(0.6)
    assert sensitivity.extreme_high == 1.0


def test_one_false_negative_among_four_changes_everything():
    sensitivity, _ = begg_greenes(AccuracyTable(12, 0, 1, 3, unverified_negative=8))
    assert sensitivity.naive == pytest.approx(0.923, abs=5e-4)
    assert sensitivity.value == pytest.approx(0.8)


@given(tables)
def test_where_everybody_is_verified_there_is_nothing_to_correct(table):
    cells = (
        table.true_positive,
        table.false_positive,
        table.false_negative,
        table.true_negative,
    )
    for figure in begg_greenes(AccuracyTable(*cells)):
        if figure.value is not None:
            assert figure.value == pytest.approx(figure.naive)
            assert figure.extreme_low == pytest.approx(figure.naive)
            assert figure.extreme_high == pytest.approx(figure.naive)


@given(tables)
def test_the_correction_lies_within_its_bounds(table):
    for figure in begg_greenes(table):
        if figure.value is None:
            continue
        assert figure.extreme_low - 1e-9 <= figure.value <= figure.extreme_high + 1e-9
        assert figure.worst_case - 1e-9 <= figure.value <= figure.best_case + 1e-9
        if figure.lower is not None:
            assert 0 < figure.lower <= figure.value <= figure.upper < 1


@given(tables)
def test_swapping_positive_and_negative_swaps_the_two(table):
    here, there = begg_greenes(table), begg_greenes(table.mirrored())
    for one, other in zip(here, reversed(there), strict=True):
        for name in ("value", "lower", "upper", "worst_case", "extreme_low", "extreme_high"):
            ours, theirs = getattr(one, name), getattr(other, name)
            assert ours == (None if theirs is None else pytest.approx(theirs))


@given(st.builds(AccuracyTable, *[st.integers(1, 60)] * 4))
def test_the_variance_is_the_inverse_information_of_the_likelihood(table):
    """Second implementation: numerical second derivatives of the observed-data likelihood.

    Parameters are the logits of a positive test, of a defect if positive, and if negative.
    """
    table = AccuracyTable(
        table.true_positive,
        table.false_positive,
        table.false_negative,
        table.true_negative,
        unverified_positive=7,
        unverified_negative=19,
    )
    positive = table.true_positive + table.false_positive
    negative = table.false_negative + table.true_negative
    binomials = [
        (positive + 7, negative + 19),
        (table.true_positive, table.false_positive),
        (table.false_negative, table.true_negative),
    ]
    best = np.array([math.log(one / other) for one, other in binomials])
    # Of a binomial's log-likelihood in its logit: n p (1 - p); diagonal, for nothing is shared.
    information = [
        (one + other) * (one / (one + other)) * (other / (one + other)) for one, other in binomials
    ]

    def logit_of_sensitivity(parameters):
        phi, hit, miss = 1 / (1 + np.exp(-parameters))
        return np.log(phi * hit / ((1 - phi) * miss))

    step = 1e-5
    slope = [
        (logit_of_sensitivity(best + step * e) - logit_of_sensitivity(best - step * e)) / (2 * step)
        for e in np.eye(3)
    ]
    variance = sum(s**2 / i for s, i in zip(slope, information, strict=True))
    centre, spread = logit_of_sensitivity(best), 1.959963984540054 * math.sqrt(variance)
    sensitivity, _ = begg_greenes(table)
    assert sensitivity.value == pytest.approx(1 / (1 + math.exp(-centre)), rel=1e-9)
    assert sensitivity.lower == pytest.approx(1 / (1 + math.exp(spread - centre)), rel=1e-6)
    assert sensitivity.upper == pytest.approx(1 / (1 + math.exp(-spread - centre)), rel=1e-6)


def test_a_result_that_was_never_verified_cannot_be_corrected():
    table = AccuracyTable(5, 1, 0, 0, unverified_negative=10)
    sensitivity, _ = begg_greenes(table)
    assert (sensitivity.value, sensitivity.lower) == (None, None)
    assert sensitivity.naive == 1.0
    assert sensitivity.extreme_low == pytest.approx(5 / 15)
    assert sensitivity.worst_case == pytest.approx(5 / 6 * 6 / (5 / 6 * 6 + 10))
    with pytest.raises(CountError):
        begg_greenes(table, confidence=0)
