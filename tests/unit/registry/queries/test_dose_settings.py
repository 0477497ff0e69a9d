from datetime import date

from registry.queries import dose_settings
from tests.factories import registry_records as make


def test_a_dose_is_seen_in_its_centre_and_in_no_other(north, south):
    ours = make.dose_setting(of=north.patient, by=north.logged_by)
    make.dose_setting(of=south.patient, by=south.logged_by)
    assert list(dose_settings.visible(viewer=north.logged_by)) == [ours]


def in_force(of, on):
    return dose_settings.in_force(viewer=of.logged_by, patient=of.patient, on=on)


def test_a_dose_holds_until_the_next_one_and_a_bolus_leaves_it(north):
    first, second = (
        make.dose_setting(of=north.patient, by=north.logged_by, set_on=day)
        for day in (date(2023, 1, 1), date(2023, 6, 1))
    )
    make.dose_setting(
        of=north.patient,
        by=north.logged_by,
        set_on=date(2023, 7, 1),
        mode="single_bolus",
        dose_ug_per_day=None,
    )
    assert in_force(north, date(2022, 12, 31)) is None
    assert in_force(north, date(2023, 1, 1)) == first
    assert in_force(north, date(2023, 5, 31)) == first
    assert in_force(north, date(2024, 1, 1)) == second


def test_a_pump_that_was_stopped_is_stopped(north):
    stop = make.dose_setting(
        of=north.patient, by=north.logged_by, mode="stopped", dose_ug_per_day=None
    )
    assert in_force(north, date(2024, 5, 1)) == stop


def test_of_two_on_one_day_the_later_entry_holds(north):
    make.dose_setting(of=north.patient, by=north.logged_by)
    later = make.dose_setting(of=north.patient, by=north.logged_by, dose_ug_per_day=320)
    assert in_force(north, date(2024, 1, 10)) == later


def test_another_centre_learns_no_dose(north, south):
    make.dose_setting(of=north.patient, by=north.logged_by)
    asked = dose_settings.in_force(
        viewer=south.logged_by, patient=north.patient, on=date(2024, 5, 1)
    )
    assert asked is None
