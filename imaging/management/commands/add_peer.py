"""`manage.py add_peer NAME --centre CODE --calling AE --called AE --network ADDRESS`"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from imaging.actions import peers


class Command(BaseCommand):
    requires_system_checks = ()
    help = (
        "Register a scanner, archive or program that may send images with C-STORE, for one "
        "centre. `manage.py receive` serves it from its next association on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="letters, digits, - and _; used once")
        parser.add_argument("--centre", required=True, help="code of the centre it sends for")
        parser.add_argument("--calling", required=True, metavar="AE", help="how it calls itself")
        parser.add_argument("--called", required=True, metavar="AE", help="how it calls us")
        parser.add_argument(
            "--network", required=True, metavar="ADDRESS", help="address or CIDR it calls from"
        )
        parser.add_argument(
            "--certificate-sha256",
            default="",
            metavar="FINGERPRINT",
            help="of its TLS certificate; without it any certificate of the authority will do",
        )

    def handle(self, *, name: str, centre: str, **options: Any) -> None:
        if not import_string(settings.CENTRE_EXISTS)(centre):
            raise CommandError(f"There is no centre {centre!r}. Use the code of an existing one.")
        try:
            peer = peers.register_dimse(
                name=name,
                centre_code=centre,
                calling_ae_title=options["calling"],
                called_ae_title=options["called"],
                network=options["network"],
                certificate_sha256=options["certificate_sha256"],
                by=None,
                at=timezone.now(),
            )
        except peers.InvalidPeerError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{peer.name} may send for {peer.centre_code}: calling {peer.calling_ae_title}, "
            f"called {peer.called_ae_title}, from {peer.network}."
        )
