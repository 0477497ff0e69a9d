from registry.queries import refills
from tests.factories import registry_records as make


def test_a_refill_is_seen_in_its_centre_and_in_no_other(north, south):
    ours = make.refill(of=north.patient, by=north.logged_by)
    make.refill(of=south.patient, by=south.logged_by)
    assert list(refills.visible(viewer=north.logged_by)) == [ours]
