"""Centres by code for commands, by permission for people."""

import pytest

from registry import actions
from registry.models import Centre, Role
from registry.queries import centres
from tests.factories import registry_records as make


def test_a_command_asks_for_a_centre_by_its_code(north):
    assert centres.exists("NORTH")
    assert not centres.exists("north")
    assert centres.by_code("NORTH") == north.centre
    with pytest.raises(Centre.DoesNotExist):
        centres.by_code("NOWHERE")


def test_a_person_is_offered_the_centres_of_the_permission_by_code(north, south):
    person = north.logged_by
    actions.people.set_roles(
        user=person, centre=south.centre, roles=[Role.READER], by=None, at=make.NOW
    )

    def offered(permission):
        found = centres.with_permission(viewer=person, permission=permission)
        return [centre.code for centre in found]

    assert offered("registry.log_case") == ["NORTH"]
    assert offered("imaging.view_study") == ["NORTH", "SOUTH"]
    assert offered("registry.manage_people") == []


def test_rules_for_all_centres_are_asked_of_every_one(north, south):
    assert centres.codes() == {"NORTH", "SOUTH"}
