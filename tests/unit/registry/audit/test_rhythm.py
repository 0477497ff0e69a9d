"""When reports are due, and what they look back on, over any year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.rhythm import LATEST_DAY, LookBack, Rhythm, due_after, looked_back_on

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
of_month = st.integers(1, LATEST_DAY)


@pytest.mark.parametrize(
    ("rhythm", "after", "due"),
    [
        (Rhythm.MONTHLY, date(2026, 1, 4), date(2026, 1, 5)),
        (Rhythm.MONTHLY, date(2026, 1, 5), date(2026, 2, 5)),
        (Rhythm.MONTHLY, date(2026, 12, 31), date(2027, 1, 5)),
        (Rhythm.QUARTERLY, date(2026, 1, 5), date(2026, 4, 5)),
        (Rhythm.QUARTERLY, date(2026, 11, 22), date(2027, 1, 5)),
        (Rhythm.YEARLY, date(2026, 1, 5), date(2027, 1, 5)),
        (Rhythm.YEARLY, date(2026, 1, 1), date(2026, 1, 5)),
    ],
)
def test_the_next_day(rhythm, after, due):
    assert due_after(rhythm, 5, after) == due


@given(st.sampled_from(Rhythm), of_month, days)
def test_due_days_are_that_day_and_none_is_skipped(rhythm, day, after):
    due = due_after(rhythm, day, after)
    assert due > after
    assert due.day == day
    assert due_after(rhythm, day, due - timedelta(days=1)) == due
    longest = {Rhythm.MONTHLY: 31, Rhythm.QUARTERLY: 92, Rhythm.YEARLY: 366}[rhythm]
    assert (due - after).days <= longest


@given(st.sampled_from([LookBack.MONTH, LookBack.QUARTER, LookBack.YEAR]), days)
def test_a_period_is_whole_and_over(period, due_on):
    first, last = looked_back_on(period, due_on)
    assert first.day == 1
    assert (last + timedelta(days=1)).day == 1
    assert first <= last < due_on
    assert (due_on - last).days <= {"month": 31, "quarter": 92, "year": 366}[period]


def test_periods_by_name():
    due_on = date(2026, 5, 3)
    assert looked_back_on(LookBack.MONTH, due_on) == (date(2026, 4, 1), date(2026, 4, 30))
    assert looked_back_on(LookBack.QUARTER, due_on) == (date(2026, 1, 1), date(2026, 3, 31))
    assert looked_back_on(LookBack.YEAR, due_on) == (date(2025, 1, 1), date(2025, 12, 31))
    assert looked_back_on(LookBack.EVER, due_on) == (None, None)
