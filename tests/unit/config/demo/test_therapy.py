"""The therapies of the demonstration are possible, and the same on every machine."""

from decimal import Decimal
from itertools import pairwise

import pytest

from config.demo.cohort import plan_cohort
from config.demo.therapy import therapy_of
from config.demo.unstudied import LAST_DAY
from registry.audit.drug_delivery import DoseCheck, check_daily_dose

PLANS = plan_cohort()
THERAPIES = {plan.local_number: (plan, therapy) for plan in PLANS if (therapy := therapy_of(plan))}
each_therapy = pytest.mark.parametrize("number", sorted(THERAPIES))


def test_whoever_had_a_contrast_study_or_an_infection_has_one():
    studied = {p.local_number for p in PLANS if p.episode and p.episode.study}
    assert len(studied) == 27
    assert studied < set(THERAPIES)
    assert len(THERAPIES) == 27 + 3


def test_it_is_the_same_each_time():
    for plan, therapy in THERAPIES.values():
        assert therapy_of(plan) == therapy


@each_therapy
def test_doses_are_plausible_and_follow_each_other(number):
    _, therapy = THERAPIES[number]
    days = [one["set_on"] for one in therapy.doses]
    assert days == sorted(days)
    for one in therapy.doses:
        assert check_daily_dose(one["dose_ug_per_day"]) is DoseCheck.PLAUSIBLE


@each_therapy
def test_no_reservoir_runs_dry_or_over(number):
    plan, therapy = THERAPIES[number]
    reservoir_ml = next(one for one in plan.components if "reservoir_ml" in one)["reservoir_ml"]
    for one in therapy.refills:
        assert one["filled_ml"] == reservoir_ml
        assert one["expected_ml"] is None or 2 <= one["expected_ml"] < reservoir_ml
        assert one["aspirated_ml"] is None or Decimal(1) < one["aspirated_ml"] < reservoir_ml
    for one, following in pairwise(therapy.refills):
        assert one["performed_on"] < following["performed_on"]


@each_therapy
def test_each_day_lies_in_its_part_of_the_story(number):
    plan, therapy = THERAPIES[number]
    begun_on = therapy.pumps[0]
    assert all(one["performed_on"] < begun_on for one in therapy.tests)
    assert all(begun_on <= one["set_on"] <= LAST_DAY for one in therapy.doses)
    assert all(begun_on <= one["performed_on"] <= LAST_DAY for one in therapy.refills)
    surgery = plan.episode.surgery
    if surgery is None:
        closed_on = plan.episode.closed_on
        assert therapy.complications == ()
        assert len(therapy.reviews) == (closed_on is not None)
        assert all(closed_on < one["reviewed_on"] <= LAST_DAY for one in therapy.reviews)
        return
    operated_on = surgery.fields["performed_on"]
    assert all(operated_on < one["reviewed_on"] <= LAST_DAY for one in therapy.reviews)
    assert therapy.pumps[-1] in (begun_on, operated_on)
