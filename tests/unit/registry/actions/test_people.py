"""Accounts and what they may do in a centre."""

import pytest

from registry import actions
from registry.actions.errors import InvalidRecordError, OtherCentreError, UnknownRoleError
from registry.models import HistoryEvent, Role, SuperuserError, User
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre()


def add(username="somebody", password=make.PASSWORD):
    return actions.people.add(username=username, password=password, by=None, at=make.NOW)


def roles_of(person, centre):
    return set(person.memberships.filter(centre=centre).values_list("role", flat=True))


def test_a_new_account_may_do_nothing(centre):
    person = add()
    assert person.check_password(make.PASSWORD)
    assert person.active_memberships == []
    event = HistoryEvent.objects.get(action="person.add")
    assert (event.chain.code, event.object_id) == ("_installation", person.public_id)


def test_an_account_is_opened_with_its_roles_or_not_at_all(centre):
    with pytest.raises(UnknownRoleError, match="king"):
        actions.people.add(
            username="somebody", password=make.PASSWORD, centre=centre, roles=["reader", "king"],
            by=None, at=make.NOW,
        )  # fmt: skip
    assert not User.objects.exists()
    assert not HistoryEvent.objects.filter(action="person.add").exists()
    person = actions.people.add(
        username="somebody", password=make.PASSWORD, centre=centre, roles=["reader"],
        by=None, at=make.NOW,
    )  # fmt: skip
    assert roles_of(person, centre) == {"reader"}


def test_the_history_keeps_no_password(centre):
    add()
    assert make.PASSWORD not in str(HistoryEvent.objects.get(action="person.add").changes)


@pytest.mark.parametrize("password", ["short", "password1234", "somebody1234"])
def test_a_weak_password_opens_no_account(password):
    with pytest.raises(InvalidRecordError) as refusal:
        add(password=password)
    assert "password" in refusal.value.errors
    assert not User.objects.exists()
    assert not HistoryEvent.objects.exists()


def test_a_user_name_is_taken_once():
    add()
    with pytest.raises(InvalidRecordError) as refusal:
        add()
    assert "username" in refusal.value.errors
    assert HistoryEvent.objects.filter(action="person.add").count() == 1


def test_a_one_time_password_is_for_changing_it_and_stands_in_every_chain_of_the_person(centre):
    south = make.centre("SOUTH")
    person = make.user(at_centre=centre, roles=[Role.READER])
    administrator = make.user(at_centre=centre, roles=[Role.ADMINISTRATOR])

    def give():
        actions.people.set_one_time_password(
            user=person, password="given by somebody", by=administrator, at=make.NOW
        )

    actions.people.set_roles(user=person, centre=south, roles=[Role.READER], by=None, at=make.NOW)
    with pytest.raises(OtherCentreError):
        give()
    assert person.check_password(make.PASSWORD)
    actions.people.set_roles(
        user=administrator, centre=south, roles=[Role.ADMINISTRATOR], by=None, at=make.NOW
    )
    give()
    assert person.must_change_password
    events = HistoryEvent.objects.filter(action="person.set_one_time_password")
    assert {event.chain.code for event in events} == {"NORTH", "SOUTH"}
    with pytest.raises(InvalidRecordError, match="somebody else knows"):
        actions.people.change_password(
            user=person, password="given by somebody", by=person, at=make.NOW
        )
    actions.people.change_password(user=person, password=make.PASSWORD, by=person, at=make.NOW)
    assert not person.must_change_password


def test_roles_are_replaced_and_both_sets_stand_in_the_history(centre):
    person = make.user(at_centre=centre, roles=[Role.REGISTRAR, Role.SURGEON])
    actions.people.set_roles(
        user=person, centre=centre, roles=[Role.SURGEON, Role.AUDITOR], by=None, at=make.NOW
    )
    assert roles_of(person, centre) == {"surgeon", "auditor"}
    event = HistoryEvent.objects.filter(action="person.set_roles").latest("sequence")
    assert event.changes == {"roles": [["registrar", "surgeon"], ["auditor", "surgeon"]]}


def test_an_account_without_a_role_has_no_access_any_more(centre):
    person = make.user(at_centre=centre)
    actions.people.set_roles(user=person, centre=centre, roles=[], by=None, at=make.NOW)
    assert person.centre_codes("registry.view_patient") == frozenset()


def test_nobody_takes_away_the_last_administrator_of_a_centre(centre):
    administrator = make.user(at_centre=centre, roles=[Role.ADMINISTRATOR])

    def take_away():
        actions.people.set_roles(
            user=administrator, centre=centre, roles=[Role.READER], by=administrator, at=make.NOW
        )

    with pytest.raises(InvalidRecordError, match="Make somebody else administrator first"):
        take_away()
    assert roles_of(administrator, centre) == {"administrator"}
    make.user(at_centre=centre, roles=[Role.ADMINISTRATOR])
    take_away()
    assert roles_of(administrator, centre) == {"reader"}


def test_who_has_an_account_elsewhere_gets_first_roles_here(centre):
    administrator = make.user(at_centre=centre, roles=[Role.ADMINISTRATOR])
    make.user(at_centre=make.centre("SOUTH"), roles=[Role.READER], name="visitor")

    def give(username):
        return actions.people.give_first_roles(
            username=username, centre=centre, roles=["surgeon"], by=administrator, at=make.NOW
        )

    assert roles_of(give("visitor"), centre) == {"surgeon"}
    for username, words in (("visitor", "has roles in"), ("nobody", "No account has")):
        with pytest.raises(InvalidRecordError, match=words):
            give(username)


def test_roles_in_another_centre_stay(centre):
    south = make.centre("SOUTH")
    person = make.user(at_centre=centre, roles=[Role.READER])
    actions.people.set_roles(user=person, centre=south, roles=[Role.AUDITOR], by=None, at=make.NOW)
    actions.people.set_roles(user=person, centre=centre, roles=[], by=None, at=make.NOW)
    assert (roles_of(person, centre), roles_of(person, south)) == (set(), {"auditor"})


def test_setting_the_same_roles_again_is_no_event(centre):
    person = make.user(at_centre=centre, roles=[Role.READER])
    before = HistoryEvent.objects.count()
    actions.people.set_roles(user=person, centre=centre, roles=[Role.READER], by=None, at=make.NOW)
    assert HistoryEvent.objects.count() == before


def test_an_unknown_role_changes_nothing(centre):
    person = make.user(at_centre=centre, roles=[Role.READER])
    with pytest.raises(UnknownRoleError, match="king"):
        actions.people.set_roles(
            user=person, centre=centre, roles=[Role.AUDITOR, "king"], by=None, at=make.NOW
        )
    assert roles_of(person, centre) == {"reader"}


def test_there_are_no_superusers():
    """Django would answer every question of a superuser with yes, blinding included."""
    with pytest.raises(SuperuserError, match="add_user"):
        User.objects.create_superuser("root", password=make.PASSWORD)
