"""`manage.py send_read READ --archive NAME`: store a signed read at a registered archive."""

import sys
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.models import RemoteArchive
from imaging.outbound import ImageUnavailableError
from imaging.queries import remote_archives
from registry import queries
from registry.actions.read_sendings import NotReceivingError
from registry.exchange import sending
from registry.exchange.signed_read import NoImagesError
from registry.models import Read, ReadSending
from registry.presenters import read_sendings

NOT_ALL_ARRIVED = 2


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Store a signed read at a registered archive, as structured report and key images. "
        "It may be repeated. Exit code 0: all arrived; 2: not all did; 1: failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("read", type=UUID, metavar="READ", help="the id in its address")
        parser.add_argument("--archive", required=True, metavar="NAME")
        parser.add_argument(
            "--with-images",
            action="store_true",
            help="also the images it refers to, where the archive lacks them",
        )

    def handle(self, *, read: UUID, archive: str, with_images: bool, **options: Any) -> None:
        try:
            signed = queries.read_sendings.for_command(public_id=str(read))
            receiving = remote_archives.by_name(archive)
        except Read.DoesNotExist as error:
            raise CommandError("There is no signed read with this id.") from error
        except RemoteArchive.DoesNotExist as error:
            raise CommandError(f"There is no archive {archive!r}.") from error
        try:
            sent = sending.send(
                signed, receiving, with_images=with_images, by=None, clock=timezone.now
            )
        except NoImagesError as error:
            raise CommandError(read_sendings.NO_IMAGES) from error
        except (ImageUnavailableError, NotReceivingError) as error:
            raise CommandError(str(error)) from error
        words = read_sendings.present(sent)
        for file in words.files:
            self.stdout.write(file.line)
        self.stdout.write(words.summary)
        if sent.outcome != ReadSending.Outcome.SENT:
            sys.exit(NOT_ALL_ARRIVED)
