import pytest
from hypothesis import given

from registry.audit.aalen_johansen import METHOD, cumulative_incidence
from registry.audit.errors import CountError
from registry.audit.follow_up import FollowUp
from registry.audit.kaplan_meier import kaplan_meier
from tests.factories.follow_ups import follow_ups


@given(follow_ups())
def test_incidences_and_event_free_survival_sum_to_one(follow_up):
    free = kaplan_meier(follow_up).points
    one = cumulative_incidence(follow_up, cause=1).points
    other = cumulative_incidence(follow_up, cause=2).points
    for survival, first, second in zip(free, one, other, strict=True):
        assert first.day == second.day == survival.day
        total = survival.survival + first.incidence + second.incidence
        assert total == pytest.approx(1, abs=1e-12)


@given(follow_ups())
def test_without_competing_events_incidence_is_one_minus_survival(follow_up):
    """Estimate and variance; the intervals are the same transform seen from below."""
    alone = FollowUp.of(
        entry_day=follow_up.entry_day, exit_day=follow_up.exit_day, cause=follow_up.cause == 1
    )
    incidence = cumulative_incidence(alone, cause=1).points
    for point, survival in zip(incidence, kaplan_meier(alone).points, strict=True):
        assert point.incidence == pytest.approx(1 - survival.survival, abs=1e-12)
        if survival.survival > 1e-9:
            assert point.standard_error == pytest.approx(survival.standard_error, abs=1e-9)
            assert point.lower == pytest.approx(1 - survival.upper, abs=1e-7)
            assert point.upper == pytest.approx(1 - survival.lower, abs=1e-7)


@given(follow_ups())
def test_pretending_that_others_cannot_come_first_makes_more_of_it(follow_up):
    for day in range(13):
        incidence = cumulative_incidence(follow_up, cause=1).at(day).value
        survival = kaplan_meier(follow_up, cause=1).at(day).value
        assert (incidence is None) == (survival is None)
        assert incidence is None or incidence <= 1 - survival + 1e-12


def test_complete_follow_up_is_a_proportion_with_its_binomial_variance():
    """10 pumps, 3 fail, 2 patients die, nobody is lost: 3/10, variance p(1-p)/n."""
    follow_up = FollowUp.of(exit_day=[1, 2, 2, 3, 4] + [9] * 5, cause=[1, 1, 2, 2, 1] + [0] * 5)
    estimate = cumulative_incidence(follow_up, cause=1, unit="pumps").at(9)
    assert (estimate.numerator, estimate.competing, estimate.denominator) == (3, 2, 10)
    assert estimate.value == pytest.approx(0.3)
    assert estimate.method == METHOD
    last = cumulative_incidence(follow_up, cause=1).points[-1]
    assert last.standard_error == pytest.approx((0.3 * 0.7 / 10) ** 0.5)
    assert 0 < last.lower < 0.3 < last.upper < 1


def test_suppression_and_the_end_of_follow_up():
    follow_up = FollowUp.of(exit_day=[1, 2, 3, 4], cause=[1, 2, 1, 0])
    curve = cumulative_incidence(follow_up, cause=1)
    assert [point.day for point in curve.shown(3)] == [1, 2]
    assert curve.at(3, minimum_at_risk=3).value is None
    assert curve.at(5).value is None
    assert curve.at(0).value == 0
    with pytest.raises(CountError):
        cumulative_incidence(follow_up, cause=1, confidence=0)
