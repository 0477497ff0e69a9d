import numpy as np
import pytest
from hypothesis import given

from registry.audit.errors import FollowUpError
from registry.audit.follow_up import FollowUp, pooled
from tests.factories.follow_ups import follow_ups


@given(follow_ups())
def test_the_risk_set_of_a_day_is_who_entered_before_and_has_not_left(follow_up):
    """One by one, without counting arrays."""
    for day, at_risk in enumerate(follow_up.at_risk):
        members = zip(follow_up.entry_day, follow_up.exit_day, strict=True)
        assert at_risk == sum((a < day or a == 0) and day <= b for a, b in members)


@given(follow_ups())
def test_every_event_happens_to_somebody_at_risk(follow_up):
    assert (follow_up.events_of() <= follow_up.at_risk).all()
    assert follow_up.events_of().sum() + follow_up.never_at_risk >= (follow_up.cause > 0).sum()


@given(follow_ups())
def test_time_at_risk_is_the_sum_of_the_risk_sets(follow_up):
    assert follow_up.days_at_risk == follow_up.at_risk[1:].sum()


@given(follow_ups(), follow_ups())
def test_risk_sets_of_groups_add_up(one, other):
    both = pooled({"one": one, "other": other})
    days = range(14)
    added = np.add(one.at_risk_on(days), other.at_risk_on(days))
    assert both.at_risk_on(days) == tuple(added)


def test_a_device_revised_on_the_day_of_implantation_counts():
    follow_up = FollowUp.of(exit_day=[0, 5], cause=[1, 0])
    assert follow_up.at_risk.tolist() == [2, 1, 1, 1, 1, 1]
    assert follow_up.events_of(1)[0] == 1


def test_what_enters_and_leaves_on_one_day_was_never_at_risk():
    follow_up = FollowUp.of(entry_day=[7, 0], exit_day=[7, 9], cause=[1, 1])
    assert follow_up.never_at_risk == 1
    assert follow_up.observed == 1
    assert follow_up.events_of(1).sum() == 1


def test_nobody_is_no_error():
    nobody = FollowUp.of(exit_day=[], cause=[])
    assert (nobody.observed, nobody.days_at_risk, nobody.last_day) == (0, 0, 0)
    assert nobody.at_risk.tolist() == [0]
    assert pooled({}).observed == 0


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"exit_day": [1, 2], "cause": [0]}, "one length"),
        ({"exit_day": [1.5], "cause": [0]}, "whole numbers"),
        ({"exit_day": [-1], "cause": [0], "entry_day": [-2]}, "negative"),
        ({"exit_day": [1], "cause": [-1]}, "negative"),
        ({"exit_day": [1], "cause": [0], "entry_day": [2]}, "before it entered"),
        ({"exit_day": [100_000], "cause": [0]}, "73050 days"),
    ],
)
def test_impossible_follow_up_is_refused(arrays, reason):
    with pytest.raises(FollowUpError, match=reason):
        FollowUp.of(**arrays)
