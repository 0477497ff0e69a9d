"""What a role may do, and only in its centre."""

import pytest

from registry import actions
from registry.access import ALL_PERMISSIONS, PERMISSIONS_BY_ROLE, RoleBackend
from registry.models import Role
from tests.factories import registry_records as make

UNBLINDING = {"registry.view_patient", "registry.view_history", "imaging.view_delivery"}
"""The case page shows the operation, the history shows everything (decision 5), a delivery when and
how often somebody was scanned."""


def test_every_role_is_in_the_table():
    assert set(PERMISSIONS_BY_ROLE) == set(Role.values)


def test_a_reader_holds_nothing_that_would_unblind():
    assert not PERMISSIONS_BY_ROLE[Role.READER] & UNBLINDING


def test_an_administrator_sees_no_patient_and_no_image():
    held = PERMISSIONS_BY_ROLE[Role.ADMINISTRATOR]
    assert not held & {"registry.view_patient", "registry.view_identity", "imaging.view_study"}


def test_who_logs_a_case_may_also_see_it():
    for role, held in PERMISSIONS_BY_ROLE.items():
        if "registry.log_case" in held:
            assert "registry.view_patient" in held, role


@pytest.fixture
def north(db):
    return make.centre("NORTH")


@pytest.fixture
def south(db):
    return make.centre("SOUTH")


@pytest.mark.parametrize("role", Role.values)
def test_a_role_grants_its_row_of_the_table_in_its_centre_and_nowhere_else(north, south, role):
    person = make.user(at_centre=north, roles=[role])
    for permission in ALL_PERMISSIONS:
        held = permission in PERMISSIONS_BY_ROLE[role]
        assert person.has_perm(permission, north) is held
        assert person.has_perm(permission) is held
        assert person.has_perm(permission, south) is False
        assert person.centre_codes(permission) == ({"NORTH"} if held else set())


def test_two_roles_grant_the_rows_of_both(north):
    person = make.user(at_centre=north, roles=[Role.READER, Role.AUDITOR])
    assert person.has_perm("registry.read_study", north)
    assert person.has_perm("registry.run_audit", north)
    assert not person.has_perm("registry.log_case", north)


def test_roles_in_two_centres_do_not_mix(north, south):
    person = make.user(at_centre=north, roles=[Role.READER])
    actions.people.set_roles(user=person, centre=south, roles=[Role.AUDITOR], by=None, at=make.NOW)
    assert person.centre_codes("registry.read_study") == {"NORTH"}
    assert person.centre_codes("registry.run_audit") == {"SOUTH"}
    assert not person.has_perm("registry.run_audit", north)


def test_whoever_left_may_do_nothing(north):
    person = make.user(at_centre=north)
    person.is_active = False
    assert not person.has_perm("registry.view_patient", north)
    assert person.centre_codes("registry.view_patient") == frozenset()


def test_a_misspelt_permission_is_an_error_and_not_a_no(north):
    person = make.user(at_centre=north)
    with pytest.raises(ValueError, match="No role grants"):
        person.has_perm("registry.view_patients", north)


def test_somebody_who_is_not_signed_in_holds_nothing(north):
    from django.contrib.auth.models import AnonymousUser

    assert not RoleBackend().has_perm(AnonymousUser(), "registry.view_patient", north)


def test_what_is_asked_often_in_a_request_is_read_once(north, django_assert_num_queries):
    person = make.user(at_centre=north)
    with django_assert_num_queries(1):
        for permission in ALL_PERMISSIONS:
            person.has_perm(permission, north)
            person.centre_codes(permission)
