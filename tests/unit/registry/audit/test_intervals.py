import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, binomtest

from registry.audit.errors import CountError
from registry.audit.intervals import (
    Interval,
    IntervalMethod,
    clopper_pearson,
    proportion,
    wilson,
)

counts = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(counts, st.sampled_from([0.8, 0.9, 0.95, 0.99, 0.998]))
def test_exact_limits_agree_with_scipy_to_ten_digits(count, confidence):
    numerator, denominator = count
    ours = clopper_pearson(numerator, denominator, confidence)
    theirs = binomtest(numerator, denominator).proportion_ci(confidence, method="exact")
    assert ours.lower == pytest.approx(theirs.low, abs=1e-10)
    assert ours.upper == pytest.approx(theirs.high, abs=1e-10)


@given(counts, st.sampled_from([0.9, 0.95, 0.99]))
def test_wilson_limits_agree_with_scipy_to_ten_digits(count, confidence):
    numerator, denominator = count
    ours = wilson(numerator, denominator, confidence)
    theirs = binomtest(numerator, denominator).proportion_ci(confidence, method="wilson")
    assert ours.lower == pytest.approx(theirs.low, abs=1e-10)
    assert ours.upper == pytest.approx(theirs.high, abs=1e-10)


@given(counts)
def test_exact_limits_are_where_the_tail_has_its_share(count):
    """The definition itself, without a beta distribution in it."""
    numerator, denominator = count
    limits = clopper_pearson(numerator, denominator)
    if numerator > 0:
        tail = binom.sf(numerator - 1, denominator, limits.lower)
        assert tail == pytest.approx(0.025, rel=1e-8)
    if numerator < denominator:
        tail = binom.cdf(numerator, denominator, limits.upper)
        assert tail == pytest.approx(0.025, rel=1e-8)


@given(counts)
def test_nothing_seen_in_n_mirrors_everything_seen(count):
    numerator, denominator = count
    for method in (clopper_pearson, wilson):
        limits = method(numerator, denominator)
        mirrored = method(denominator - numerator, denominator)
        assert limits.lower == pytest.approx(1 - mirrored.upper, abs=1e-12)
        assert limits.lower <= numerator / denominator <= limits.upper


@pytest.mark.parametrize("method", [clopper_pearson, wilson])
def test_limits_at_the_ends_are_exactly_zero_and_one(method):
    assert method(0, 24).lower == 0
    assert method(24, 24).upper == 1


def test_nobody_observed_has_no_interval():
    assert clopper_pearson(0, 0) is None
    assert wilson(0, 0) is None


def test_a_proportion_of_nobody_is_undefined_not_zero():
    estimate = proportion(key="k", label="l", numerator=0, denominator=0, unit="patients")
    assert (estimate.value, estimate.lower, estimate.upper) == (None, None, None)
    assert (estimate.numerator, estimate.denominator) == (0, 0)


def test_a_proportion_names_its_method_unit_and_window():
    estimate = proportion(
        key="k",
        label="Label",
        numerator=3,
        denominator=27,
        unit="patients",
        window="180 days",
        confidence=0.9,
        method=IntervalMethod.WILSON,
    )
    assert (estimate.method, estimate.unit, estimate.window) == (
        "Wilson",
        "patients",
        "180 days",
    )
    assert estimate.confidence == 0.9
    assert estimate.value == 3 / 27
    assert Interval(estimate.lower, estimate.upper) == wilson(3, 27, 0.9)


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 5), (6, 5), (1, 0)])
@pytest.mark.parametrize("method", [clopper_pearson, wilson])
def test_more_than_all_and_fewer_than_none_are_refused(method, numerator, denominator):
    with pytest.raises(CountError, match="no proportion"):
        method(numerator, denominator)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, float("nan")])
def test_a_confidence_that_is_none_is_refused(confidence):
    with pytest.raises(CountError, match="between 0 and 1"):
        clopper_pearson(1, 2, confidence)
