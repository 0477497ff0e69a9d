"""Chapman's estimate against its exact distribution, and at the edges."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.capture_recapture import chapman
from registry.audit.errors import CountError

ENOUGH = [(10, 6, 5), (12, 7, 6), (20, 12, 9)]
"""In all, and in each source: together they could hold all."""


def chance(in_all, first, second, both):
    """Hypergeometric: how often two independent sources share so many."""
    return (
        math.comb(first, both)
        * math.comb(in_all - first, second - both)
        / math.comb(in_all, second)
    )


@pytest.mark.parametrize(("in_all", "first", "second"), ENOUGH)
def test_over_all_samples_it_is_right_on_average(in_all, first, second):
    """Chapman 1951: without bias where both sources could hold all; `both` is then never 0."""
    total = sum(
        chance(in_all, first, second, both) * chapman(first, second, both).value
        for both in range(first + second - in_all, min(first, second) + 1)
        if both
    )
    assert total == pytest.approx(in_all, abs=1e-9)


def test_an_example_worked_by_hand():
    """(20 + 1)(30 + 1) / (10 + 1) - 1, variance 21 * 31 * 10 * 20 / (121 * 12)."""
    found = chapman(20, 30, 10)
    assert (found.seen, found.value) == (40, pytest.approx(21 * 31 / 11 - 1))
    unseen, variance = 200 / 11, 21 * 31 * 10 * 20 / (121 * 12)
    spread = math.exp(1.959963984540054 * math.sqrt(math.log(1 + variance / unseen**2)))
    assert found.lower == pytest.approx(40 + unseen / spread)
    assert found.upper == pytest.approx(40 + unseen * spread)


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_it_never_says_fewer_than_were_seen(only_first, only_second, both):
    found = chapman(only_first + both, only_second + both, both)
    if both == 0:
        assert found.value is found.lower is found.upper is None
    elif only_first and only_second:
        assert found.seen < found.lower < found.value < found.upper
    else:
        assert (found.value, found.lower, found.upper) == (found.seen, None, None)


@pytest.mark.parametrize("counts", [(1, 1, 2), (3, 1, 2), (1, 1, -1)])
def test_more_in_both_than_in_one_cannot_be(counts):
    with pytest.raises(CountError):
        chapman(*counts)
    with pytest.raises(CountError):
        chapman(3, 3, 1, confidence=1)
