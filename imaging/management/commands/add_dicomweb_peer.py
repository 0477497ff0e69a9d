"""`manage.py add_dicomweb_peer NAME --centre CODE`: let a system store or read over HTTP."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.actions import dicomweb_peers
from imaging.management.registration import checked_centre, checked_name

SEND, READ = "send", "read"


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Register a system that may store images over HTTP (STOW-RS) for one centre, or search for "
        "what is stored there and fetch it (QIDO-RS, WADO-RS). Prints its token on standard "
        "output, once: only a hash of it is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="letters, digits, - and _; used once")
        parser.add_argument("--centre", required=True, help="code of its centre")
        parser.add_argument(
            "--may",
            nargs="+",
            choices=(SEND, READ),
            default=[SEND],
            help="what its token lets it do (default: send)",
        )

    def handle(self, *, name: str, centre: str, may: list[str], **_: Any) -> None:
        try:
            peer, token = dicomweb_peers.register(
                name=checked_name(name),
                centre_code=checked_centre(centre),
                may_send=SEND in may,
                may_read=READ in may,
                by=None,
                at=timezone.now(),
            )
        except dicomweb_peers.NameTakenError as error:
            raise CommandError(
                f"There is a peer {name!r} already, or was one. Choose another name."
            ) from error
        self.stderr.write(
            f"{name} may {peer.rights} at /dicom-web with `Authorization: Bearer TOKEN`, or with "
            "its name and the token as password. The token is not shown again:"
        )
        self.stdout.write(token)
