"""The formulae of reservoir, catheter and drug, with the worked examples they were stated with."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.drug_delivery import (
    DoseCheck,
    Infusion,
    ResidualFlag,
    bolus_of_catheter_ug,
    bridge_bolus,
    catheter_volume_ml,
    check_daily_dose,
    daily_dose_ug,
    days_to_low_reservoir,
    drug_free_hours,
    expected_residual_ml,
    first_daily_dose_ug,
    flow_ml_per_day,
    implanted_length_cm,
    is_catheter_emptied,
    ml_per_cm_of_bore,
    prime_bolus_ml,
    prime_bolus_ug,
    residual_discrepancy,
    residual_flag,
)
from registry.audit.errors import QuantityError

D = Decimal


def amounts(smallest: str, largest: str) -> st.SearchStrategy[Decimal]:
    return st.decimals(D(smallest), D(largest), places=4)


def test_flow():
    assert flow_ml_per_day(dose_ug_per_day=D(300), concentration_ug_per_ml=D(2000)) == D("0.150")


def test_days_to_the_alarm_of_a_full_reservoir():
    assert days_to_low_reservoir(volume_ml=D(20), ml_per_day=D("0.150")) == 120


def test_a_raised_alarm_volume_comes_earlier():
    days = days_to_low_reservoir(volume_ml=D(20), ml_per_day=D("0.160"), alarm_volume_ml=D(4))
    assert days == 100


def test_a_reservoir_at_its_alarm_has_no_days_left_and_a_stopped_pump_has_no_such_day():
    assert days_to_low_reservoir(volume_ml=D(1), ml_per_day=D("0.15")) == 0
    assert days_to_low_reservoir(volume_ml=D(20), ml_per_day=D(0)) is None


def test_implanted_length():
    assert implanted_length_cm(label_length_cm=D(110), trimmed_cm=[D(30)]) == 80


def test_each_trimming_and_each_graft_counts():
    length = implanted_length_cm(
        label_length_cm=D(114), trimmed_cm=[D("20.5"), D("3.5")], grafted_cm=D(10)
    )
    assert length == 100


@pytest.mark.parametrize(
    ("length_cm", "ml_per_cm", "volume_ml"),
    [
        (80, "0.0022", "0.176"),
        (100, "0.0022", "0.220"),
        (80, "0.0026", "0.208"),
        (110, "0.0026", "0.286"),
    ],
)
def test_catheter_volume(length_cm, ml_per_cm, volume_ml):
    volume = catheter_volume_ml(implanted_length_cm=D(length_cm), ml_per_cm=D(ml_per_cm))
    assert volume == D(volume_ml)


@pytest.mark.parametrize(
    ("volume_ml", "ug_per_ml", "avoided_ug"),
    [
        *[("0.176", 500, 88), ("0.176", 1000, 176), ("0.176", 2000, 352)],
        *[("0.220", 500, 110), ("0.220", 1000, 220), ("0.220", 2000, 440)],
        *[("0.208", 500, 104), ("0.208", 1000, 208), ("0.208", 2000, 416)],
        *[("0.286", 500, 143), ("0.286", 1000, 286), ("0.286", 2000, 572)],
    ],
)
def test_bolus_that_stopping_avoided(volume_ml, ug_per_ml, avoided_ug):
    bolus = bolus_of_catheter_ug(
        catheter_volume_ml=D(volume_ml), concentration_ug_per_ml=D(ug_per_ml)
    )
    assert bolus == avoided_ug


def test_at_the_strongest_concentration_it_is_three_and_a_half_times_the_largest_screening_dose():
    bolus = bolus_of_catheter_ug(catheter_volume_ml=D("0.176"), concentration_ug_per_ml=D(2000))
    assert bolus >= D("3.5") * 100


@pytest.mark.parametrize(
    ("dose", "concentration", "hours"),
    [(300, 2000, "28.2"), (100, 2000, "84.5"), (300, 500, "7.0")],
)
def test_drug_free_interval(dose, concentration, hours):
    interval = drug_free_hours(
        catheter_volume_ml=D("0.176"),
        ml_per_day=flow_ml_per_day(
            dose_ug_per_day=D(dose), concentration_ug_per_ml=D(concentration)
        ),
    )
    assert interval.quantize(D("0.1")) == D(hours)


def test_without_flow_no_drug_reaches_the_tip_ever():
    assert drug_free_hours(catheter_volume_ml=D("0.176"), ml_per_day=D(0)) is None


def test_prime_bolus_after_access_and_in_a_new_pump():
    after_access = prime_bolus_ml(catheter_volume_ml=D("0.176"))
    assert after_access == D("0.176")
    assert prime_bolus_ug(prime_bolus_ml=after_access, concentration_ug_per_ml=D(2000)) == 352
    assert prime_bolus_ml(catheter_volume_ml=D("0.176"), pump_tubing_ml=D("0.199")) == D("0.375")


def test_bridge_bolus_keeps_the_dose_while_the_old_drug_lasts():
    """0.375 mL of 500 ug/mL at 300 ug/day: 0.6 mL/day for 15 h, then 0.15 mL/day."""
    bridge = bridge_bolus(
        dose_ug_per_day=D(300),
        old_concentration_ug_per_ml=D(500),
        new_concentration_ug_per_ml=D(2000),
        catheter_volume_ml=D("0.176"),
        pump_tubing_ml=D("0.199"),
    )
    assert bridge.old_drug_ml == D("0.375")
    assert bridge.bridge_ml_per_day == D("0.6")
    assert bridge.duration_hours == 15
    assert bridge.afterwards_ml_per_day == D("0.15")


def test_expected_residual():
    residual = expected_residual_ml(filled_ml=D(20), infusions=[Infusion(D("0.150"), D(60))])
    assert residual == D("11.0")


def test_each_rate_and_each_bolus_takes_from_the_reservoir():
    residual = expected_residual_ml(
        filled_ml=D(20),
        infusions=[Infusion(D("0.150"), D(20)), Infusion(D("0.2"), D(10))],
        bolus_ml=D("0.5"),
    )
    assert residual == D("14.5")


def test_discrepancy_of_a_pump_that_gave_too_little():
    found = residual_discrepancy(filled_ml=D(20), expected_ml=D("11.0"), aspirated_ml=D("12.5"))
    assert found.delta_ml == D("1.5")
    assert found.ratio.quantize(D("0.01")) == D("0.83")


def test_where_nothing_was_to_be_delivered_there_is_no_ratio():
    found = residual_discrepancy(filled_ml=D(20), expected_ml=D(20), aspirated_ml=D(19))
    assert found.ratio is None


def flag(
    expected_ml: str, aspirated_ml: str, *, delta_before_ml: str | None = None
) -> ResidualFlag:
    before = delta_before_ml and residual_discrepancy(
        filled_ml=D(40), expected_ml=D(20), aspirated_ml=D(20) + D(delta_before_ml)
    )
    found = residual_discrepancy(
        filled_ml=D(40), expected_ml=D(expected_ml), aspirated_ml=D(aspirated_ml)
    )
    return residual_flag(found, before=before or None)


@pytest.mark.parametrize(
    ("expected_ml", "aspirated_ml", "flagged"),
    [
        ("38", "39", ResidualFlag.NONE),
        ("20", "22.9", ResidualFlag.NONE),
        ("20", "23.0", ResidualFlag.NONE),
        ("20", "23.1", ResidualFlag.AMBER),
        ("20", "16.9", ResidualFlag.AMBER),
        ("20", "25.0", ResidualFlag.AMBER),
        ("20", "25.1", ResidualFlag.RED),
        ("20", "14.9", ResidualFlag.RED),
    ],
)
def test_residual_flags_at_their_limits(expected_ml, aspirated_ml, flagged):
    """[proposal] 15 % of 20 mL is 3 mL, 25 % is 5 mL; below 1 mL nothing is flagged."""
    assert flag(expected_ml, aspirated_ml) is flagged


def test_more_than_two_millilitres_twice_is_red():
    assert flag("20", "23.1", delta_before_ml="2.1") is ResidualFlag.RED
    assert flag("20", "23.1", delta_before_ml="-2.1") is ResidualFlag.RED
    assert flag("20", "22.5", delta_before_ml="2.1") is ResidualFlag.RED
    assert flag("20", "23.1", delta_before_ml="2.0") is ResidualFlag.AMBER
    assert flag("20", "22.0", delta_before_ml="2.1") is ResidualFlag.NONE


def test_bore_gives_volume_per_centimetre():
    assert ml_per_cm_of_bore(inner_diameter_mm=D("0.53")).quantize(D("0.00001")) == D("0.00221")
    assert ml_per_cm_of_bore(inner_diameter_mm=D("0.575")).quantize(D("0.0001")) == D("0.0026")


def test_a_catheter_is_emptied_once_its_content_was_aspirated():
    assert is_catheter_emptied(aspirated_ml=D("0.176"), catheter_volume_ml=D("0.176"))
    assert not is_catheter_emptied(aspirated_ml=D("0.175"), catheter_volume_ml=D("0.176"))


@pytest.mark.parametrize(
    ("dose", "check"),
    [
        ("0", DoseCheck.PLAUSIBLE),
        ("0.3", DoseCheck.MISTAKEN_UNIT),
        ("4.9", DoseCheck.MISTAKEN_UNIT),
        ("5", DoseCheck.PLAUSIBLE),
        ("2000", DoseCheck.PLAUSIBLE),
        ("2000.1", DoseCheck.UNUSUAL),
        ("3000", DoseCheck.UNUSUAL),
        ("3000.1", DoseCheck.EXCEPTIONAL),
        ("5000", DoseCheck.EXCEPTIONAL),
        ("5000.1", DoseCheck.MISTAKEN_UNIT),
    ],
)
def test_a_dose_is_checked_at_its_limits(dose, check):
    assert check_daily_dose(D(dose)) is check


def test_first_daily_dose_follows_the_screening_test():
    assert first_daily_dose_ug(effective_bolus_ug=D(50), effect_hours=D(6)) == 100
    assert first_daily_dose_ug(effective_bolus_ug=D(50), effect_hours=D(8)) == 100
    assert first_daily_dose_ug(effective_bolus_ug=D(50), effect_hours=D("8.5")) == 50


@given(amounts("5", "5000"), st.sampled_from([D(500), D(1000), D(2000)]))
def test_dose_and_flow_are_each_others_inverse(dose, concentration):
    flow = flow_ml_per_day(dose_ug_per_day=dose, concentration_ug_per_ml=concentration)
    back = daily_dose_ug(ml_per_day=flow, concentration_ug_per_ml=concentration)
    assert back.quantize(D("1e-12")) == dose


@given(amounts("0.01", "1"), amounts("0.02", "2"))
def test_the_drug_free_interval_delivers_exactly_the_catheter(volume_ml, ml_per_day):
    hours = drug_free_hours(catheter_volume_ml=volume_ml, ml_per_day=ml_per_day)
    assert (hours / 24 * ml_per_day).quantize(D("1e-12")) == volume_ml


@given(amounts("10", "40"), st.lists(st.tuples(amounts("0", "2"), amounts("0", "90")), max_size=5))
def test_residual_lies_between_empty_and_full_and_their_ratio_is_one(filled_ml, rates):
    infusions = [Infusion(*rate) for rate in rates]
    expected = expected_residual_ml(filled_ml=filled_ml, infusions=infusions)
    assert 0 <= expected <= filled_ml
    found = residual_discrepancy(filled_ml=filled_ml, expected_ml=expected, aspirated_ml=expected)
    assert found.delta_ml == 0
    assert found.ratio in (1, None)
    assert residual_flag(found) is ResidualFlag.NONE


@pytest.mark.parametrize("nonsense", [D(-1), D("NaN"), D("Infinity")])
def test_what_no_pump_system_can_have_is_refused(nonsense):
    refused = [
        lambda: flow_ml_per_day(dose_ug_per_day=nonsense, concentration_ug_per_ml=D(500)),
        lambda: flow_ml_per_day(dose_ug_per_day=D(5), concentration_ug_per_ml=nonsense),
        lambda: days_to_low_reservoir(volume_ml=nonsense, ml_per_day=D(1)),
        lambda: implanted_length_cm(label_length_cm=nonsense),
        lambda: implanted_length_cm(label_length_cm=D(80), trimmed_cm=[D(3), nonsense]),
        lambda: catheter_volume_ml(implanted_length_cm=D(80), ml_per_cm=nonsense),
        lambda: expected_residual_ml(filled_ml=D(20), infusions=[Infusion(D(1), nonsense)]),
        lambda: residual_discrepancy(filled_ml=D(20), expected_ml=D(1), aspirated_ml=nonsense),
    ]
    for call in refused:
        with pytest.raises(QuantityError):
            call()


def test_no_concentration_of_zero_no_catheter_trimmed_away_no_residual_above_the_fill():
    with pytest.raises(QuantityError, match="concentration_ug_per_ml must be more than 0"):
        flow_ml_per_day(dose_ug_per_day=D(5), concentration_ug_per_ml=D(0))
    with pytest.raises(QuantityError, match="implanted_length_cm must be more than 0"):
        implanted_length_cm(label_length_cm=D(80), trimmed_cm=[D(80)])
    with pytest.raises(QuantityError, match="expected_ml must be no more than was filled"):
        residual_discrepancy(filled_ml=D(20), expected_ml=D(21), aspirated_ml=D(1))
