import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from registry.audit.errors import CountError
from registry.audit.funnel import LEVELS, UNADJUSTED, proportion_funnel, rate_funnel

YEAR = 365.25
operations = st.integers(1, 80).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
centres = st.dictionaries(st.sampled_from("ABCDEFGH"), operations, min_size=1)


@given(centres, st.sampled_from([0.03, 0.2, 0.5]))
def test_a_centre_is_outside_exactly_if_its_tail_is_that_rare(centres, target):
    """The definition itself, with scipy's distribution."""
    for point in proportion_funnel(centres, target=target).points:
        of = int(point.denominator)
        below = binom.cdf(point.numerator, of, target)
        above = binom.sf(point.numerator - 1, of, target)
        rare = [level for level in LEVELS if min(below, above) <= (1 - level) / 2]
        assert point.outside == max(rare, default=None)
        for limits in point.limits:
            alarm = sum(
                binom.pmf(count, of, target)
                for count in range(of + 1)
                if (limits.low is not None and count <= limits.low)
                or (limits.high is not None and count >= limits.high)
            )
            assert limits.false_alarm == pytest.approx(alarm, rel=1e-9, abs=1e-15)
            assert limits.false_alarm <= 1 - limits.level + 1e-12


@given(st.integers(0, 60), st.integers(50, 50_000), st.floats(0.5, 20))
def test_rates_are_judged_by_the_poisson_distribution(events, days, target):
    (point,) = rate_funnel({"A": (events, days)}, target=target).points
    expected = target / 100 * days / YEAR
    assert point.expected == pytest.approx(expected)
    rarer = min(poisson.cdf(events, expected), poisson.sf(events - 1, expected))
    rare = [level for level in LEVELS if rarer <= (1 - level) / 2]
    assert point.outside == max(rare, default=None)


@given(centres)
def test_without_a_target_the_centres_are_compared_with_all_of_them(centres):
    funnel = proportion_funnel(centres)
    total = sum(of for _, of in centres.values())
    assert funnel.target == pytest.approx(sum(one for one, _ in centres.values()) / total)
    assert sum(point.expected for point in funnel.points) == pytest.approx(funnel.numerator)
    assert funnel.adjustment == UNADJUSTED


def test_centres_alike_are_not_over_dispersed():
    funnel = proportion_funnel(dict.fromkeys("ABCDE", (2, 20)))
    assert (funnel.phi, funnel.tau) == (0.0, 0.0)
    assert {point.outside for point in funnel.points} == {None}


def test_over_dispersion_widens_the_limits_and_winsorising_keeps_the_outlier_out():
    """By hand: eleven centres of 100; z is clipped to its deciles, which are one of them."""
    shares = {chr(65 + n): (events, 100) for n, events in enumerate([4, 4, 4, 16, 16, 16, 10, 10])}
    shares |= {"X": (60, 100), "Y": (10, 100), "Z": (4, 100)}
    funnel = proportion_funnel(shares, target=0.1)
    clipped = [-2.0] * 4 + [2.0] * 4 + [0.0] * 3
    assert funnel.phi == pytest.approx(sum(z**2 for z in clipped) / 11)
    assert funnel.tau**2 == pytest.approx((32 - 10) / ((11 - 1) / 0.0009))
    outlier = next(point for point in funnel.points if point.centre == "X")
    others = [point for point in funnel.points if point.centre != "X"]
    assert outlier.outside_adjusted == 0.998
    assert all(point.outside_adjusted is None for point in others)
    for limits in outlier.limits:
        assert limits.adjusted_high > 0.1 > limits.adjusted_low


def test_small_centres_are_not_shown_and_still_count():
    funnel = proportion_funnel({"big": (5, 100), "small": (3, 4)}, minimum=20)
    big, small = funnel.points
    assert small.suppressed is True
    assert (small.numerator, small.denominator, small.value, small.outside) == (None,) * 4
    assert (big.suppressed, funnel.numerator, funnel.denominator) == (False, 8, 104)


def test_nothing_expected_and_nobody_operated():
    assert proportion_funnel({}).target is None
    quiet = proportion_funnel({"A": (0, 10), "B": (0, 5)})
    assert (quiet.target, quiet.phi, quiet.points[0].z) == (0.0, None, None)
    assert quiet.points[0].outside is None
    assert rate_funnel({"A": (0, 0)}).points[0].suppressed is True
    for wrong in ({"A": (3, 2)}, {"A": (-1, 2)}):
        with pytest.raises(CountError):
            proportion_funnel(wrong)
    with pytest.raises(CountError):
        rate_funnel({"A": (1, 0)})
    with pytest.raises(CountError):
        proportion_funnel({"A": (1, 2)}, target=1.5)
