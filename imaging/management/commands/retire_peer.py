"""`manage.py retire_peer NAME`: refuse a sender from now on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.actions import peers
from imaging.models import Peer
from imaging.queries.peers import by_name


class Command(BaseCommand):
    requires_system_checks = ()
    help = "Refuse a sender of any kind from its next request on. What it sent stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")

    def handle(self, *, name: str, **_: Any) -> None:
        try:
            peer = by_name(name)
        except Peer.DoesNotExist as error:
            raise CommandError(
                f"There is no peer {name!r}. `manage.py list_peers` names them."
            ) from error
        peers.retire(peer=peer, by=None, at=timezone.now())
        self.stdout.write(f"{peer.name} is retired.")
