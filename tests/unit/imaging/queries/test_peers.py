"""Who may send, and who may see that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from imaging import actions
from imaging.actions import peers as peer_actions
from imaging.models import IngestRun, RemoteArchive
from imaging.queries import peers
from registry.models import Role
from tests.factories import registry_records
from tests.unit.imaging.actions.test_peers import register

pytestmark = pytest.mark.django_db


def start_run(peer, *, hours_ago=0):
    return actions.start_run(
        centre_code=peer.centre_code,
        source=IngestRun.Source.C_STORE,
        peer=peer,
        by=None,
        at=timezone.now() - timedelta(hours=hours_ago),
    )


@pytest.fixture(autouse=True)
def centre():
    return registry_records.centre("DEMO")


def test_only_peers_in_use_are_served():
    kept, retired = register("kept"), register("retired", calling_ae_title="OLD")
    peer_actions.retire(peer=retired, by=None, at=timezone.now())
    assert peers.dimse_peers() == [kept]
    assert [peer.name for peer in peers.every_peer()] == ["kept", "retired"]
    assert peers.by_name("retired") == retired


def test_sources_are_seen_by_whoever_manages_them_in_their_centre(centre):
    south = registry_records.centre("SOUTH")
    ours = register("ours")
    register("theirs", centre_code="SOUTH", calling_ae_title="CT3")
    RemoteArchive.objects.create(
        name="pacs", centre_code="DEMO", base_url="https://pacs.example.org",
        registered_at=timezone.now(),
    )  # fmt: skip
    run = start_run(ours)
    administrator = registry_records.user(at_centre=centre, roles=[Role.ADMINISTRATOR], name="a")
    (seen,) = peers.peers(viewer=administrator)
    assert (seen.name, seen.last_delivery_at) == ("ours", run.started_at)
    assert [archive.name for archive in peers.remote_archives(viewer=administrator)] == ["pacs"]
    for other in (
        registry_records.user(at_centre=south, roles=[Role.DATA_MANAGER], name="b"),
        registry_records.user(at_centre=centre, roles=[Role.DATA_MANAGER], name="c"),
    ):
        assert not peers.peers(viewer=other)
        assert not peers.remote_archives(viewer=other)


def test_those_in_use_come_first(centre):
    peer_actions.retire(peer=register("a"), by=None, at=timezone.now())
    register("b")
    administrator = registry_records.user(at_centre=centre, roles=[Role.ADMINISTRATOR], name="a")
    assert [peer.name for peer in peers.peers(viewer=administrator)] == ["b", "a"]


def test_a_delivery_counts_as_left_when_nothing_came_for_long():
    peer = register()
    old, new, finished = start_run(peer, hours_ago=5), start_run(peer), start_run(peer, hours_ago=5)
    actions.finish_run(run=finished, by=None, at=timezone.now())
    quiet_since = timezone.now() - timedelta(hours=4)
    assert peers.open_network_deliveries(quiet_since=quiet_since) == [old]
    assert new.finished_at is None
