import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.device_signal import DeviceExperience, device_signal, signal_against
from registry.audit.errors import CountError

YEAR = 365.25

GROUP = DeviceExperience(primaries=200, revisions=50, component_days=1000 * YEAR)
"""5 revisions per 100 component-years."""


def toy(primaries):
    return DeviceExperience(primaries=primaries, revisions=6, component_days=40 * YEAR)


def test_the_toy_of_the_registry():
    """6 in 40 component-years against 5 per 100 (domain reference, section 6.4)."""
    signal = signal_against("pump", toy(10), GROUP)
    assert signal.expected == pytest.approx(2.0)
    assert signal.ratio == pytest.approx(3.0)
    assert signal.p_value == pytest.approx(0.0166, abs=5e-5)
    assert signal.flagged is True


def test_few_primaries_are_flagged_only_if_most_were_revised():
    assert signal_against("pump", toy(9), GROUP).flagged is False
    assert signal_against("pump", toy(8), GROUP).flagged is True
    single = DeviceExperience(primaries=1, revisions=1, component_days=YEAR)
    assert signal_against("pump", single, GROUP).mostly_revised is False


def test_twice_the_rate_is_not_more_than_twice():
    double = DeviceExperience(primaries=500, revisions=100, component_days=1000 * YEAR)
    signal = signal_against("pump", double, GROUP)
    assert signal.ratio == pytest.approx(2.0)
    assert (signal.ratio_exceeded, signal.p_small, signal.flagged) == (False, True, False)


def test_a_dominant_device_does_not_set_the_rate_it_is_compared_with():
    experience = {
        "bad": DeviceExperience(primaries=100, revisions=60, component_days=300 * YEAR),
        **{
            f"good {n}": DeviceExperience(primaries=40, revisions=4, component_days=200 * YEAR)
            for n in range(5)
        },
    }
    signal = device_signal("bad", experience, window="2016 to 2024")
    assert signal.left_out == ("bad",)
    assert signal.group_rate.value == pytest.approx(2.0)
    assert (signal.primaries, signal.group_primaries) == (100, 200)
    assert signal.flagged is True
    assert signal.rate.window == "2016 to 2024"
    assert device_signal("good 1", experience).flagged is False


def test_without_a_group_there_is_no_all_clear():
    signal = device_signal("only", {"only": toy(20)})
    assert signal.left_out == ("only",)
    assert (signal.expected, signal.ratio, signal.p_value, signal.flagged) == (None,) * 4


def test_a_group_without_revisions_has_no_ratio_and_still_an_answer():
    quiet = DeviceExperience(primaries=50, revisions=0, component_days=500 * YEAR)
    signal = signal_against("pump", toy(10), quiet)
    assert (signal.ratio, signal.p_value, signal.flagged) == (None, 0.0, True)


@given(st.integers(0, 30), st.integers(30, 60), st.integers(1, 10**5))
def test_a_device_like_its_group_is_never_flagged(revisions, primaries, days):
    same = DeviceExperience(primaries=primaries, revisions=revisions, component_days=days)
    assert signal_against("pump", same, same).flagged is False


def test_impossible_experience_is_refused():
    for wrong in ((-1, 0, 1), (1, 2, 1), (1, 1, -1)):
        with pytest.raises(CountError):
            DeviceExperience(*wrong)
