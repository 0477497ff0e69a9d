"""Accounts an administrator looks after."""

import pytest

from registry import actions
from registry.models import Role, User
from registry.queries import people
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre("NORTH")


@pytest.fixture
def administrator(centre):
    return make.user(at_centre=centre, roles=[Role.ADMINISTRATOR], name="administrator")


def test_an_administrator_sees_each_person_of_the_centre_once(centre, administrator):
    make.user(at_centre=centre, roles=[Role.READER, Role.SURGEON], name="both")
    make.user(at_centre=make.centre("SOUTH"), name="stranger")
    names = [person.username for person in people.visible(viewer=administrator)]
    assert names == ["administrator", "both"]


def test_the_roles_in_other_centres_are_not_told(centre, administrator):
    south = make.centre("SOUTH")
    person = make.user(at_centre=centre, roles=[Role.READER], name="both")
    actions.people.set_roles(user=person, centre=south, roles=[Role.SURGEON], by=None, at=make.NOW)
    seen = people.visible(viewer=administrator).get(username="both")
    assert [(one.centre.code, one.role) for one in people.roles_of(seen)] == [("NORTH", "reader")]


def test_who_lost_the_last_role_stays_in_the_list_of_the_centre_alone(centre, administrator):
    person = make.user(at_centre=centre, roles=[Role.READER], name="leaver")
    actions.people.set_roles(user=person, centre=centre, roles=[], by=None, at=make.NOW)
    assert people.roles_of(people.visible(viewer=administrator).get(username="leaver")) == []
    elsewhere = make.user(at_centre=make.centre("SOUTH"), roles=[Role.ADMINISTRATOR])
    assert not people.visible(viewer=elsewhere).filter(username="leaver").exists()


def test_who_administers_nothing_sees_nobody(centre):
    manager = make.user(at_centre=centre, roles=[Role.DATA_MANAGER])
    assert not people.visible(viewer=manager).exists()


def test_people_and_their_roles_are_loaded_at_once(
    centre, administrator, django_assert_num_queries
):
    for _ in range(3):
        make.user(at_centre=centre)
    administrator.centre_codes("registry.manage_people")
    with django_assert_num_queries(2):
        for person in people.visible(viewer=administrator):
            assert all(one.centre.code == "NORTH" for one in people.roles_of(person))


def test_a_command_asks_for_an_account_by_its_name(administrator):
    assert people.by_username("administrator") == administrator
    with pytest.raises(User.DoesNotExist):
        people.by_username("nobody")
