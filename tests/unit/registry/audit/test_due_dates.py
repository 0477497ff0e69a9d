"""When something is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.due_dates import (
    DueKind,
    DueState,
    adult_care_due,
    end_of_service,
    months_later,
    outcome_due,
    refill_due,
    replacement_due,
    reviews_due,
)

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 8, 31), 6, date(2025, 2, 28)),
        (date(2024, 3, 15), -6, date(2023, 9, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 12, 1), 1, date(2025, 1, 1)),
    ],
)
def test_months_end_where_the_month_ends(day, months, later):
    assert months_later(day, months) == later


@given(DAYS, st.integers(-120, 120))
def test_a_month_later_is_a_month_later(day, months):
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day


def test_a_synchromed_ii_is_replaced_six_months_before_its_hard_stop_at_seven_years():
    """S53, S71."""
    implanted = date(2018, 4, 10)
    assert end_of_service(implanted_on=implanted, service_life_years=7) == date(2025, 4, 10)
    due = replacement_due(implanted_on=implanted, service_life_years=7)
    assert due is not None
    assert (due.on, due.kind) == (date(2024, 10, 10), DueKind.REPLACEMENT)


def test_a_replacement_indicator_brings_the_replacement_forward_to_ninety_days():
    """S53: the indicator, then 90 days to stop."""
    due = replacement_due(
        implanted_on=date(2018, 4, 10), service_life_years=7, indicator_on=date(2023, 1, 1)
    )
    assert due is not None
    assert due.on == date(2023, 4, 1)


def test_a_late_indicator_puts_nothing_off():
    due = replacement_due(
        implanted_on=date(2018, 4, 10), service_life_years=7, indicator_on=date(2024, 12, 1)
    )
    assert due is not None
    assert due.on == date(2024, 10, 10)


@pytest.mark.parametrize(
    ("implanted_on", "service_life_years"), [(None, 7), (date(2018, 4, 10), None)]
)
def test_without_day_or_service_life_nothing_is_due(implanted_on, service_life_years):
    assert replacement_due(implanted_on=implanted_on, service_life_years=service_life_years) is None


def test_the_worked_refill_example_is_due_after_120_days():
    """(20 - 2) / 0.150 = 120 d, domain reference 4.3."""
    due = refill_due(counted_from=date(2024, 1, 1), days_to_alarm=(20 - 2) / 0.150)
    assert due is not None
    assert due.on == date(2024, 1, 1) + timedelta(days=120)


@pytest.mark.parametrize("days", [None, float("inf"), float("nan"), 1e12])
def test_without_a_flow_no_refill_is_due(days):
    assert refill_due(counted_from=date(2024, 1, 1), days_to_alarm=days) is None


@given(DAYS, st.floats(min_value=-100, max_value=4000, allow_nan=False))
def test_a_refill_is_never_due_after_the_reservoir_is_low_nor_before_it_was_filled(day, days):
    due = refill_due(counted_from=day, days_to_alarm=days)
    assert due is not None
    assert 0 <= (due.on - day).days <= max(days, 0)


def test_reviews_are_due_after_six_weeks_three_and_twelve_months():
    assert [(due.kind.value, due.on) for due in reviews_due(operated_on=date(2024, 11, 30))] == [
        ("week_6", date(2025, 1, 11)),
        ("month_3", date(2025, 2, 28)),
        ("month_12", date(2025, 11, 30)),
    ]


def test_an_outcome_is_due_with_the_first_review():
    day = date(2024, 3, 5)
    assert outcome_due(happened_on=day) == reviews_due(operated_on=day)[0].on == date(2024, 4, 16)


def test_adult_care_is_due_in_the_year_of_the_eighteenth_birthday():
    due = adult_care_due(birth_year=2009, known_since=date(2015, 6, 1))
    assert due is not None
    assert (due.on, due.last_day, due.year_only) == (date(2027, 1, 1), date(2027, 12, 31), True)


def test_who_came_as_an_adult_has_nothing_to_move():
    assert adult_care_due(birth_year=1980, known_since=date(2015, 6, 1)) is None
    assert adult_care_due(birth_year=None, known_since=date(2015, 6, 1)) is None


def test_a_due_date_is_overdue_from_the_day_after_it():
    due = reviews_due(operated_on=date(2024, 1, 1))[0]
    assert due.on == date(2024, 2, 12)
    assert due.state(as_of=date(2024, 2, 13)) is DueState.OVERDUE
    assert due.state(as_of=date(2024, 2, 12)) is DueState.SOON
    assert due.state(as_of=date(2024, 1, 29)) is DueState.SOON
    assert due.state(as_of=date(2024, 1, 28)) is DueState.LATER


def test_where_only_the_year_is_known_it_is_late_after_the_year():
    due = adult_care_due(birth_year=2006, known_since=date(2015, 6, 1))
    assert due is not None
    assert due.state(as_of=date(2024, 12, 31)) is DueState.SOON
    assert due.state(as_of=date(2025, 1, 1)) is DueState.OVERDUE
