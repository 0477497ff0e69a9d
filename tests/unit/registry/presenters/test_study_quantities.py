"""What follows from the numbers of a contrast study (domain §4.3)."""

from datetime import date
from decimal import Decimal

import pytest

from registry.models import Component, ContrastStudy, DoseSetting
from registry.presenters.study_quantities import quantities, volume_in_place_ml

DAY = date(2024, 3, 5)


def part(kind="spinal_segment", *, length=100, trimmed=20, **fields):
    fields = {"implanted_on": date(2019, 5, 2), "ml_per_cm": Decimal("0.0022")} | fields
    return Component(kind=kind, length_cm=length, trimmed_cm=trimmed, **fields)


def a_study(**fields):
    fields = {"performed_on": DAY, "outcome": "completed"} | fields
    return ContrastStudy(**fields)


def test_the_volume_is_that_of_both_segments_that_lay_on_the_day():
    removed = part(removed_on=date(2023, 1, 1))
    later = part(implanted_on=date(2024, 3, 6))
    parts = [part(length=50, trimmed=10), part("pump_segment", length=40, trimmed=0)]
    assert volume_in_place_ml([*parts, removed, later], on=DAY) == Decimal("0.176")


def test_on_the_day_of_a_revision_it_is_the_catheter_of_the_morning():
    taken_out, put_in = part(removed_on=DAY), part(trimmed=0, implanted_on=DAY)
    assert volume_in_place_ml([taken_out, put_in], on=DAY) == Decimal("0.176")
    assert volume_in_place_ml([put_in], on=DAY) == Decimal("0.220")


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [part(ml_per_cm=None)],
        [part(), part("pump_segment", length=None)],
        [part(trimmed=100)],
        [part(trimmed=None)],
    ],
    ids=["no catheter", "no ml/cm", "one of two lengths", "all of it trimmed", "no trim recorded"],
)
def test_a_volume_that_is_not_known_is_not_made_up(parts):
    assert volume_in_place_ml(parts, on=DAY) is None
    told = quantities(a_study(concentration_ug_per_ml=2000), components=parts)
    assert told == ["drug of 2000 µg/ml"]


def test_the_time_without_drug_is_told_unless_a_prime_bolus_was_given():
    study = a_study(
        catheter_volume_ml=Decimal("0.176"),
        concentration_ug_per_ml=2000,
        daily_dose_ug=Decimal(300),
        aspirated_ml=Decimal("0.5"),
    )
    told = quantities(study, components=[])
    assert told[-2] == "filling the emptied catheter takes a prime bolus of 352 µg (0.176 ml)"
    assert told[-1] == "without a prime bolus no drug at the tip for 28.2 h"
    study.prime_bolus_given = "yes"
    assert quantities(study, components=[]) == told[:-1]


def test_an_entered_volume_goes_before_that_of_the_components():
    study = a_study(catheter_volume_ml=Decimal("0.2"))
    assert quantities(study, components=[part()]) == ["catheter volume 0.200 ml, as entered"]


def test_the_dose_that_ran_on_the_day_stands_in_for_what_was_not_entered():
    def dose(set_on, strength, **fields):
        fields = {"mode": "simple_continuous", "dose_ug_per_day": Decimal(300)} | fields
        return DoseSetting(
            pk=set_on.toordinal(),
            set_on=set_on,
            concentration_ug_per_ml=Decimal(strength),
            **fields,
        )

    settings = [
        dose(date(2024, 3, 6), 500),
        dose(date(2024, 1, 9), 2000),
        dose(date(2023, 1, 9), 1000),
        dose(date(2024, 2, 1), 4000, dose_ug_per_day=None, mode="single_bolus"),
    ]
    told = quantities(a_study(), components=[part()], settings=settings)
    assert told == [
        "drug of 2000 µg/ml by the dose set on 2024-01-09",
        "300 µg/day",
        "catheter volume 0.176 ml, from the components",
        "the catheter held 352 µg (0.176 ml of 2000 µg/ml)",
    ]
    entered = a_study(concentration_ug_per_ml=500)
    assert quantities(entered, components=[], settings=settings) == ["drug of 500 µg/ml"]
