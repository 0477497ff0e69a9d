"""The arithmetic the software must reproduce: domain reference, section 7.4, letter by letter."""

import pytest

from registry.audit.accuracy import accuracy
from registry.audit.accuracy_table import AccuracyTable, NonDiagnostic
from registry.audit.begg_greenes import begg_greenes
from registry.audit.device_signal import DeviceExperience, signal_against
from registry.audit.event_rates import event_rate
from registry.audit.intervals import proportion
from registry.audit.suppression import Sum, masked_numbers

YEAR = 365.25


def share(numerator, denominator):
    return proportion(
        key="x", label="x", numerator=numerator, denominator=denominator, unit="patients"
    )


@pytest.mark.parametrize(
    ("total", "parts"),
    [
        (27, (3, 8, 16)),
        (314, (171, 26, 5, 14, 2, 7, 48, 41)),
        (88, (49, 19, 13, 7)),
    ],
    ids=["a Abousamra", "f Vender", "g Bonouvrie"],
)
def test_what_is_printed_adds_up(total, parts):
    """A sum that does not add up is refused before anything is published."""
    numbers = {"total": total, **{str(place): part for place, part in enumerate(parts)}}
    sums = [Sum("total", tuple(str(place) for place in range(len(parts))))]
    assert masked_numbers(numbers, sums).small == {
        str(place) for place, part in enumerate(parts) if part < 5
    }


@pytest.mark.parametrize(
    ("numerator", "denominator", "per_cent", "lower", "upper"),
    [(12, 24, 50.0, 29.1, 70.9), (50, 720, 6.9, None, None), (50, 341, 14.7, None, None)],
    ids=["b Abousamra", "e procedures", "e patients"],
)
def test_shares_are_as_printed(numerator, denominator, per_cent, lower, upper):
    estimate = share(numerator, denominator)
    assert 100 * estimate.value == pytest.approx(per_cent, abs=0.05)
    if lower is not None:
        assert 100 * estimate.lower == pytest.approx(lower, abs=0.05)
        assert 100 * estimate.upper == pytest.approx(upper, abs=0.05)


def test_c_accuracy_of_delhaas():
    found = accuracy(AccuracyTable(17, 2, 4, 27), NonDiagnostic.EXCLUDED)
    printed = {"sensitivity": 81.0, "specificity": 93.1, "ppv": 89.5, "npv": 87.1}
    for key, per_cent in printed.items():
        assert 100 * found.estimate(key).value == pytest.approx(per_cent, abs=0.05)


def test_d_rate_per_thousand_days_as_rate_per_year():
    assert event_rate(203, 1_000_000, per_years=1).value == pytest.approx(0.0741, abs=5e-5)


def test_h_begg_and_greenes():
    table = AccuracyTable(231, 32, 27, 54, unverified_positive=166, unverified_negative=140)
    sensitivity, specificity = begg_greenes(table)
    found = (sensitivity.naive, specificity.naive, sensitivity.value, specificity.value)
    assert found == pytest.approx((0.8953, 0.6279, 0.8365, 0.7384), abs=5e-5)


def test_i_device_signal():
    device = DeviceExperience(primaries=10, revisions=6, component_days=40 * YEAR)
    group = DeviceExperience(primaries=300, revisions=50, component_days=1000 * YEAR)
    signal = signal_against("pump", device, group)
    assert signal.p_value == pytest.approx(0.0166, abs=5e-5)
    assert (signal.expected, signal.ratio) == pytest.approx((2.0, 3.0))
    assert signal.flagged is True
