"""Which archives somebody may send to: registered for it, of their centre, not retired."""

import pytest
from django.utils import timezone

from imaging.actions import remote_archives as actions
from imaging.queries import remote_archives as queries
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


def register(name, *, centre_code="DEMO", receives="reads"):
    return actions.register(
        name=name,
        centre_code=centre_code,
        base_url="https://pacs.example.org",
        authentication="none",
        credential=None,
        private_address_allowed=False,
        receives=receives,
        by=None,
        at=timezone.now(),
    )


def names(viewer, centre_code="DEMO"):
    found = queries.receiving_archives(viewer=viewer, centre_code=centre_code)
    return [archive.name for archive in found]


@pytest.fixture
def centre():
    return make.centre("DEMO")


def test_an_archive_receives_nothing_unless_it_was_registered_for_it(centre):
    """To pull from somewhere does not mean to send there."""
    register("pulled", receives="nothing")
    register("reads")
    register("images", receives="images")
    manager = make.user(at_centre=centre, roles=[Role.DATA_MANAGER])
    assert names(manager) == ["images", "reads"]


def test_archives_of_another_centre_and_retired_ones_receive_nothing(centre):
    make.centre("SOUTH")
    register("theirs", centre_code="SOUTH")
    actions.retire(archive=register("retired"), by=None, at=timezone.now())
    manager = make.user(at_centre=centre, roles=[Role.DATA_MANAGER])
    assert names(manager) == []
    assert names(manager, "SOUTH") == []


def test_a_reader_sees_none(centre):
    register("reads")
    assert names(make.user(at_centre=centre, roles=[Role.READER])) == []
