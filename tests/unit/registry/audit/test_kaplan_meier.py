import pytest
from hypothesis import given

from registry.audit.errors import CountError
from registry.audit.follow_up import FollowUp
from registry.audit.kaplan_meier import METHOD, kaplan_meier, risk_table
from tests.factories.follow_ups import follow_ups


@given(follow_ups(delayed=False))
def test_delayed_entry_of_zero_is_the_ordinary_curve(follow_up):
    entered = FollowUp.of(
        entry_day=[0] * follow_up.exit_day.size,
        exit_day=follow_up.exit_day,
        cause=follow_up.cause,
    )
    assert kaplan_meier(entered).points == kaplan_meier(follow_up).points


@given(follow_ups(delayed=False))
def test_without_censoring_survival_is_the_share_still_free(follow_up):
    everybody = FollowUp.of(exit_day=follow_up.exit_day, cause=[1] * follow_up.exit_day.size)
    for point in kaplan_meier(everybody).points:
        still_free = (everybody.exit_day > point.day).mean()
        assert point.survival == pytest.approx(still_free, abs=1e-12)


@given(follow_ups())
def test_a_curve_only_falls_and_lies_within_its_limits(follow_up):
    curve = kaplan_meier(follow_up, cause=1)
    values = [1.0, *(point.survival for point in curve.points)]
    assert values == sorted(values, reverse=True)
    for point in curve.points:
        if point.lower is None:
            assert point.survival == pytest.approx(0)
        else:
            assert 0 <= point.lower <= point.survival <= point.upper <= 1
    assert curve.numerator <= curve.denominator


@given(follow_ups())
def test_what_is_shown_has_enough_at_risk(follow_up):
    curve = kaplan_meier(follow_up)
    assert all(point.at_risk >= 5 for point in curve.shown(5))
    last = curve.last_day_with(5)
    assert last is None or curve.follow_up.at_risk_on([last, last + 1])[1] < 5
    for day in range(14):
        estimate = curve.at(day, minimum_at_risk=5)
        assert (estimate.value is None) == (curve.follow_up.at_risk_on([day])[0] < 5)
        assert (estimate.value is None) == (estimate.numerator is None)


def test_the_worked_example_of_freireich():
    """6-mercaptopurine, 21 patients: the curve every textbook prints (Freireich 1963).

    In weeks there; doi:10.1182/blood.V21.6.699.699.
    """
    weeks = [6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = kaplan_meier(FollowUp.of(exit_day=weeks, cause=[1] * 9 + [0] * 12))
    assert [(p.day, p.at_risk, p.events, round(p.survival, 4)) for p in curve.points] == [
        (6, 21, 3, 0.8571),
        (7, 17, 1, 0.8067),
        (10, 15, 1, 0.7529),
        (13, 12, 1, 0.6902),
        (16, 11, 1, 0.6275),
        (22, 7, 1, 0.5378),
        (23, 6, 1, 0.4482),
    ]
    assert curve.points[-1].standard_error == pytest.approx(0.1346, abs=5e-5)
    assert curve.quantile_day(0.5) == 23
    assert curve.quantile_day(0.9) is None
    assert risk_table([curve], [0, 10, 20, 36]) == ((21, 15, 8, 0),)


def test_an_estimate_says_what_it_is_made_of():
    curve = kaplan_meier(
        FollowUp.of(exit_day=[100, 300, 400, 400], cause=[1, 2, 0, 0]), cause=1, unit="pumps"
    )
    estimate = curve.at(365)
    assert (estimate.numerator, estimate.denominator, estimate.at_risk) == (1, 4, 2)
    assert (estimate.value, estimate.unit, estimate.method) == (0.75, "pumps", METHOD)
    assert estimate.window == "day 0 to 365 after implantation"
    assert estimate.lower < 0.75 < estimate.upper
    assert curve.at(99).value == 1.0
    assert curve.at(99).lower is None


def test_beyond_the_follow_up_a_curve_says_nothing():
    curve = kaplan_meier(FollowUp.of(exit_day=[5, 10], cause=[1, 1]))
    assert curve.at(10).value == 0
    assert curve.at(11).value is None
    nobody = kaplan_meier(FollowUp.of(exit_day=[], cause=[]))
    assert nobody.at(0).value is None
    assert nobody.last_day_with(1) is None


def test_an_event_in_a_small_early_risk_set_is_told():
    """One device enrolled early fails while nine others are not yet under observation."""
    curve = kaplan_meier(
        FollowUp.of(entry_day=[0] + [50] * 9, exit_day=[10] + [90] * 9, cause=[1] + [0] * 9)
    )
    assert curve.at(60).value == 0
    assert curve.events_in_small_risk_sets(5) == 1
    assert curve.shown(5) == ()


def test_a_confidence_of_one_is_none():
    with pytest.raises(CountError):
        kaplan_meier(FollowUp.of(exit_day=[1], cause=[1]), confidence=1)
