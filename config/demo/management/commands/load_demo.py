"""`manage.py load_demo`: the synthetic cohort of the demonstration."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo.cohort import plan_cohort
from config.demo.images import DeliveryError, deliver_images, link_and_read
from config.demo.marks import (
    IMAGES_LOADED,
    RECORDS_LOADED,
    SECOND_READS_LOADED,
    SUSPECTS_LOADED,
    THEATRE_LIST_LOADED,
    THERAPY_LOADED,
    is_marked,
    taken_centres,
)
from config.demo.people import DEMO_PASSWORD, sign_in_table
from config.demo.plan import PatientPlan
from config.demo.records import load_records
from config.demo.second_reads import load_second_reads
from config.demo.suspects import deliver_suspects
from config.demo.theatre import load_theatre_list
from config.demo.therapy_records import load_therapy
from imaging.dicom.phantom import DEFAULT_SHAPE
from registry.actions.errors import RegistryError

LOADED = (
    THERAPY_LOADED,
    THEATRE_LIST_LOADED,
    IMAGES_LOADED,
    SECOND_READS_LOADED,
    SUSPECTS_LOADED,
)


class Command(BaseCommand):
    help = (
        "Load the synthetic cohort of the demonstration into an installation with "
        "CRESCENT_DEMO=1. A second run changes nothing; a run that was interrupted is completed "
        "by the next."
    )

    # `make demo` calls it at every start, and the server it starts checks the system anyway.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--log-ins", action="store_true", help="print the accounts and load nothing"
        )
        parser.add_argument(
            "--shape",
            type=int,
            nargs=3,
            default=DEFAULT_SHAPE,
            metavar=("SLICES", "ROWS", "COLUMNS"),
            help="size of the synthetic CTs (default: %(default)s)",
        )

    def handle(self, *, shape: tuple[int, int, int], **options: Any) -> None:
        if not settings.CRESCENT_DEMO:
            raise CommandError(
                "This installation is not a demonstration, and synthetic patients must never "
                "stand among real ones. Set CRESCENT_DEMO=1 and an empty CRESCENT_DATA folder."
            )
        if options["log_ins"]:
            self._print_log_ins()
            return
        if all(map(is_marked, LOADED)):
            self.stdout.write("The demo is loaded.")
            return
        plans = plan_cohort()
        if not is_marked(RECORDS_LOADED):
            self._load_records(plans)
        if not is_marked(THERAPY_LOADED):
            self._tell("Doses, refills, assessments and what came after the operations")
            load_therapy(plans, at=timezone.now())
        if not is_marked(THEATRE_LIST_LOADED):
            load_theatre_list(plans, at=timezone.now())
        try:
            slices, rows, columns = shape
            if not is_marked(IMAGES_LOADED):
                deliver_images(plans, shape=(slices, rows, columns), tell=self._tell)
                link_and_read(plans, at=timezone.now(), shape=(slices, rows, columns))
            if not is_marked(SECOND_READS_LOADED):
                # Later than the first reads: the audit counts what was signed first.
                load_second_reads(plans, at=timezone.now(), shape=(slices, rows, columns))
            deliver_suspects(plans, shape=(slices, rows, columns), at=timezone.now())
        except DeliveryError as error:
            raise CommandError(
                f"A synthetic CT was not taken in: {error}. Run the command again."
            ) from error
        self.stdout.write("The demo is loaded.")

    def _load_records(self, plans: tuple[PatientPlan, ...]) -> None:
        if taken := taken_centres():
            raise CommandError(
                f"Centre {' and '.join(taken)} exists here and was not opened by load_demo. "
                "Nothing was loaded. Use an empty database: set CRESCENT_DATA to a new folder."
            )
        self._tell(f"{len(plans)} patients with devices, cases, contrast studies and operations")
        try:
            load_records(plans, at=timezone.now())
        except RegistryError as error:
            raise CommandError(
                f"The demo does not fit into this database: {error} Nothing was loaded. Use an "
                "empty one: set CRESCENT_DATA to a new folder."
            ) from error

    def _tell(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _print_log_ins(self) -> None:
        self.stdout.write(sign_in_table())
        self.stdout.write(f"Password of every account: {DEMO_PASSWORD}")
