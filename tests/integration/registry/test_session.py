"""Signing in, staying signed in, and what ends it."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from config.sign_in_attempts import MOST_NAMES
from registry import actions
from registry.models import HistoryEvent, Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

SIGN_IN = reverse("registry:sign-in")
HOME = reverse("registry:home")
PATIENTS = reverse("registry:patient-list")
TRIES = 8
NEW_PASSWORD = "another long enough phrase"


@pytest.fixture
def centre():
    return make.centre()


@pytest.fixture
def person(centre):
    return make.user(at_centre=centre, roles=[Role.SURGEON], name="somebody")


def sign_in(client, username="somebody", password=make.PASSWORD, **more):
    return client.post(SIGN_IN, {"username": username, "password": password} | more)


def test_the_session_gets_a_new_key_when_somebody_signs_in(client, person):
    client.get(SIGN_IN)
    client.session["before"] = True
    before = client.session.session_key
    assert sign_in(client).url == HOME
    assert client.session.session_key != before


def test_a_session_cannot_be_used_after_signing_out(client, person):
    sign_in(client)
    stolen = client.cookies["sessionid"].value
    client.post(reverse("registry:sign-out"))
    client.cookies["sessionid"] = stolen
    assert client.get(HOME).url.startswith(SIGN_IN)


def test_a_link_signs_nobody_out(client, person):
    sign_in(client)
    assert client.get(reverse("registry:sign-out")).status_code == 405
    assert client.get(HOME).status_code == 200


def test_who_signs_in_on_the_way_of_a_form_is_told_that_it_did_not_arrive(client, person):
    ended = client.post(reverse("registry:own-email"), {"email": "a@example.org"})
    assert ended.url.startswith(SIGN_IN)
    sign_in(client)
    arrived = client.get(ended.url.partition("next=")[2])
    assert (arrived.status_code, arrived["Allow"]) == (405, "POST")
    assert "nothing was changed" in arrived.content.decode()


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"],
)
def test_signing_in_leads_to_no_other_site(client, person, elsewhere):
    assert sign_in(client, next=elsewhere).url == HOME


def test_a_forged_form_signs_nobody_in(person):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize(
    "spelling", ["somebody", " somebody", "somebody ", "ｓｏｍｅｂｏｄｙ"], ids=ascii
)
def test_no_spelling_of_a_name_gives_more_tries(client, person, spelling):
    answers = [
        sign_in(client, spelling if turn % 2 else "somebody", "wrong").status_code
        for turn in range(TRIES)
    ]
    assert answers == [200] * (TRIES - 1) + [429]
    assert sign_in(client).status_code == 429


def test_the_lock_is_no_lock_for_others(client, centre, person):
    make.user(at_centre=centre, name="colleague")
    for _ in range(TRIES):
        sign_in(client, password="wrong")
    assert sign_in(client, "colleague").url == HOME


def test_many_names_from_one_address_have_to_wait(client, person):
    """One password tried on every name stays below the limit of each name."""
    answers = [sign_in(client, f"name{turn}", "wrong").status_code for turn in range(MOST_NAMES)]
    assert answers == [200] * MOST_NAMES
    assert sign_in(client).status_code == 429
    assert sign_in(client, "another", "wrong").status_code == 429
    assert sign_in(Client(REMOTE_ADDR="127.0.0.2")).url == HOME


def test_an_address_that_is_claimed_gives_no_more_tries(client, person):
    for turn in range(TRIES):
        answer = client.post(
            SIGN_IN,
            {"username": "somebody", "password": "wrong"},
            headers={"x-forwarded-for": f"192.0.2.{turn}"},
        )
    assert answer.status_code == 429


@pytest.mark.parametrize("username", ["x" * 5000, "x" * 151, "a\x00b"], ids=["5000", "151", "NUL"])
def test_a_name_nobody_can_have_is_refused_like_a_wrong_one(client, username):
    """PostgreSQL takes neither into the list of failed attempts."""
    assert sign_in(client, username, "x" * 5000).status_code == 200


def test_whoever_is_inactive_is_out_with_the_next_request(client, person):
    sign_in(client)
    get_user_model().objects.filter(pk=person.pk).update(is_active=False)
    assert client.get(HOME).url.startswith(SIGN_IN)
    assert sign_in(client).status_code == 200


def test_a_role_that_was_taken_is_gone_with_the_next_request(client, centre, person):
    sign_in(client)
    assert client.get(PATIENTS).status_code == 200
    actions.people.set_roles(user=person, centre=centre, roles=[], by=None, at=make.NOW)
    assert client.get(PATIENTS).status_code == 403


def test_a_new_password_ends_the_other_sessions_and_is_an_event(client, person):
    sign_in(client)
    elsewhere = Client()
    sign_in(elsewhere)
    answer = client.post(
        reverse("registry:password-change"),
        {
            "old_password": make.PASSWORD,
            "new_password1": NEW_PASSWORD,
            "new_password2": NEW_PASSWORD,
        },
    )
    assert answer.url == HOME
    assert client.get(HOME).status_code == 200
    assert elsewhere.get(HOME).url.startswith(SIGN_IN)
    assert sign_in(Client(), password=NEW_PASSWORD).url == HOME
    event = HistoryEvent.objects.get(action="person.change_password")
    assert (event.actor, event.object_id, event.changes) == (person, person.public_id, {})


@pytest.mark.parametrize("weak", ["short", "somebody1234", "password1234"])
def test_a_weak_password_is_refused_and_changes_nothing(client, person, weak):
    sign_in(client)
    answer = client.post(
        reverse("registry:password-change"),
        {"old_password": make.PASSWORD, "new_password1": weak, "new_password2": weak},
    )
    assert answer.status_code == 200
    assert sign_in(Client()).url == HOME


def one_time_password(administrator, person):
    client = Client()
    client.force_login(administrator, backend="registry.access.RoleBackend")
    url = reverse("registry:person-one-time-password", args=[person.public_id])
    answer = client.post(url)
    return answer.context and answer.context.get("password")


@pytest.fixture
def administrator(centre):
    return make.user(at_centre=centre, roles=[Role.ADMINISTRATOR])


def change(client, old, new):
    answers = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("registry:password-change"), answers)


def test_a_lost_password_is_replaced_by_one_for_a_single_sign_in(client, person, administrator):
    elsewhere = Client()
    sign_in(elsewhere)
    given = one_time_password(administrator, person)
    assert elsewhere.get(HOME).url.startswith(SIGN_IN)
    assert sign_in(client).status_code == 200
    sign_in(client, password=given)
    for address in (HOME, PATIENTS, reverse("imaging:upload")):
        assert client.get(address).url == reverse("registry:password-change")
    assert change(client, given, given).status_code == 200
    assert client.get(HOME).url == reverse("registry:password-change")
    assert change(client, given, NEW_PASSWORD).url == HOME
    assert client.get(PATIENTS).status_code == 200
    assert sign_in(Client(), password=given).status_code == 200
    event = HistoryEvent.objects.get(action="person.set_one_time_password")
    assert (event.chain.code, event.actor, event.object_id, event.changes) == (
        "NORTH", administrator, person.public_id, {},
    )  # fmt: skip


def test_nobody_gives_a_password_that_opens_a_centre_of_others(client, person, administrator):
    south = make.centre("SOUTH")
    actions.people.set_roles(user=person, centre=south, roles=[Role.READER], by=None, at=make.NOW)
    assert one_time_password(administrator, person) is None
    assert sign_in(client).url == HOME
    assert not HistoryEvent.objects.filter(action="person.set_one_time_password").exists()


def test_only_an_administrator_gives_passwords(client, centre, person):
    assert one_time_password(make.user(at_centre=centre), person) is None
    assert sign_in(client).url == HOME


def test_a_first_password_is_for_one_sign_in_as_well(client, centre, administrator):
    client.force_login(administrator, backend="registry.access.RoleBackend")
    client.post(
        reverse("registry:person-create"),
        {
            "centre": centre.pk, "username": "newcomer", "password": make.PASSWORD,
            "roles": [Role.SURGEON],
        },
    )  # fmt: skip
    newcomer = Client()
    sign_in(newcomer, "newcomer")
    assert newcomer.get(PATIENTS).url == reverse("registry:password-change")


def test_no_account_is_opened_that_nobody_finds_again(client, administrator):
    client.force_login(administrator, backend="registry.access.RoleBackend")
    answers = {"centre": administrator.memberships.get().centre_id, "username": "newcomer"}
    url = reverse("registry:person-create")
    page = client.post(url, answers | {"password": make.PASSWORD})
    assert list(page.context["form"].errors) == ["roles"]
    page = client.post(url, answers | {"roles": [Role.READER]})
    assert list(page.context["form"].errors) == ["password"]
    page = client.post(url, answers | {"roles": [Role.READER], "known": "on"})
    assert list(page.context["form"].errors) == ["username"]
    assert client.post(url, answers | {"roles": [Role.READER], "password": make.PASSWORD}).url


def test_who_gives_up_the_own_role_is_not_led_to_a_closed_page(client, centre, administrator):
    make.user(at_centre=centre, roles=[Role.ADMINISTRATOR])
    client.force_login(administrator, backend="registry.access.RoleBackend")
    url = reverse("registry:person-update", args=[administrator.public_id])
    saved = client.post(url, {"centre": centre.code, f"{centre.code}-roles": [Role.READER]})
    assert saved.url == HOME
    assert client.get(HOME).status_code == 200


def test_a_page_knows_when_the_session_ends_and_staying_moves_the_end(client, person, settings):
    sign_in(client)
    twelve_hours = settings.SESSION_COOKIE_AGE
    state = reverse("registry:session")
    assert twelve_hours - 60 < client.get(state).json()["seconds_left"] <= twelve_hours
    session = client.session
    session.set_expiry(300)
    session.save()
    assert client.get(state).json()["seconds_left"] <= 300
    assert 'data-seconds-left="300"' in client.get(HOME).content.decode()
    assert client.post(state).json()["seconds_left"] > 300
    assert client.get(state).json()["seconds_left"] > twelve_hours - 60


def test_looking_at_pages_does_not_move_the_end(client, person):
    """Else a page could not say when it comes."""
    sign_in(client)
    ends = client.session.get_expiry_date()
    client.get(HOME)
    client.get(reverse("registry:case-log"))
    assert client.session.get_expiry_date() == ends
