"""`manage.py list_peers`: who may send images, or fetch them."""

from typing import Any

from django.core.management.base import BaseCommand

from imaging.models import Peer
from imaging.queries.peers import every_peer


class Command(BaseCommand):
    requires_system_checks = ()
    help = "List the registered systems and what they may do, one a line, retired ones too."

    def handle(self, **_: Any) -> None:
        for peer in every_peer():
            self.stdout.write("  ".join([peer.name, peer.centre_code, *_words(peer)]))


def _words(peer: Peer) -> list[str]:
    words = [peer.get_kind_display()]
    if peer.kind == Peer.Kind.DIMSE:
        words += [
            f"calling {peer.calling_ae_title}",
            f"called {peer.called_ae_title}",
            f"from {peer.network}",
        ]
    else:
        words.append(f"may {peer.rights}")
    if peer.certificate_sha256:
        words.append(f"certificate {peer.certificate_sha256}")
    if peer.retired_at is not None:
        words.append(f"retired {peer.retired_at:%Y-%m-%d}")
    return words
