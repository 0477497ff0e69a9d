"""Expected residuals, from the doses of the interval."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.drug_delivery import ResidualFlag
from registry.audit.refill_course import Basis, Bolus, Fill, Rate, judge

D = Decimal
START = date(2024, 1, 10)
STEADY = [Rate(date(2023, 6, 1), D("0.150"))]


def fill(days: int, *, left=None, filled="20", pump="p", programmer=None) -> Fill:
    return Fill(
        pump=pump,
        performed_on=START + timedelta(days),
        aspirated_ml=None if left is None else D(left),
        filled_ml=None if filled is None else D(filled),
        programmer_ml=None if programmer is None else D(programmer),
    )


def test_sixty_days_at_a_rate_leave_eleven_millilitres():
    """20 - 60 · 0.150 = 11.0; 12.5 aspirated are +1.5 and 0.83 of what was due."""
    first, second = judge([fill(0), fill(60, left="12.5")], rates=STEADY)
    assert first.expected_ml is None
    assert (second.expected_ml, second.basis) == (D("11.0"), Basis.COMPUTED)
    assert second.discrepancy.delta_ml == D("1.5")
    assert second.discrepancy.ratio.quantize(D("0.01")) == D("0.83")
    assert second.flag is ResidualFlag.AMBER


def test_each_dose_of_the_interval_counts_from_its_day():
    rates = [*STEADY, Rate(START + timedelta(20), D("0.2")), Rate(START + timedelta(50), D(0))]
    *_, last = judge([fill(0), fill(60, left="11")], rates=rates)
    assert last.expected_ml == 20 - D("0.150") * 20 - D("0.2") * 30


def test_boluses_take_from_the_reservoir_from_the_day_of_the_fill_on():
    boluses = [Bolus(START - timedelta(1), D(5)), Bolus(START, D("0.4")), Bolus(
        START + timedelta(60), D(5)
    )]  # fmt: skip
    *_, last = judge([fill(0), fill(60)], rates=STEADY, boluses=boluses)
    assert last.expected_ml == D("10.6")


@pytest.mark.parametrize(
    ("rates", "boluses"),
    [
        ([], []),
        ([Rate(START + timedelta(1), D("0.15"))], []),
        ([*STEADY, Rate(START + timedelta(20), None)], []),
        (STEADY, [Bolus(START, None)]),
    ],
)
def test_what_is_not_known_for_a_part_is_not_known_for_the_whole(rates, boluses):
    *_, last = judge([fill(0), fill(60, left="11")], rates=rates, boluses=boluses)
    assert (last.expected_ml, last.basis, last.discrepancy) == (None, None, None)


def test_what_the_programmer_showed_goes_before_what_is_computed():
    *_, last = judge([fill(0), fill(60, left="11", programmer="10.8")], rates=STEADY)
    assert (last.expected_ml, last.basis) == (D("10.8"), Basis.PROGRAMMER)
    assert last.discrepancy.delta_ml == D("0.2")


def test_a_new_pump_begins_anew():
    *_, last = judge([fill(0), fill(60, left="11", pump="another")], rates=STEADY)
    assert last.expected_ml is None


def test_a_programmer_that_expects_more_than_was_filled_is_shown_and_not_compared():
    *_, last = judge([fill(0), fill(60, left="11", programmer="30")], rates=STEADY)
    assert (last.expected_ml, last.discrepancy) == (D(30), None)


def test_more_than_two_millilitres_twice_running_is_red():
    fills = [fill(0), fill(100, left="7.1"), fill(200, left="7.1"), fill(300, left="5.0")]
    assert [one.flag for one in judge(fills, rates=STEADY)] == [
        ResidualFlag.NONE,
        ResidualFlag.NONE,
        ResidualFlag.RED,
        ResidualFlag.NONE,
    ]


@given(
    st.lists(st.integers(1, 120), min_size=2, max_size=8),
    st.decimals(D("0.01"), D("0.5"), places=3),
    st.randoms(),
)
def test_the_order_of_entry_makes_no_difference(gaps, ml_per_day, random):
    fills = [fill(sum(gaps[:number]), left="5") for number in range(len(gaps))]
    rates = [Rate(START, ml_per_day)]
    shuffled = random.sample(fills, len(fills))
    assert judge(shuffled, rates=rates) == judge(fills, rates=rates)
    for one in judge(fills, rates=rates):
        assert one.expected_ml is None or 0 <= one.expected_ml <= 20
