import pytest
from hypothesis import given

from registry.audit.errors import FollowUpError
from registry.audit.follow_up import FollowUp
from registry.audit.gray import gray
from registry.audit.log_rank import log_rank
from tests.factories.follow_ups import follow_ups


@given(follow_ups(delayed=False), follow_ups(delayed=False), follow_ups(delayed=False))
def test_the_order_of_the_groups_does_not_matter(one, two, three):
    forth = gray({"one": one, "two": two, "three": three}, cause=1)
    back = gray({"three": three, "two": two, "one": one}, cause=1)
    observed = sum(group.observed for group in forth.groups)
    assert observed == pytest.approx(sum(group.expected for group in forth.groups))
    if forth.statistic is not None:
        assert forth.statistic == pytest.approx(back.statistic, rel=1e-6, abs=1e-9)


def test_a_group_of_which_nobody_is_left_does_not_count():
    """Half of it went on the first day: what it weighs and is free of come to one together."""
    gone = FollowUp.of(exit_day=[0, 0, 0, 0], cause=[0, 0, 1, 1])
    left = FollowUp.of(exit_day=[1, 1], cause=[1, 1])
    result = gray({"gone": gone, "left": left}, cause=1)
    assert result.statistic is None or result.statistic >= 0


@given(follow_ups(delayed=False))
def test_two_groups_alike_do_not_differ(group):
    result = gray({"one": group, "other": group}, cause=1)
    assert result.statistic is None or result.statistic == pytest.approx(0, abs=1e-12)


def test_it_sees_what_the_log_rank_test_does_not():
    """One group has the same hazard of the cause, and its competing events earlier."""
    days = list(range(1, 41))
    late = FollowUp.of(exit_day=[*days, *[60] * 40], cause=[1] * 40 + [0] * 40)
    early = FollowUp.of(exit_day=[*days[:20], *[1] * 40, *[60] * 20], cause=[1] * 20 + [2] * 60)
    assert gray({"late": late, "early": early}, cause=1).p_value < 0.05
    assert log_rank({"late": late, "early": early}, cause=1).p_value > 0.5


def test_it_refuses_delayed_entry_and_compares_nothing_with_nobody():
    late = FollowUp.of(entry_day=[5], exit_day=[9], cause=[1])
    with pytest.raises(FollowUpError, match="delayed entry"):
        gray({"late": late}, cause=1)
    nobody = FollowUp.of(exit_day=[], cause=[])
    assert gray({"one": nobody, "other": nobody}, cause=1).p_value is None
