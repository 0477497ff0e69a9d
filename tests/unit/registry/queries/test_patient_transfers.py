"""A transfer is seen by the two centres it is between, and answered by one of them."""

from registry import actions
from registry.queries import patient_transfers
from tests.factories import registry_records as make


def test_both_centres_see_it_and_a_third_does_not(north, south):
    third = make.user(at_centre=make.centre("THIRD"))
    offer = actions.patient_transfers.offer(
        patient=north.patient,
        to_centre=south.centre,
        transferred_on=make.NOW.date(),
        reason="moved house",
        by=north.logged_by,
        at=make.NOW,
    )
    for viewer, sees, answers in (
        (north.logged_by, [offer], []),
        (south.logged_by, [offer], [offer]),
        (third, [], []),
    ):
        assert list(patient_transfers.visible(viewer=viewer)) == sees
        assert list(patient_transfers.waiting_for(viewer=viewer)) == answers


def test_a_patient_goes_to_every_centre_but_the_own(north, south):
    make.centre("UNDONE")
    centres = patient_transfers.receiving_centres(viewer=north.logged_by, giving=north.centre)
    assert list(centres) == [south.centre]
