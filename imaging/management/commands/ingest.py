"""`manage.py ingest PATH… --centre CODE`: take in files, folders and zip archives."""

import json
import os
import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.module_loading import import_string

from imaging import actions, queries
from imaging.actions import StaleBatchError
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.errors import ArchiveError, storage_fault
from imaging.ingest.containers import walk
from imaging.ingest.door import Door
from imaging.ingest.intake import Intake
from imaging.ingest.pool import new_pool
from imaging.ingest.reading_process import ReadingProcessUnavailableError
from imaging.ingest.reasons import ALL_REASONS
from imaging.ingest.recovery import at_start
from imaging.management.progress import Progress
from imaging.models import IngestedFile, IngestRun

SOME_REFUSED = 2
TAKEN_IN = frozenset({IngestedFile.Result.INDEXED, IngestedFile.Result.DUPLICATE})


class Command(BaseCommand):
    requires_system_checks = ()  # about pages and deployment, which it does not touch
    help = (
        "Take in CT images from files, folders and zip archives. Exit code 0: all in; "
        "2: some refused; 1: failed, and what was not listed was not taken in."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--centre", required=True, help="code of the centre the images are of")
        parser.add_argument("--json", action="store_true", help="last line: the counts as JSON")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
        parser.add_argument(
            "--show-names",
            action="store_true",
            help="show file names, which may carry patient names",
        )

    def handle(self, *, paths: list[Path], centre: str, workers: int, **options: Any) -> None:
        if not import_string(settings.CENTRE_EXISTS)(centre):
            raise CommandError(f"There is no centre {centre!r}. Use the code of an existing one.")
        missing = sum(not path.exists() for path in paths)
        if missing:
            raise CommandError(f"{missing} of the paths given do not exist. Nothing was taken in.")
        data = settings.CRESCENT_DATA.resolve()
        if any(data.is_relative_to(path.resolve()) for path in paths):
            raise CommandError(
                "One of the folders given holds the registry's own data, which would be taken in "
                "again while it grows. Name the folder of the images. Nothing was taken in."
            )
        if workers < 1:
            raise CommandError("--workers must be at least 1.")
        self._names = options["show_names"]
        try:
            summary = self._ingest(paths=paths, centre=centre, workers=workers)
        except (ArchiveError, ReadingProcessUnavailableError) as error:
            raise CommandError(str(error)) from error
        except StaleBatchError as error:
            raise CommandError(
                "Others are storing the same images at this moment. What was listed is safe; "
                "run the command again."
            ) from error
        except OSError as error:
            raise CommandError(str(storage_fault(error.errno))) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database could not keep the record ({type(error).__name__}). What was "
                "listed is safe; the rest was not taken in. Check the disk and the database, "
                "then run the command again."
            ) from error
        self._report(summary, as_json=options["json"])
        if any(summary[result] for result in ("conflict", "quarantined", "rejected")):
            sys.exit(SOME_REFUSED)

    def _ingest(self, *, paths: list[Path], centre: str, workers: int) -> dict[str, Any]:
        archive = configured_archive()
        at_start(archive=archive, partial_files=configured_partial_files(), clock=timezone.now)
        run = actions.start_run(
            centre_code=centre,
            source=IngestRun.Source.COMMAND_LINE,
            by=None,
            at=timezone.now(),
        )
        self.stdout.write(f"run {run.public_id}")
        self.stdout.flush()
        self._progress = Progress(paths, to=self.stderr)
        counts: Counter[str] = Counter()
        reasons: Counter[str] = Counter()
        with (
            new_pool(size=workers) as pool,
            Intake(pool=pool, archive=archive, clock=timezone.now) as intake,
        ):
            door = Door(run=run, by=None, intake=intake)
            for row in door.take_in(self._progress.counted(walk(paths))):
                counts[row.result] += 1
                if row.reason_code:
                    reasons[row.reason_code] += 1
                self._tell(row, done=counts.total())
        actions.count_ignored(run=run, positions=door.ignored)
        run = actions.finish_run(run=run, by=None, at=timezone.now())
        return {
            "files": counts.total(),
            **{result: counts[result] for result in IngestedFile.Result.values},
            "ignored": len(door.ignored),
            "reasons": dict(sorted(reasons.items())),
            "studies": [str(public_id) for public_id in queries.studies_of_run(run)],
        }

    def _tell(self, row: IngestedFile, *, done: int) -> None:
        """One line per file, flushed: what is printed is durable."""
        place = f"{row.position}.{row.entry}" if row.entry else f"{row.position}"
        line = f"{place} {row.result}"
        if row.reason_code:
            reason = ALL_REASONS[row.reason_code]
            line += f" {reason.reason_code}: {reason.sentence} {reason.remedy}"
        if self._names and row.name:
            line += f" [{row.name!r}]"
        self.stdout.write(line)
        self.stdout.flush()
        self._progress.show(done)

    def _report(self, summary: dict[str, Any], *, as_json: bool) -> None:
        self._progress.end()
        if as_json:
            self.stdout.write(json.dumps(summary))
            return
        parts = [f"{summary[result]} {result}" for result in [*IngestedFile.Result, "ignored"]]
        self.stdout.write(f"{summary['files']} files: {', '.join(parts)}.")
