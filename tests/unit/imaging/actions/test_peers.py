"""Registering and retiring network peers."""

import pytest
from django.utils import timezone

from imaging.actions import peers
from imaging.actions.peers import InvalidPeerError
from imaging.models import Peer
from registry.models import HistoryEvent
from tests.factories import registry_records

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _centre():
    registry_records.centre("DEMO")


def register(name="ct", **given):
    known = {
        "centre_code": "DEMO",
        "calling_ae_title": "CT2",
        "called_ae_title": "CRESCENT",
        "network": "192.0.2.0/28",
    }
    return peers.register_dimse(name=name, by=None, at=timezone.now(), **(known | given))


def test_a_peer_is_kept_with_an_event_in_its_centre():
    peer = register(certificate_sha256=":".join(["AB"] * 32))
    assert peer.kind == Peer.Kind.DIMSE
    assert peer.certificate_sha256 == "ab" * 32
    event = HistoryEvent.objects.get(object_id=peer.public_id)
    assert event.action == "register_peer"
    assert event.changes["network"] == [None, "192.0.2.0/28"]


@pytest.mark.parametrize(
    "given",
    [
        {"name": "a b"},
        {"name": ""},
        {"calling_ae_title": ""},
        {"calling_ae_title": "X" * 17},
        {"calling_ae_title": "../../x"},
        {"calling_ae_title": " CT"},
        {"called_ae_title": "CRÉSCENT"},
        {"called_ae_title": "A\\B"},
        {"called_ae_title": "A\n"},
        {"network": "192.0.2.1/28"},
        {"network": "ct.example.org"},
        {"network": ""},
        {"certificate_sha256": "ab"},
    ],
)
def test_what_could_not_be_told_is_refused_with_a_sentence(given):
    with pytest.raises(InvalidPeerError, match=r"\.$"):
        register(**given)
    assert not Peer.objects.exists()


def test_a_name_is_used_once_even_after_it_was_retired():
    peers.retire(peer=register(), by=None, at=timezone.now())
    with pytest.raises(InvalidPeerError, match="another name"):
        register(calling_ae_title="OTHER")


@pytest.mark.parametrize("network", ["192.0.2.0/28", "192.0.2.5", "192.0.0.0/8", "0.0.0.0/0"])
def test_two_peers_that_could_be_taken_for_each_other_are_refused(network):
    """N02: an association belongs to exactly one centre."""
    register()
    with pytest.raises(InvalidPeerError, match="told apart"):
        register("other", network=network)


@pytest.mark.parametrize(
    "given",
    [
        {"network": "192.0.2.16/28"},
        {"network": "2001:db8::/32"},
        {"calling_ae_title": "CT3"},
        {"called_ae_title": "CRESCENT2"},
    ],
)
def test_peers_that_differ_in_one_may_both_be_registered(given):
    register()
    register("other", **given)
    assert Peer.objects.count() == 2


def test_certificates_tell_peers_apart_only_if_both_have_one():
    register(certificate_sha256="a" * 64)
    register("other", certificate_sha256="b" * 64)
    with pytest.raises(InvalidPeerError):
        register("third")
    with pytest.raises(InvalidPeerError):
        register("third", certificate_sha256="a" * 64)


def test_retiring_makes_room_and_is_told_once():
    peer = register()
    for _ in range(2):
        peers.retire(peer=peer, by=None, at=timezone.now())
    register("next")
    events = HistoryEvent.objects.filter(object_id=peer.public_id, action="retire_peer")
    assert events.count() == 1
