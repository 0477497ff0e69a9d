"""Masking sets: small ones, and as many others as it takes that none can be worked out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.errors import CountError
from registry.audit.suppression import Rest, masked_sets
from tests.factories.public_reader import recovered


def people(first, n):
    return frozenset(f"p{one}" for one in range(first, first + n))


def published(sets, masking):
    return {key: None if key in masking.masked else len(members) for key, members in sets.items()}


@st.composite
def families(draw):
    """Up to seven sets of up to sixty people, nested and crossing."""
    keys = [("set", str(n)) for n in range(draw(st.integers(1, 7)))]
    patterns = draw(st.lists(st.sets(st.sampled_from(keys)), min_size=1, max_size=8))
    sets = {key: set() for key in keys}
    for place, pattern in enumerate(patterns):
        for one in people(100 * place, draw(st.integers(0, 12))):
            for key in pattern:
                sets[key].add(one)
    return {key: frozenset(members) for key, members in sets.items()}


def masked_by_name(sets, **more):
    """The same with keys as words, as `masked_sets` takes them."""
    masking = masked_sets({"|".join(key): members for key, members in sets.items()}, **more)
    return {key: None if "|".join(key) in masking.masked else len(sets[key]) for key in sets}


@settings(max_examples=80, deadline=None)
@given(families())
def test_nobody_who_reckons_recovers_a_small_number(sets):
    """The reader's code shares nothing with the masking, and counts in whole people."""
    assert recovered(sets, masked_by_name(sets), {}) == []


@settings(max_examples=40, deadline=None)
@given(families())
def test_every_small_number_is_masked_and_nothing_where_none_is_small(sets):
    masking = masked_sets({"|".join(key): members for key, members in sets.items()})
    assert masking.small == {"|".join(key) for key, one in sets.items() if len(one) < 5}
    assert not masking.small & masking.complementary
    apart = {str(n): people(100 * n, 5 + n) for n in range(4)}
    assert masked_sets(apart).masked == frozenset()


def test_a_small_part_takes_another_with_it():
    """20 = 3 + 17: the 17 or the 20 would give the 3 away."""
    sets = {"all": people(0, 20), "leak": people(0, 3), "normal": people(3, 17)}
    masking = masked_sets(sets)
    assert masking.small == {"leak"}
    assert masking.complementary == {"normal"}


def test_the_reader_catches_a_masking_without_the_complementary_step():
    """The planted fault: only the small numbers are masked."""
    sets = {("all",): people(0, 20), ("leak",): people(0, 3), ("normal",): people(3, 17)}
    careless = {key: None if len(one) < 5 else len(one) for key, one in sets.items()}
    assert recovered(sets, careless, {}) == [("leak",)]


def test_a_number_nobody_prints_is_protected_too():
    sets = {"all": people(0, 20), "tested": people(0, 18), "rest": people(18, 2)}
    masking = masked_sets(sets, hidden=frozenset({"rest"}))
    assert masking.small == frozenset()
    assert masking.complementary == {"tested"}


def test_a_small_difference_of_two_printed_numbers_is_protected():
    masking = masked_sets({"by_march": people(0, 30), "by_april": people(0, 33)})
    assert masking.complementary == {"by_march"}


def test_the_same_number_is_masked_wherever_it_stands():
    sets = {
        "all": people(0, 20),
        "leak": people(0, 3),
        "normal": people(3, 17),
        "normal_again": people(3, 17),
    }
    assert masked_sets(sets).complementary == {"normal", "normal_again"}


def test_nobody_is_small_where_somebody_could_be():
    """All of twenty were found normal: that none had a leak must not be seen."""
    sets = {"all": people(0, 20), "leak": frozenset(), "normal": people(0, 20)}
    possible = {"all": people(90, 2), "leak": people(90, 1), "normal": people(91, 1)}
    masking = masked_sets(sets, possible=possible)
    assert masking.small == {"leak"}
    assert masking.complementary == {"normal"} or masking.complementary == {"all"}


def test_a_hundred_per_cent_tells_that_nobody_is_left():
    sets = {"numerator": people(0, 20), "denominator": people(0, 20)}
    possible = {"numerator": people(90, 1), "denominator": people(90, 2)}
    rests = [Rest("denominator", "numerator")]
    assert len(masked_sets(sets, rests=rests, possible=possible).complementary) == 1
    assert masked_sets(sets, rests=rests).masked == frozenset()


def test_two_numbers_that_are_the_same_by_definition_both_stand():
    sets = {"box": people(0, 20), "denominator": people(0, 20), "none": frozenset()}
    possible = {"box": people(90, 2), "denominator": people(90, 2), "none": people(80, 1)}
    assert masked_sets(sets, possible=possible).complementary == frozenset()


def test_a_set_that_is_not_there_is_refused():
    with pytest.raises(CountError):
        masked_sets({"a": people(0, 9)}, rests=[Rest("a", "b")])
    with pytest.raises(CountError):
        masked_sets({"a": people(0, 9)}, possible={"b": people(0, 1)})
