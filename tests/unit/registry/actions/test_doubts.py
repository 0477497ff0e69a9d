import pytest

from registry.actions.doubts import Doubt, DoubtfulError, require_confirmed

HIGH = Doubt("high", "dose", "Is it?")
OLD = Doubt("old", "day", "Is it?")


def test_what_nobody_doubts_needs_no_confirmation():
    assert require_confirmed([], confirmed=["high"]) == []


def test_one_doubt_that_is_not_confirmed_brings_all_back():
    with pytest.raises(DoubtfulError) as refused:
        require_confirmed([HIGH, OLD], confirmed=["high"])
    assert refused.value.doubts == (HIGH, OLD)


def test_what_was_confirmed_is_kept_and_nothing_else():
    assert require_confirmed([HIGH], confirmed=["high", "made up"]) == ["high"]
