"""The page of sources, and the commands that fill it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from imaging.models import Peer
from registry.models import Role
from tests.factories import registry_records

CANARY = "canary-peer"


def run(*arguments, **options):
    output = StringIO()
    call_command(*arguments, stdout=output, **options)
    return output.getvalue()


def add(name="ct", centre="DEMO", **given):
    known = {"calling": "CT2", "called": "CRESCENT", "network": "192.0.2.7"}
    return run("add_peer", name, centre=centre, **(known | given))


@pytest.fixture
def page(centre):
    def fetch(*roles):
        person = registry_records.user(at_centre=centre, roles=list(roles))
        client = Client()
        client.force_login(person, backend="registry.access.RoleBackend")
        return client.get(reverse("imaging:source-list"))

    return fetch


def test_an_administrator_sees_the_sources_of_the_own_centre(page, other_centre):
    add(certificate_sha256="ab" * 32)
    add(CANARY, centre="OTHER", calling="CANARYAE")
    answer = page(Role.ADMINISTRATOR)
    content = answer.content.decode()
    assert answer.status_code == 200
    for shown in ("CT2", "CRESCENT", "192.0.2.7/32", "ab" * 8, "none yet", "in use"):
        assert shown in content
    assert "canary" not in content.lower()


def test_nobody_else_does(page):
    for role in set(Role.values) - {Role.ADMINISTRATOR}:
        assert page(role).status_code == 403


def test_without_sources_the_page_says_what_to_do(page):
    assert "manage.py add_peer" in page(Role.ADMINISTRATOR).content.decode()


def test_peers_are_added_listed_and_retired_by_commands(centre):
    assert "ct may send for DEMO" in add()
    assert run("list_peers").split() == "ct DEMO C-STORE calling CT2 called CRESCENT from 192.0.2.7/32".split()  # fmt: skip  # noqa: E501, SIM905
    assert "retired" in run("retire_peer", "ct")
    assert "retired" in run("list_peers")
    assert Peer.objects.get().retired_at is not None


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"centre": "NOWHERE"}, "no centre 'NOWHERE'"),
        ({"calling": "a\\b"}, "no AE title"),
        ({"network": "somewhere"}, "no address"),
    ],
)
def test_a_peer_that_cannot_be_is_refused_with_a_sentence(centre, given, words):
    with pytest.raises(CommandError, match=words):
        add(**given)


def test_retiring_somebody_unknown_says_where_to_look(centre):
    with pytest.raises(CommandError, match="list_peers"):
        run("retire_peer", "nobody")
