import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.errors import CountError, FollowUpError
from registry.audit.follow_up import FollowUp
from registry.audit.kaplan_meier import kaplan_meier
from registry.audit.mean_cumulative import METHOD, events_of, mean_cumulative


@st.composite
def recurring(draw):
    """Members with their events, several of them on one day."""
    members = []
    for _ in range(draw(st.integers(0, 12))):
        entry = draw(st.integers(0, 5))
        last = entry + draw(st.integers(1, 8))
        days = draw(st.lists(st.integers(entry + 1, last), max_size=4))
        members.append((entry, last, days))
    return members


def curve_of(members):
    follow_up = FollowUp.of(
        entry_day=[entry for entry, _, _ in members],
        exit_day=[last for _, last, _ in members],
        cause=[0] * len(members),
    )
    member, day = events_of([days for _, _, days in members])
    return mean_cumulative(follow_up, member=member, event_day=day)


@given(recurring())
def test_mean_and_variance_are_sums_over_days_and_members(members):
    """Member by member and day by day, without sums over risk sets."""
    for point in curve_of(members).points:
        mean, influences = 0.0, [0.0] * len(members)
        for day in range(point.day + 1):
            at_risk = [entry < day <= last for entry, last, _ in members]
            if not any(at_risk):
                continue
            events = [days.count(day) for _, _, days in members]
            step = sum(events) / sum(at_risk)
            mean += step
            for row, here in enumerate(at_risk):
                influences[row] += here * (events[row] - step) / sum(at_risk)
        assert point.mean == pytest.approx(mean, rel=1e-12)
        variance = sum(one**2 for one in influences)
        assert point.standard_error**2 == pytest.approx(variance, rel=1e-9, abs=1e-13)
        if point.lower is not None:
            assert 0 < point.lower <= point.mean <= point.upper


def test_of_single_events_it_is_at_least_what_kaplan_meier_says():
    days = [3, 5, 5, 8, 9]
    follow_up = FollowUp.of(exit_day=days, cause=[1, 1, 0, 1, 0])
    curve = mean_cumulative(follow_up, member=[0, 1, 3], event_day=[3, 5, 8])
    survival = kaplan_meier(follow_up)
    for mean, free in zip(curve.points, survival.points, strict=True):
        assert mean.mean >= 1 - free.survival
    assert (curve.numerator, curve.denominator, curve.method) == (3, 5, METHOD)


def test_two_revisions_of_one_patient_among_four_are_half_a_revision_each():
    curve = curve_of([(0, 10, [2, 5]), (0, 10, []), (0, 10, []), (0, 10, [])])
    assert [point.mean for point in curve.points] == [0.25, 0.5]
    assert curve.shown(5) == ()


def test_one_event_for_everybody_does_not_vary():
    (point,) = curve_of([(0, 5, [3]), (0, 5, [3])]).points
    assert (point.mean, point.standard_error, point.lower, point.upper) == (1, 0, None, None)


def test_events_of_nobody_or_at_no_time_are_refused():
    follow_up = FollowUp.of(entry_day=[2], exit_day=[5], cause=[0])
    for member, day in ((1, 3), (-1, 3), (0, 2), (0, 6)):
        with pytest.raises(FollowUpError):
            mean_cumulative(follow_up, member=[member], event_day=[day])
    with pytest.raises(FollowUpError):
        mean_cumulative(follow_up, member=[0], event_day=[3, 4])
    with pytest.raises(CountError):
        mean_cumulative(follow_up, member=[], event_day=[], confidence=2)
