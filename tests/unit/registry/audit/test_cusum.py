from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.audit.cusum import METHOD, CusumDesign, cusum, cusum_design, design_with_false_alarms
from registry.audit.errors import CountError

small = st.builds(
    CusumDesign,
    in_control=st.just(0.1),
    out_of_control=st.just(0.3),
    up=st.integers(1, 6),
    down=st.integers(1, 4),
    limit=st.integers(1, 9),
    step=st.just(0.5),
)


@given(small, st.sampled_from([0.1, 0.35, 0.8]))
def test_false_alarms_are_those_of_every_possible_series(design, failure):
    """All 2^8 series of eight operations, drawn one by one."""
    probability = 0.0
    for series in product([False, True], repeat=8):
        if cusum(series, design).signals:
            failed = sum(series)
            probability += failure**failed * (1 - failure) ** (8 - failed)
    assert design.signal_within(8, failure) == pytest.approx(probability, abs=1e-12)


@settings(max_examples=25)
@given(small, st.sampled_from([0.3, 0.8]))
def test_the_average_run_is_the_sum_of_the_chances_to_get_so_far(design, failure):
    if design.average_run(failure) > 400:
        return
    far = sum(1 - design.signal_within(n, failure) for n in range(250))
    left = 1 - design.signal_within(250, failure)
    if left < 1e-9:
        assert design.average_run(failure) == pytest.approx(far, rel=1e-6)
    else:
        assert design.average_run(failure) >= far


def test_a_real_chart_says_how_often_it_errs():
    """5 % accepted, 15 % not to be missed, threshold 3."""
    design = cusum_design(in_control=0.05, out_of_control=0.15, threshold=3)
    assert design.threshold == pytest.approx(3, abs=design.step)
    assert design.up * design.step == pytest.approx(1.0986, abs=design.step)
    assert design.average_run(0.05) > 10 * design.average_run(0.15)
    chart = cusum([False] * 40 + [True] * 5, design, window="2016 to 2024")
    assert chart.signals == (42,)
    assert chart.path[0] == 0.0
    assert (chart.numerator, chart.denominator) == (5, 45)
    assert chart.false_alarm_every == design.average_run(0.05)
    assert chart.false_alarm_here == design.signal_within(45, 0.05)
    assert (chart.method, chart.adjustment, chart.window) == (METHOD, "unadjusted", "2016 to 2024")


def test_a_chart_can_be_made_for_a_promised_rate():
    design = design_with_false_alarms(
        in_control=0.05, out_of_control=0.15, operations=100, probability=0.05
    )
    assert 0.02 < design.signal_within(100, 0.05) <= 0.05


def test_without_failures_there_is_never_a_signal():
    design = cusum_design(in_control=0.05, out_of_control=0.15, threshold=3)
    assert design.average_run(0) == float("inf")
    assert cusum([False] * 100, design).signals == ()
    assert cusum([], design).false_alarm_here == 0


def test_a_chart_that_cannot_be_is_refused():
    for wrong in ((0.2, 0.1, 3), (0, 0.1, 3), (0.1, 1, 3), (0.1, 0.2, 0)):
        with pytest.raises(CountError):
            cusum_design(in_control=wrong[0], out_of_control=wrong[1], threshold=wrong[2])
    with pytest.raises(CountError):
        design_with_false_alarms(in_control=0.1, out_of_control=0.2, operations=0, probability=0.1)
