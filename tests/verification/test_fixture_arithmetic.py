"""The arithmetic of the domain reference, section 7.4, by the code that audits use.

The ways through a cohort (a, b) are also those of the published study; here they are its bare sums.
"""

import pytest

from registry.audit.accuracy_table import AccuracyTable
from registry.audit.begg_greenes import begg_greenes
from registry.audit.device_signal import DeviceExperience, signal_against
from registry.audit.event_rates import event_rate, poisson_excess_p
from registry.audit.intervals import proportion

DAYS_PER_YEAR = 365.25
COMPONENT_YEARS = 40 * DAYS_PER_YEAR


def percent(numerator: int, denominator: int) -> tuple[float, float, float]:
    """Value and exact limits in per cent, to one decimal."""
    found = proportion(
        key="fixture", label="", numerator=numerator, denominator=denominator, unit="as published"
    )
    return tuple(round(100 * share, 1) for share in (found.value, found.lower, found.upper))


def test_a_every_studied_patient_is_in_one_group():
    assert 3 + 8 + 16 == 27
    assert 4 + 5 + 5 + 2 == 16


def test_b_half_of_the_completed_studies_were_abnormal():
    assert percent(12, 24) == (50.0, 29.1, 70.9)


def test_c_the_accuracy_of_ct_in_delhaas():
    table = AccuracyTable(true_positive=17, false_negative=4, false_positive=2, true_negative=27)
    hits = table.true_positive
    rejections = table.true_negative
    assert percent(hits, hits + table.false_negative) == (81.0, 58.1, 94.6)
    assert percent(rejections, rejections + table.false_positive) == (93.1, 77.2, 99.2)
    assert percent(hits, hits + table.false_positive) == (89.5, 66.9, 98.7)
    assert percent(rejections, rejections + table.false_negative) == (87.1, 70.2, 96.4)


def test_d_a_rate_by_thousand_days_is_one_by_year():
    """0.203 per 1000 days are 0.0741 per year."""
    rate = event_rate(203, 1_000_000, per_years=1, unit="complications per pump-year")
    assert rate.value == pytest.approx(0.0741, abs=5e-5)


def test_e_infections_by_procedure_and_by_patient():
    assert percent(50, 720)[0] == 6.9
    assert percent(50, 341)[0] == 14.7


def test_f_vender_counts_each_procedure_once():
    assert 171 + 26 + 5 + 14 + 2 + 7 + 48 + 41 == 314


def test_g_bonouvrie_counts_each_complication_once():
    assert 49 + 19 + 13 + 7 == 88


def test_h_correction_for_partial_verification():
    """Hepatic scintigraphy, 650 patients of whom 344 were verified: 0.8365 and 0.7384."""
    table = AccuracyTable(
        true_positive=231,
        false_positive=32,
        false_negative=27,
        true_negative=54,
        unverified_positive=166,
        unverified_negative=140,
    )
    sensitivity, specificity = begg_greenes(table)
    assert sensitivity.value == pytest.approx(0.8365, abs=5e-5)
    assert specificity.value == pytest.approx(0.7384, abs=5e-5)


def test_i_the_first_stage_of_the_outlier_rule():
    """6 revisions in 40 component-years against 5 per 100: p 0.0166, ratio 3, flagged."""
    assert poisson_excess_p(6, 2.0) == pytest.approx(0.0166, abs=5e-5)
    group = DeviceExperience(primaries=200, revisions=50, component_days=1000 * DAYS_PER_YEAR)
    of_ten, of_nine = (
        signal_against(
            "device",
            DeviceExperience(primaries=number, revisions=6, component_days=COMPONENT_YEARS),
            group,
        )
        for number in (10, 9)
    )
    assert of_ten.expected == pytest.approx(2.0)
    assert of_ten.ratio == pytest.approx(3.0)
    assert of_ten.p_value == pytest.approx(0.0166, abs=5e-5)
    assert (of_ten.flagged, of_nine.flagged) == (True, False)
