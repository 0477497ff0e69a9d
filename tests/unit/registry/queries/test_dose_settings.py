from registry.queries import dose_settings
from tests.factories import registry_records as make


def test_a_dose_is_seen_in_its_centre_and_in_no_other(north, south):
    ours = make.dose_setting(of=north.patient, by=north.logged_by)
    make.dose_setting(of=south.patient, by=south.logged_by)
    assert list(dose_settings.visible(viewer=north.logged_by)) == [ours]
