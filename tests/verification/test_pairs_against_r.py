"""Paired tests and optimal matching against R.

`pairs.R` wrote the files; R is not needed to run the tests.
"""

import pytest

from registry.audit.matching import Candidate, matched
from registry.audit.paired_tests import mcnemar, paired_t, signed_rank
from tests.factories.follow_ups import frozen


def numbers(text):
    return [float(one) for one in text.split()]


def test_paired_tests_agree_with_r():
    rows = frozen("paired_tests.csv")
    assert len(rows) == 200
    for row in rows:
        first, second = numbers(row["first"]), numbers(row["second"])
        t = paired_t(first, second)
        found = (t.value, t.statistic, t.p_value, t.lower, t.upper)
        theirs = [float(row[name]) for name in ("mean", "t", "t_p", "lower", "upper")]
        assert found == pytest.approx(theirs, rel=1e-9, abs=1e-12)
        rank = signed_rank(first, second)
        assert rank.statistic == pytest.approx(float(row["rank_sum"]))
        assert rank.p_value == pytest.approx(float(row["rank_p"]), rel=1e-9)
        yes = mcnemar([one > 0 for one in first], [one > 0 for one in second])
        assert yes.p_value == pytest.approx(float(row["mcnemar_p"]), rel=1e-9)


def test_the_smallest_total_distance_is_that_of_solve_lsap():
    rows = frozen("matching.csv")
    assert len(rows) == 200
    for row in rows:
        found = matched(
            [Candidate(f"t{n}", (), (age,)) for n, age in enumerate(numbers(row["treated"]))],
            [Candidate(f"c{n}", (), (age,)) for n, age in enumerate(numbers(row["comparators"]))],
        )
        assert found.total_distance == pytest.approx(float(row["total_distance"]), rel=1e-9)
        assert found.unmatched_treated == ()
