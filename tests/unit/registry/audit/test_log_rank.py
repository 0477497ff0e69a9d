import pytest
from hypothesis import given
from scipy.stats import CensoredData, logrank

from registry.audit.follow_up import FollowUp
from registry.audit.log_rank import log_rank
from tests.factories.follow_ups import follow_ups


@given(follow_ups(), follow_ups())
def test_what_is_observed_and_what_is_expected_are_as_many(one, other):
    result = log_rank({"one": one, "other": other}, cause=1)
    observed = sum(group.observed for group in result.groups)
    assert observed == pytest.approx(sum(group.expected for group in result.groups))
    assert result.statistic is None or result.statistic >= -1e-12


@given(follow_ups(), follow_ups(), follow_ups())
def test_the_order_of_the_groups_does_not_matter(one, two, three):
    forth = log_rank({"one": one, "two": two, "three": three})
    back = log_rank({"three": three, "two": two, "one": one})
    assert forth.degrees_of_freedom == back.degrees_of_freedom
    if forth.statistic is not None:
        assert forth.statistic == pytest.approx(back.statistic, rel=1e-6, abs=1e-9)


@given(follow_ups(delayed=False), follow_ups(delayed=False))
def test_two_groups_agree_with_scipy(one, other):
    ours = log_rank({"one": one, "other": other})
    if ours.statistic is None:
        return
    one_days, other_days = (
        CensoredData(
            uncensored=group.exit_day[group.cause > 0], right=group.exit_day[group.cause == 0]
        )
        for group in (one, other)
    )
    theirs = logrank(one_days, other_days)
    assert ours.statistic == pytest.approx(theirs.statistic**2, rel=1e-9, abs=1e-12)
    assert ours.p_value == pytest.approx(theirs.pvalue, rel=1e-9)


def test_where_nothing_compares_there_is_no_p_value():
    group = FollowUp.of(exit_day=[3, 4], cause=[1, 0])
    quiet = FollowUp.of(exit_day=[3, 4], cause=[0, 0])
    nobody = FollowUp.of(exit_day=[], cause=[])
    for groups in ({}, {"a": group}, {"a": group, "b": nobody}, {"a": quiet, "b": quiet}):
        result = log_rank(groups)
        assert (result.statistic, result.degrees_of_freedom, result.p_value) == (None,) * 3
