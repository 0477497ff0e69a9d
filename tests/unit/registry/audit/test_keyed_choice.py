from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import pytest
import uuid_utils.compat
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from registry.audit.keyed_choice import is_chosen, masked_id, shuffled

KEY = "a key for tests"
DAY = date(2024, 6, 1)
MANY = [str(uuid5(UUID(int=0), str(number))) for number in range(20_000)]


def order(things, *, key=KEY, person="reader", day=DAY):
    return shuffled(things, key=key, occasion=f"{person} {day}", name=str)


@given(st.sets(st.uuids(), max_size=50))
def test_an_order_is_a_permutation(things):
    assert sorted(order(things)) == sorted(things)


@given(st.sets(st.uuids(), max_size=50), st.randoms())
def test_an_order_does_not_follow_the_one_things_came_in(things, randomly):
    other = list(things)
    randomly.shuffle(other)
    assert order(things) == order(other)


def test_an_order_belongs_to_a_person_and_a_day():
    things = MANY[:40]
    orders = [
        order(things),
        order(things, person="another reader"),
        order(things, day=DAY + timedelta(days=1)),
        order(things, key="another key"),
        things,
    ]
    assert len({tuple(one) for one in orders}) == len(orders)
    assert order(things) == orders[0]


def test_what_is_added_later_does_not_move_the_others():
    """A list that grows over the day keeps its order."""
    before = order(MANY[:40])
    after = order(MANY[:60])
    assert [one for one in after if one in set(before)] == before


@pytest.mark.parametrize("place", [0, 20, 39])
def test_no_place_in_the_list_is_kept_for_the_first_logged(place):
    """Over 200 readers the first thing is at each of 40 places about as often."""
    times = sum(order(MANY[:40], person=str(n))[place] == MANY[0] for n in range(200))
    lowest, highest = binom.interval(0.9999, 200, 1 / 40)
    assert lowest <= times <= highest


@pytest.mark.parametrize("share_percent", [1, 10, 25, 50, 99])
def test_the_share_is_what_was_configured(share_percent):
    chosen = sum(is_chosen(key=KEY, what=one, share_percent=share_percent) for one in MANY)
    lowest, highest = binom.interval(0.9999, len(MANY), share_percent / 100)
    assert lowest <= chosen <= highest


@given(st.uuids())
def test_nobody_or_everybody_may_be_asked_for(thing):
    assert not is_chosen(key=KEY, what=str(thing), share_percent=0)
    assert is_chosen(key=KEY, what=str(thing), share_percent=100)


@given(st.uuids(), st.integers(0, 100), st.integers(0, 100))
def test_a_larger_share_keeps_who_was_chosen(thing, share, other):
    smaller, larger = sorted((share, other))
    if is_chosen(key=KEY, what=str(thing), share_percent=smaller):
        assert is_chosen(key=KEY, what=str(thing), share_percent=larger)


def test_the_choice_comes_out_the_same_and_hangs_on_the_key():
    def chosen(key):
        return [one for one in MANY[:2000] if is_chosen(key=key, what=one, share_percent=10)]

    assert chosen(KEY) == chosen(KEY)
    assert chosen(KEY) != chosen("another key")


@given(st.uuids(), st.integers(0, 10**9))
def test_a_masked_id_looks_like_one_given_between_the_two_moments(thing, milliseconds):
    earliest = datetime(2024, 3, 1, tzinfo=UTC)
    latest = earliest + timedelta(milliseconds=milliseconds)
    masked = masked_id(key=KEY, what=str(thing), earliest=earliest, latest=latest)
    assert masked.version == 7
    assert masked.variant == uuid_utils.compat.uuid7().variant
    given_at = datetime.fromtimestamp((masked.int >> 80) / 1000, tz=UTC)
    assert earliest <= given_at <= latest


def test_masked_ids_differ_from_each_other_and_tell_no_moment():
    earliest, latest = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 4, 1, tzinfo=UTC)
    ids = [masked_id(key=KEY, what=one, earliest=earliest, latest=latest) for one in MANY[:500]]
    assert len({one.hex[-6:] for one in ids}) == len(ids)
    early = sum((one.int >> 80) / 1000 < earliest.timestamp() + 15.5 * 86400 for one in ids)
    lowest, highest = binom.interval(0.9999, len(ids), 0.5)
    assert lowest <= early <= highest


def test_a_clock_that_went_back_gives_an_id_all_the_same():
    at = datetime(2024, 3, 1, tzinfo=UTC)
    what = str(uuid4())
    early = masked_id(key=KEY, what=what, earliest=at, latest=at - timedelta(days=1))
    assert early.int >> 80 == round(at.timestamp() * 1000)
