"""A merge is seen where its patients are."""

from registry import actions
from registry.queries import patient_merges
from tests.factories import registry_records as make


def test_a_merge_is_seen_in_its_centre_only(north, south):
    twin = make.patient(by=north.logged_by, at_centre=north.centre)
    merge = actions.patient_merges.merge(
        kept=north.patient, merged=twin, reason="one person", by=north.logged_by, at=make.NOW
    )
    assert list(patient_merges.visible(viewer=north.logged_by)) == [merge]
    assert list(patient_merges.visible(viewer=south.logged_by)) == []
