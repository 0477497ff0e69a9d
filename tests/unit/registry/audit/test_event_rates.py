import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import poisson

from registry.audit.errors import CountError
from registry.audit.event_rates import (
    event_rate,
    poisson_excess_p,
    poisson_limits,
    rate_ratio,
)

events = st.integers(0, 300)
days = st.integers(1, 10**6)


@given(events, st.sampled_from([0.9, 0.95, 0.998]))
def test_limits_are_where_the_tail_has_its_share(count, confidence):
    """The definition itself, without a gamma distribution in it."""
    limits = poisson_limits(count, confidence)
    tail = (1 - confidence) / 2
    assert poisson.cdf(count, limits.upper) == pytest.approx(tail, rel=1e-8)
    if count:
        assert poisson.sf(count - 1, limits.lower) == pytest.approx(tail, rel=1e-8)
    else:
        assert limits.lower == 0


@given(events, days)
def test_a_rate_times_its_time_is_its_events(count, time):
    rate = event_rate(count, time)
    assert rate.value * rate.denominator_years / 100 == pytest.approx(count)
    assert rate.lower <= rate.value <= rate.upper
    assert (rate.numerator, rate.denominator_days) == (count, time)


@given(events, days, events, days)
def test_swapping_two_rates_inverts_their_ratio(one, one_days, other, other_days):
    forth = rate_ratio(one, one_days, other, other_days)
    back = rate_ratio(other, other_days, one, one_days)
    if forth.value and back.value:
        assert forth.value == pytest.approx(1 / back.value)
        assert forth.lower == pytest.approx(1 / back.upper, rel=1e-6)
        assert forth.lower <= forth.value <= forth.upper
    if one + other:
        assert forth.p_value == pytest.approx(back.p_value, rel=1e-6)


def test_the_rate_of_a_published_series_converts():
    """0.203 per 1000 days is 0.0741 per year (domain reference, section 7.4 d)."""
    rate = event_rate(203, 1_000_000, per_years=1, unit="complications per pump-year")
    assert rate.value == pytest.approx(0.0741, abs=5e-5)
    assert rate.unit == "complications per pump-year"


def test_a_real_audit_cycle_computed_again():
    """4 of 118 over 29 months and 1 of 160 over 2 years (domain reference, section 6.7)."""
    before = event_rate(4, 118 * 29 * 365.25 / 12)
    after = event_rate(1, 160 * 2 * 365.25)
    assert (round(before.value, 2), round(after.value, 2)) == (1.40, 0.31)


def test_without_time_there_is_no_rate():
    assert event_rate(0, 0).value is None
    assert rate_ratio(0, 10, 0, 10).value is None
    assert rate_ratio(3, 10, 0, 10).upper is None
    with pytest.raises(CountError):
        event_rate(1, 0)
    with pytest.raises(CountError):
        event_rate(0, -1)
    with pytest.raises(CountError):
        poisson_limits(-1)
    with pytest.raises(CountError):
        poisson_excess_p(1, -0.5)
    with pytest.raises(CountError):
        rate_ratio(-1, 1, 1, 1)
