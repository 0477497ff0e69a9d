import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import expon, geom

from registry.audit.errors import CountError
from registry.audit.time_between_events import (
    DAYS_METHOD,
    OPERATIONS_METHOD,
    days_between,
    operations_between,
)

shares = st.floats(0.001, 0.5)
tails = st.floats(0.001, 0.2)


@given(st.lists(st.booleans(), max_size=60), shares, tails)
def test_limits_are_the_last_that_keep_the_tail(failures, share, tail):
    """The definition itself, with scipy's geometric distribution."""
    chart = operations_between(failures, in_control=share, tail=tail)
    early = chart.early_at or 0
    assert geom.cdf(early, share) <= tail * (1 + 1e-6)
    assert geom.cdf(early + 1, share) > tail * (1 - 1e-6)
    assert geom.sf(chart.late_at - 1, share) <= tail * (1 + 1e-6)
    assert geom.sf(chart.late_at - 2, share) > tail * (1 - 1e-6)
    assert chart.false_alarm == pytest.approx(geom.cdf(early, share))
    assert chart.false_comfort == pytest.approx(geom.sf(chart.late_at - 1, share))


@given(st.lists(st.booleans(), max_size=60))
def test_gaps_and_what_is_running_are_all_operations_after_the_first_failure(failures):
    chart = operations_between(failures, in_control=0.1)
    assert len(chart.gaps) == max(0, sum(failures) - 1)
    if any(failures):
        after = len(failures) - 1 - failures.index(True)
        assert sum(gap.length for gap in chart.gaps) + chart.running == after
    else:
        assert chart.running is None


def test_two_infections_in_a_row_where_one_in_a_hundred_is_expected():
    chart = operations_between([True, True, False, False], in_control=0.01, tail=0.01)
    assert chart.early_at == 1
    assert chart.false_alarm == pytest.approx(0.01)
    assert chart.false_alarm_every == pytest.approx(10_000)
    assert [(gap.length, gap.early) for gap in chart.gaps] == [(1, True)]
    assert (chart.running, chart.method, chart.unit) == (2, OPERATIONS_METHOD, "operations")


def test_where_every_gap_is_usual_none_is_early():
    chart = operations_between([True, True], in_control=0.2, tail=0.01)
    assert chart.early_at is None
    assert (chart.false_alarm, chart.false_alarm_every) == (0.0, None)
    assert chart.gaps[0].early is False


def test_days_have_exponential_limits():
    chart = days_between([10, 10, 400], observed_days=1000, in_control=1 / 100, window="2020")
    assert expon.cdf(chart.early_at, scale=100) == pytest.approx(0.01)
    assert expon.sf(chart.late_at, scale=100) == pytest.approx(0.01)
    assert [(gap.early, gap.late) for gap in chart.gaps] == [(True, False), (False, False)]
    assert (chart.running, chart.numerator, chart.denominator) == (600, 3, 1000)
    assert (chart.method, chart.unit, chart.window) == (DAYS_METHOD, "days", "2020")
    assert chart.false_alarm_every == pytest.approx(10_000)


def test_a_chart_that_cannot_be_is_refused():
    for share, tail in ((0, 0.1), (1, 0.1), (0.1, 0), (0.1, 1)):
        with pytest.raises(CountError):
            operations_between([], in_control=share, tail=tail)
    for days in ([5, 4], [-1], [20]):
        with pytest.raises(CountError):
            days_between(days, observed_days=10, in_control=0.1)
    with pytest.raises(CountError):
        days_between([], observed_days=10, in_control=0)
