"""`manage.py pull NAME --accession-number`: bring studies in from a registered archive."""

import getpass
import json
import sys
from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from imaging import queries
from imaging.actions.remote_archives import search
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.dicomweb import pull
from imaging.dicomweb.archive_connection import ArchiveAnswerError, ArchiveUnreachableError
from imaging.dicomweb.remote_archive_client import (
    FoundStudy,
    RemoteArchiveClient,
    SearchBy,
    SearchTermError,
)
from imaging.ingest.intake import Intake
from imaging.ingest.pool import new_pool
from imaging.ingest.recovery import at_start
from imaging.models import IngestedFile, IngestRun, RemoteArchive
from imaging.queries import remote_archives

SOME_REFUSED = 2
READ_IT = "-"


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Search a registered archive and take in what it finds. The number is asked for or read "
        "from standard input, so that no list of commands keeps it. Exit code 0: all in; 2: some "
        "refused; 1: failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="of the registered archive")
        term = parser.add_mutually_exclusive_group(required=True)
        for option in ("--accession-number", "--patient-id"):
            term.add_argument(
                option,
                nargs="?",
                const=READ_IT,
                metavar="NUMBER",
                help="without NUMBER, or with -, it is asked for or read from standard input",
            )
        chosen = parser.add_mutually_exclusive_group()
        chosen.add_argument(
            "--study", type=int, action="append", metavar="N", help="the Nth of those found"
        )
        chosen.add_argument("--all", action="store_true", help="every study found")
        parser.add_argument("--json", action="store_true", help="last line: the counts as JSON")
        parser.add_argument("--workers", type=int, default=2)

    def handle(self, *, name: str, workers: int, **options: Any) -> None:
        try:
            archive = remote_archives.by_name(name)
        except RemoteArchive.DoesNotExist as error:
            raise CommandError(
                f"There is no archive {name!r}. Register it with `manage.py add_remote_archive`."
            ) from error
        if workers < 1:
            raise CommandError("--workers must be at least 1.")
        by: SearchBy = "patient_id" if options["patient_id"] is not None else "accession_number"
        client = RemoteArchiveClient(archive)
        term = _term(options[by])
        search(archive=archive, searched_by=by, by=None, at=timezone.now())
        try:
            found = client.search(by=by, term=term)
        except (SearchTermError, ArchiveUnreachableError, ArchiveAnswerError) as error:
            raise CommandError(str(error)) from error
        if found.others:
            self.stderr.write(f"{found.others} other studies were left out: not as asked for.")
        if not found.studies:
            raise CommandError("The archive has no such study.")
        studies = self._chosen(found.studies, numbers=options["study"], every=options["all"])
        try:
            counts, reasons, ids = self._take_in(
                studies, client=client, archive=archive, workers=workers
            )
        except pull.UNAVAILABLE as error:
            raise CommandError(
                f"The images could not be stored ({type(error).__name__}). What was listed is "
                "safe. Check the disk and the database, then pull again."
            ) from error
        self._report(counts, reasons, ids, as_json=options["json"])
        if any(counts[result] for result in ("conflict", "quarantined", "rejected")):
            sys.exit(SOME_REFUSED)

    def _chosen(
        self, studies: list[FoundStudy], *, numbers: list[int] | None, every: bool
    ) -> list[FoundStudy]:
        for number, study in enumerate(studies, 1):
            day = study.study_date.isoformat() if study.study_date else "no date"
            count = "?" if study.instances is None else study.instances
            self.stdout.write(f"{number}: {day} {'/'.join(study.modalities)} {count} images")
        if every or (numbers is None and len(studies) == 1):
            return studies
        if numbers is None:
            raise CommandError("Several studies: choose with --study N, or take all with --all.")
        if not set(numbers) <= set(range(1, len(studies) + 1)):
            raise CommandError("--study is a number of the list above.")
        return [studies[number - 1] for number in sorted(set(numbers))]

    def _take_in(
        self,
        studies: list[FoundStudy],
        *,
        client: RemoteArchiveClient,
        archive: RemoteArchive,
        workers: int,
    ) -> tuple[Counter[str], Counter[str], list[str]]:
        local = configured_archive()
        at_start(archive=local, partial_files=configured_partial_files(), clock=timezone.now)
        counts: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        ids: list[str] = []
        with (
            new_pool(size=workers) as pool,
            Intake(pool=pool, archive=local, clock=timezone.now) as intake,
        ):
            for study in studies:
                run = pull.start(archive, study, by=None, at=timezone.now())
                self.stdout.write(f"run {run.public_id}")
                self.stdout.flush()
                run, outcomes = pull.take_in(
                    run,
                    study,
                    client=client,
                    intake=intake,
                    archive=local,
                    by=None,
                    clock=timezone.now,
                )
                counts.update(outcome.result for outcome in outcomes)
                reasons.update(outcome.reason_code for outcome in outcomes if outcome.reason_code)
                ids += _studies(run)
        return counts, reasons, ids

    def _report(
        self, counts: Counter[str], reasons: Counter[str], ids: list[str], *, as_json: bool
    ) -> None:
        if as_json:
            summary = {
                "files": counts.total(),
                **{result: counts[result] for result in IngestedFile.Result.values},
                "ignored": 0,
                "reasons": dict(sorted(reasons.items())),
                "studies": ids,
            }
            self.stdout.write(json.dumps(summary))
            return
        for reason_code, count in sorted(reasons.items()):
            self.stdout.write(f"{count} {reason_code}")
        parts = [f"{counts[result]} {result}" for result in IngestedFile.Result.values]
        self.stdout.write(f"{counts.total()} files: {', '.join(parts)}.")


def _studies(run: IngestRun) -> list[str]:
    return [str(public_id) for public_id in queries.studies_of_run(run)]


def _term(given: str) -> str:
    if given != READ_IT:
        return given
    if sys.stdin.isatty():
        return getpass.getpass("Number: ")
    return sys.stdin.readline(1000)
