"""Two deliveries of the same study at once: each image once, both deliveries answered."""

import threading
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from imaging import actions
from imaging.archive.configured import configured_archive
from imaging.ingest.containers import walk
from imaging.ingest.door import Door
from imaging.ingest.intake import Intake
from imaging.ingest.pool import new_pool
from imaging.models import IngestedFile, IngestRun, Instance, Series, Study
from tests.factories import registry_records
from tests.factories.dicom_files import SeriesPlan, ct_series

SLICES = 40
DELIVERIES = 3


@pytest.mark.django_db(transaction=True)
def test_the_same_study_sent_several_times_at_once_is_stored_once(tmp_path: Path):
    registry_records.centre("DEMO")
    folder = tmp_path / "sent"
    folder.mkdir()
    ct_series(folder, SeriesPlan(slices=SLICES))
    start = threading.Barrier(DELIVERIES)
    results: list[list[str]] = []
    failures: list[BaseException] = []

    def deliver() -> None:
        try:
            run = actions.start_run(
                centre_code="DEMO",
                source=IngestRun.Source.COMMAND_LINE,
                by=None,
                at=timezone.now(),
            )
            with (
                new_pool(size=1) as pool,
                Intake(pool=pool, archive=configured_archive(), clock=timezone.now) as intake,
            ):
                door = Door(run=run, by=None, intake=intake)
                start.wait()
                results.append([row.result for row in door.take_in(walk([folder]))])
            actions.finish_run(run=run, by=None, at=timezone.now())
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            failures.append(error)
            start.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(DELIVERIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Instance.objects.count() == SLICES
    assert (Study.objects.count(), Series.objects.count()) == (1, 1)
    everything = [result for result_list in results for result in result_list]
    assert everything.count("indexed") == SLICES
    assert everything.count("duplicate") == SLICES * (DELIVERIES - 1)
    assert IngestedFile.objects.count() == SLICES * DELIVERIES
    assert Series.objects.get().geometry_codes == ["even_spacing"]
    assert len(list(configured_archive().stored_files())) == SLICES
