"""`manage.py add_remote_archive NAME --centre CODE --url URL`: register an archive of others."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.actions import remote_archives
from imaging.dicomweb.endpoint import EndpointError, checked_addresses, parse
from imaging.management.registration import checked_centre, checked_name
from imaging.models import RemoteArchive

Authentication = RemoteArchive.Authentication
LONGEST_CREDENTIAL = 4000


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Register a DICOMweb archive from which one centre may pull studies and, with "
        "--receives, to which it may send reads. Its address is checked now and at each use."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="letters, digits, - and _; used once")
        parser.add_argument("--centre", required=True, help="code of the centre that pulls")
        parser.add_argument(
            "--url", required=True, help="what stands before /studies, without name and password"
        )
        credential = parser.add_mutually_exclusive_group()
        credential.add_argument(
            "--basic-from-stdin", action="store_true", help="read name:password from one line"
        )
        credential.add_argument(
            "--bearer-from-stdin", action="store_true", help="read a token from one line"
        )
        parser.add_argument(
            "--private-network",
            action="store_true",
            help="it stands in the hospital's own network, and may speak HTTP without TLS there",
        )

        parser.add_argument(
            "--receives",
            choices=RemoteArchive.Receives.values,
            default=RemoteArchive.Receives.NOTHING,
            help="what may be sent there: signed reads, also with the images they refer to",
        )

    def handle(
        self, *, name: str, centre: str, url: str, private_network: bool, **options: Any
    ) -> None:
        name, centre = checked_name(name), checked_centre(centre)
        try:
            endpoint = parse(url, private=private_network)
            checked_addresses(endpoint, private=private_network, loopback=settings.CRESCENT_DEMO)
        except EndpointError as error:
            raise CommandError(str(error)) from error
        authentication, credential = _credential(
            basic=options["basic_from_stdin"], bearer=options["bearer_from_stdin"]
        )
        try:
            remote_archives.register(
                name=name,
                centre_code=centre,
                base_url=str(endpoint),
                authentication=authentication,
                credential=credential,
                private_address_allowed=private_network,
                receives=options["receives"],
                by=None,
                at=timezone.now(),
            )
        except remote_archives.NameTakenError as error:
            raise CommandError(
                f"There is an archive {name!r} already, or was one. Choose another name."
            ) from error
        self.stdout.write(f"{centre} may pull from {name}.")
        if options["receives"] != RemoteArchive.Receives.NOTHING:
            what = RemoteArchive.Receives(options["receives"]).label
            self.stdout.write(f"{centre} may send {what} to {name}.")
        if endpoint.scheme == "http" and credential is not None:
            self.stderr.write("Without TLS the credentials can be read on the way.")


def _credential(*, basic: bool, bearer: bool) -> tuple[Authentication, str | None]:
    if not basic and not bearer:
        return Authentication.NONE, None
    line = sys.stdin.readline(LONGEST_CREDENTIAL).strip()
    if not line or not line.isascii() or not line.isprintable():
        raise CommandError("Standard input has no credential: one line of plain characters.")
    if basic and ":" not in line:
        raise CommandError("Standard input has no name:password.")
    return (Authentication.BASIC if basic else Authentication.BEARER), line
