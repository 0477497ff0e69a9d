"""Who is affected, who is not, and of whom nobody can say."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.advisory_match import Criteria, Device, Match, in_serial_range, match

BUILT = Criteria(manufactured_from=date(2018, 5, 4), manufactured_until=date(2019, 4, 5))


def implanted(earliest: date, latest: date | None = None, **facts) -> Device:
    return Device(implanted_earliest=earliest, implanted_latest=latest or earliest, **facts)


def test_without_criteria_every_component_of_the_model_is_affected():
    assert match(Criteria(), Device()) is Match.AFFECTED


@pytest.mark.parametrize(
    ("manufactured_on", "answer"),
    [
        (date(2018, 5, 3), Match.NOT_AFFECTED),
        (date(2018, 5, 4), Match.AFFECTED),
        (date(2019, 4, 5), Match.AFFECTED),
        (date(2019, 4, 6), Match.NOT_AFFECTED),
    ],
)
def test_the_first_and_the_last_day_belong_to_the_period(manufactured_on, answer):
    assert match(BUILT, Device(manufactured_on=manufactured_on)) is answer


def test_a_pump_whose_day_of_manufacture_nobody_wrote_down_stays_possible():
    assert match(BUILT, Device()) is Match.POSSIBLE
    assert match(BUILT, implanted(date(2019, 8, 1))) is Match.POSSIBLE


def test_what_was_implanted_before_the_period_was_not_made_in_it():
    assert match(BUILT, implanted(date(2018, 5, 3))) is Match.NOT_AFFECTED
    assert match(BUILT, implanted(date(2018, 5, 1), date(2018, 5, 31))) is Match.POSSIBLE


def test_a_year_that_reaches_into_the_period_is_possible():
    criteria = Criteria(implanted_from=date(2004, 5, 1), implanted_until=date(2011, 7, 31))
    assert match(criteria, implanted(date(2004, 1, 1), date(2004, 12, 31))) is Match.POSSIBLE
    assert match(criteria, implanted(date(2005, 1, 1), date(2005, 12, 31))) is Match.AFFECTED
    assert match(criteria, implanted(date(2012, 1, 1), date(2012, 12, 31))) is Match.NOT_AFFECTED
    assert match(criteria, Device()) is Match.POSSIBLE


def test_lots_that_are_not_held_clear_nobody():
    assert match(Criteria(lots_unknown=True), Device(lot_number="A1")) is Match.POSSIBLE


def test_a_lot_is_compared_without_blanks_and_dashes():
    criteria = Criteria(lots=("N12-345", "N12 400"))
    assert match(criteria, Device(lot_number="n12345")) is Match.AFFECTED
    assert match(criteria, Device(serial_number="N12.400")) is Match.AFFECTED
    assert match(criteria, Device(lot_number="N12346")) is Match.NOT_AFFECTED
    assert match(criteria, Device()) is Match.POSSIBLE


@pytest.mark.parametrize(
    ("serial", "inside"),
    [
        ("NGV000099", False),
        ("NGV000100", True),
        ("ngv 000150", True),
        ("NGV150", True),
        ("NGV000200", True),
        ("NGV000201", False),
        ("NGP000150", False),
        ("NGV000150H", False),
        ("", None),
        ("  ", None),
    ],
)
def test_a_serial_number_lies_between_two_others(serial, inside):
    assert in_serial_range(serial, first="NGV000100", last="NGV000200") is inside


def test_serial_numbers_without_a_number_go_by_the_alphabet():
    assert in_serial_range("BETA", first="ALPHA", last="GAMMA")
    assert not in_serial_range("ZETA", first="ALPHA", last="GAMMA")


days = st.dates(date(2000, 1, 1), date(2030, 1, 1))


@given(days, days, st.integers(0, 400), st.integers(0, 400))
def test_more_knowledge_never_turns_a_clear_answer_round(start, made, before, after):
    """What is affected or cleared by a span of days is so on each day of the span."""
    criteria = Criteria(implanted_from=start, implanted_until=start + timedelta(days=200))
    earliest, latest = made - timedelta(days=before), made + timedelta(days=after)
    vague = match(criteria, implanted(earliest, latest))
    exact = match(criteria, implanted(made))
    assert exact is not Match.POSSIBLE
    assert vague in (exact, Match.POSSIBLE)
