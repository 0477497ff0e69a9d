"""`manage.py retire_remote_archive NAME`: never connect to an archive again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging.actions import remote_archives
from imaging.models import RemoteArchive
from imaging.queries.remote_archives import by_name


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = "Pull nothing more from an archive and forget its credential. What came from it stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME")

    def handle(self, *, name: str, **_: Any) -> None:
        try:
            archive = by_name(name)
        except RemoteArchive.DoesNotExist as error:
            raise CommandError(f"There is no archive {name!r}, or it is retired.") from error
        remote_archives.retire(archive=archive, by=None, at=timezone.now())
        self.stdout.write(f"{archive.name} is retired.")
