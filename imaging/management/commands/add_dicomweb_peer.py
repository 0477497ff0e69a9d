"""`manage.py add_dicomweb_peer NAME --centre CODE`: let a system store over HTTP."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.actions import dicomweb_peers
from imaging.management.registration import checked_centre, checked_name


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Register a system that may store images over HTTP (STOW-RS) for one centre. Prints its "
        "token on standard output, once: only a hash of it is kept."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="letters, digits, - and _; used once")
        parser.add_argument("--centre", required=True, help="code of the centre it sends for")

    def handle(self, *, name: str, centre: str, **_: Any) -> None:
        try:
            _peer, token = dicomweb_peers.register(
                name=checked_name(name),
                centre_code=checked_centre(centre),
                by=None,
                at=timezone.now(),
            )
        except dicomweb_peers.NameTakenError as error:
            raise CommandError(
                f"There is a peer {name!r} already, or was one. Choose another name."
            ) from error
        self.stderr.write(
            f"{name} stores at /dicom-web/studies with `Authorization: Bearer TOKEN`, or with its "
            "name and the token as password. The token is not shown again:"
        )
        self.stdout.write(token)
