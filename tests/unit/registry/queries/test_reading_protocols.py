"""Who may set the protocol of which centre, and what holds."""

import pytest

from registry.models import Role
from registry.queries import reading_protocols
from tests.factories import registry_records as make
from tests.factories.reading_rooms import rooms

pytestmark = pytest.mark.django_db


def test_the_data_manager_of_a_centre_sets_its_protocol_and_no_other():
    here, there = rooms(), rooms("SOUTH")
    assert list(reading_protocols.editable(viewer=here.manager)) == [here.centre]
    for viewer in (here.readers[0], make.user(at_centre=there.centre, roles=[Role.SURGEON])):
        assert list(reading_protocols.editable(viewer=viewer)) == []


def test_who_reads_in_a_centre_does_not_coordinate_its_readers():
    here = rooms()
    both = make.user(at_centre=here.centre, roles=[Role.DATA_MANAGER, Role.READER])
    assert list(reading_protocols.coordinated(viewer=here.manager)) == [here.centre]
    assert list(reading_protocols.coordinated(viewer=both)) == []
    assert list(reading_protocols.editable(viewer=both)) == [here.centre]


def test_what_was_set_is_in_force():
    here = rooms(reads_per_study=2)
    assert reading_protocols.in_force(here.centre).reads_per_study == 2
    assert reading_protocols.in_force(rooms("SOUTH").centre).reads_per_study == 1
