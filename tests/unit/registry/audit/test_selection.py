from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from registry.audit.errors import FiltersError
from registry.audit.facts import Cohort
from registry.audit.selection import Filters, Period, in_therapy, known_by, of_centres
from tests.factories.cohorts import (
    AS_OF,
    CENTRES,
    cohorts,
    days,
    filters,
    patient,
    read,
    study,
    surgery,
)

DAY = date(2023, 5, 4)
YEAR = Period(first=date(2023, 1, 1), last=date(2023, 12, 31))


@given(cohorts(), days, days)
def test_cutting_twice_is_cutting_at_the_earlier_day(cohort, first, second):
    assert known_by(known_by(cohort, first), second) == known_by(cohort, min(first, second))


@given(cohorts(), days, filters)
def test_choosing_centres_and_cutting_commute(cohort, day, limits):
    one_way = known_by(of_centres(cohort, limits.centres), day)
    assert one_way == of_centres(known_by(cohort, day), limits.centres)
    assert of_centres(one_way, limits.centres) == one_way


@given(cohorts(), days)
def test_nothing_later_than_the_cut_is_left(cohort, day):
    for one in known_by(cohort, day).patients:
        assert all(s.performed_on <= day for s in (*one.studies, *one.surgeries))
        assert all(r.signed_at.date() <= day for s in one.studies for r in s.reads)
        assert one.died_on is None or one.died_on <= day
        assert one.therapy_to is None or one.therapy_to <= day


@given(cohorts())
def test_a_cut_after_everything_changes_nothing(cohort):
    assert known_by(cohort, date(2100, 1, 1)) == cohort


def test_what_happens_on_the_day_of_the_cut_is_known():
    one_study = replace(study("s", on=DAY), reads=(read("r", "leak", signed_on=DAY),))
    cohort = Cohort(
        patients=(patient("p", studies=(one_study,), surgeries=(surgery("o", on=DAY),)),)
    )
    assert known_by(cohort, DAY) == cohort
    before = known_by(cohort, DAY - timedelta(days=1)).patients[0]
    assert (before.studies, before.surgeries) == ((), ())


def test_no_centre_chosen_is_nobody_and_no_choice_is_everybody():
    cohort = Cohort(patients=(patient("p"), patient("q", centre=CENTRES[1])))
    assert of_centres(cohort, ()).patients == ()
    assert of_centres(cohort, None) == cohort
    assert [p.patient_id for p in of_centres(cohort, (CENTRES[1],)).patients] == ["q"]


@pytest.mark.parametrize(
    ("dates", "counts"),
    [
        ({"therapy_from": None}, True),
        ({"therapy_from": date(2023, 12, 31)}, True),
        ({"therapy_from": date(2024, 1, 1)}, False),
        ({"therapy_from": None, "therapy_to": date(2023, 1, 1)}, True),
        ({"therapy_from": None, "therapy_to": date(2022, 12, 31)}, False),
        ({"therapy_from": date(2020, 1, 1), "died_on": date(2022, 12, 31)}, False),
        ({"therapy_from": date(2020, 1, 1), "died_on": date(2023, 6, 1)}, True),
        (
            {
                "therapy_from": date(2020, 1, 1),
                "therapy_to": date(2024, 1, 1),
                "died_on": date(2022, 1, 1),
            },
            False,
        ),
    ],
)
def test_a_patient_counts_while_therapy_overlaps_the_period(dates, counts):
    assert in_therapy(replace(patient("p"), **dates), YEAR) is counts


def test_a_study_in_the_period_counts_whatever_the_therapy_dates_say():
    one = replace(
        patient("p", studies=(study("s", on=DAY),)),
        therapy_from=date(2024, 6, 1),
    )
    assert in_therapy(one, YEAR)
    assert not in_therapy(replace(one, studies=()), YEAR)


def test_a_period_open_at_its_start_reaches_back_for_ever():
    long_ago = replace(patient("p"), therapy_from=date(1999, 1, 1), therapy_to=date(2000, 1, 1))
    assert in_therapy(long_ago, Period(first=None, last=DAY))


def test_nobody_is_in_therapy_in_a_period_after_the_cut():
    period = Filters(performed_from=date(2025, 6, 1)).period(AS_OF)
    assert not in_therapy(patient("p"), period)


def test_the_cut_shortens_the_period():
    limits = Filters(performed_to=date(2030, 1, 1))
    assert limits.period(AS_OF).last == AS_OF
    assert Filters(performed_to=DAY).period(AS_OF).last == DAY


@given(filters)
def test_filters_survive_being_stored(limits):
    assert Filters.from_json(limits.to_json()) == limits


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"centres": 3, "performed_from": None, "performed_to": None},
        {"centres": None, "performed_from": "yesterday", "performed_to": None},
    ],
)
def test_stored_filters_of_another_shape_are_refused(stored):
    with pytest.raises(FiltersError, match="another shape"):
        Filters.from_json(stored)


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(FiltersError, match="before it begins"):
        Filters(performed_from=DAY, performed_to=DAY - timedelta(days=1))


def test_centres_are_a_set():
    assert Filters(centres=("B", "A", "B")) == Filters(centres=("A", "B"))
