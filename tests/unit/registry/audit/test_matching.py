from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit import matching
from registry.audit.errors import CountError
from registry.audit.matching import (
    METHOD,
    Candidate,
    category_differences,
    matched,
    standardised_difference,
)


def candidates(prefix, described):
    return [Candidate(f"{prefix}{n}", (sex,), (age,)) for n, (sex, age) in enumerate(described)]


people = st.lists(st.tuples(st.sampled_from("fm"), st.integers(0, 20)), max_size=5)


@settings(max_examples=60)
@given(people, people, st.sampled_from([None, 0.5]))
def test_no_other_choice_has_more_pairs_or_nearer_ones(treated, comparators, caliper):
    """Against every possible choice."""
    ours, others = candidates("t", treated), candidates("c", comparators)
    found = matched(ours, others, caliper=caliper)
    ages = [age for _, age in (*treated, *comparators)]
    mean = sum(ages) / len(ages) if ages else 0
    spread = (sum((age - mean) ** 2 for age in ages) / max(len(ages) - 1, 1)) ** 0.5 or 1
    best = (0, 0.0)
    fewer, more = sorted((treated, comparators), key=len)
    for order in permutations(range(len(more)), len(fewer)):
        pairs = [
            abs(one[1] - more[place][1]) / spread
            for one, place in zip(fewer, order, strict=True)
            if one[0] == more[place][0]
        ]
        pairs = [gap for gap in pairs if caliper is None or gap <= caliper]
        best = min(best, (-len(pairs), sum(pairs)))
    assert -len(found.pairs) == best[0]
    assert found.total_distance == pytest.approx(best[1], abs=1e-9)


@given(people, people)
def test_everybody_is_in_one_pair_or_named_as_unmatched(treated, comparators):
    ours, others = candidates("t", treated), candidates("c", comparators)
    found = matched(ours, others)
    seen = [pair.treated for pair in found.pairs] + list(found.unmatched_treated)
    assert sorted(seen) == sorted(one.patient_id for one in ours)
    seen = [pair.comparator for pair in found.pairs] + list(found.unmatched_comparators)
    assert sorted(seen) == sorted(one.patient_id for one in others)
    sexes = {one.patient_id: one.exact for one in (*ours, *others)}
    assert all(sexes[pair.treated] == sexes[pair.comparator] for pair in found.pairs)


@given(people, people, st.randoms())
def test_the_order_of_the_patients_does_not_matter(treated, comparators, random):
    ours, others = candidates("t", treated), candidates("c", comparators)
    found = matched(ours, others)
    random.shuffle(ours)
    random.shuffle(others)
    assert matched(ours, others) == found
    assert found.method == METHOD


def test_the_nearest_first_would_leave_a_bad_pair():
    """Greedy pairs 10 with 11 and leaves 12 with 30."""
    found = matched(candidates("t", [("f", 10), ("f", 12)]), candidates("c", [("f", 11), ("f", 5)]))
    assert {(pair.treated, pair.comparator) for pair in found.pairs} == {("t0", "c1"), ("t1", "c0")}


def test_candidates_that_cannot_be_compared_are_refused():
    one = Candidate("a", ("f",), (1.0,))
    for other in (
        one,
        Candidate("b", (), (1.0,)),
        Candidate("b", ("f",), (float("nan"),)),
    ):
        with pytest.raises(CountError):
            matched([one], [other])


def test_standardised_differences_by_hand():
    """(12 - 10) / 2 = 1, and (0.5 - 0.25) / sqrt((0.25 + 0.1875) / 2)."""
    age = standardised_difference("age", [10, 12, 14], [8, 10, 12])
    assert (age.difference, age.balanced) == (pytest.approx(1.0), False)
    sex = standardised_difference("female", [1, 0, 1, 0], [1, 0, 0, 0])
    assert sex.difference == pytest.approx(0.25 / ((0.25 + 0.1875) / 2) ** 0.5)
    palsy, other = category_differences("diagnosis", ["cp", "cp", "ms"], ["cp", "cp", "ms"])
    assert (palsy.characteristic, palsy.difference, palsy.balanced) == ("diagnosis: cp", 0.0, True)
    assert other.treated == pytest.approx(1 / 3)


def test_without_spread_or_people_there_is_no_difference():
    assert standardised_difference("age", [], [3.5]).difference is None
    assert standardised_difference("age", [2.5], [3.5, 4.5]).difference is None
    assert standardised_difference("female", [1, 1], [0, 0]).difference is None
    assert standardised_difference("female", [1, 1], [1, 1]).balanced is True
    with pytest.raises(CountError):
        standardised_difference("age", [None], [1])


def test_more_than_can_be_compared_are_refused_and_not_begun(monkeypatch):
    monkeypatch.setattr(matching, "MOST_COMPARED", 5)
    pair = candidates("t", [("f", 3)] * 2), candidates("c", [("f", 4)] * 3)
    with pytest.raises(CountError, match="2 and 3 patients"):
        matched(*pair)
    assert len(matched(pair[0], pair[1][:2]).pairs) == 2
