import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from registry.audit import paired_tests
from registry.audit.errors import CountError
from registry.audit.paired_tests import (
    NORMAL_SIGNED_RANK,
    PAIRED_T,
    SIGNED_RANK,
    mcnemar,
    paired_t,
    signed_rank,
)

scores = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=9)
tests_of_scores = st.sampled_from([signed_rank, paired_t])


@given(scores)
def test_the_p_value_counts_every_choice_of_signs(of):
    """All 2^n, with ties and zeros."""
    first, second = zip(*of, strict=True)
    found = signed_rank(first, second)
    gaps = [a - b for a, b in of if a != b]
    if not gaps:
        assert found.p_value == 1.0
        return
    ranks = rankdata([abs(gap) for gap in gaps])
    seen = sum(rank for rank, gap in zip(ranks, gaps, strict=True) if gap > 0)
    assert found.statistic == pytest.approx(seen)
    sums = [
        sum(rank for rank, up in zip(ranks, ups, strict=True) if up)
        for ups in product([False, True], repeat=len(gaps))
    ]
    below = sum(one <= seen for one in sums) / len(sums)
    above = sum(one >= seen for one in sums) / len(sums)
    assert found.p_value == pytest.approx(min(1.0, 2 * min(below, above)))


@given(scores, tests_of_scores)
def test_swapping_the_members_turns_the_sign_and_nothing_else(of, test):
    first, second = zip(*of, strict=True)
    forth, back = test(first, second), test(second, first)
    assert forth.value == -back.value
    if forth.p_value is not None:
        assert forth.p_value == pytest.approx(back.p_value)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_paired_proportions_turn_around_and_hold_their_difference(of):
    first, second = zip(*of, strict=True)
    forth, back = mcnemar(first, second), mcnemar(second, first)
    assert -1 <= forth.lower <= forth.value <= forth.upper <= 1
    assert forth.value == -back.value
    assert forth.lower == pytest.approx(-back.upper)
    assert forth.p_value == back.p_value


def test_the_interval_newcombe_prints():
    """36, 12, 2, 0: 0.0569 to 0.3404 by his method 10."""
    first = [True] * 48 + [False] * 2
    second = [True] * 36 + [False] * 12 + [True] * 2
    found = mcnemar(first, second)
    assert found.value == pytest.approx(0.2)
    assert (found.lower, found.upper) == pytest.approx((0.0569, 0.3404), abs=5e-5)
    assert (found.numerator, found.pairs, found.statistic) == (14, 50, 12)
    assert found.p_value == pytest.approx(0.01294, abs=5e-6)


def test_each_test_says_what_it_is():
    rank = signed_rank([3, 1], [1, 1], unit="patients", window="12 months")
    assert (rank.numerator, rank.pairs, rank.value) == (1, 2, 1.0)
    assert (rank.method, rank.unit, rank.window) == (SIGNED_RANK, "patients", "12 months")
    mean = paired_t([3.0, 1.0], [1.0, 0.0])
    assert (mean.value, mean.method) == (1.5, PAIRED_T)
    assert mean.lower < 1.5 < mean.upper


def test_without_pairs_or_spread_there_is_no_p_value():
    for test in (mcnemar, signed_rank, paired_t):
        nothing = test([], [])
        assert (nothing.value, nothing.p_value, nothing.pairs) == (None, None, 0)
    assert paired_t([2.0, 3.0], [1.0, 2.0]).p_value is None
    assert mcnemar([True], [True]).p_value == 1.0
    for test in (mcnemar, signed_rank, paired_t):
        with pytest.raises(CountError):
            test([1], [])
    with pytest.raises(CountError):
        signed_rank([float("nan")], [1.0])
    with pytest.raises(CountError):
        paired_t([1.0], [1.0], confidence=0)


def test_of_many_pairs_the_normal_law_gives_nearly_what_counting_gives(monkeypatch):
    """Scores of few grades, so nearly all are tied."""
    chance = random.Random(2016)
    first = [chance.choice((0, 1, 2, 3, 4)) for _ in range(400)]
    second = [chance.choice((0, 1, 2, 3, 4)) for _ in first]
    counted = signed_rank(first[:320], second[80:])
    monkeypatch.setattr(paired_tests, "MOST_COUNTED", 100)
    normal = signed_rank(first[:320], second[80:])
    assert (counted.method, normal.method) == (SIGNED_RANK, NORMAL_SIGNED_RANK)
    assert normal.statistic == counted.statistic
    assert normal.p_value == pytest.approx(counted.p_value, rel=0.01)
    assert signed_rank([1] * 101 + [0] * 101, [0] * 101 + [1] * 101).p_value == 1.0
