from registry.queries import screening_tests
from tests.factories import registry_records as make


def test_a_screening_test_is_seen_in_its_centre_and_in_no_other(north, south):
    ours = make.screening_test(of=north.patient, by=north.logged_by)
    make.screening_test(of=south.patient, by=south.logged_by)
    assert list(screening_tests.visible(viewer=north.logged_by)) == [ours]
