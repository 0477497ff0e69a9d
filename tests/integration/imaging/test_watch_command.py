"""`manage.py watch`: what is dropped into a folder goes through the door, once."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from imaging.archive.configured import configured_archive
from imaging.archive.errors import BlobMissingError, storage_fault
from imaging.archive.local_files import LocalFiles
from imaging.ingest.intake import Intake
from imaging.ingest.pool import new_pool
from imaging.ingest.watched_folder import WatchedFolder
from imaging.ingest.watching import Burst
from imaging.models import IngestedFile, IngestRun, Instance, Series
from registry.models import Centre
from tests.factories.dicom_files import SeriesPlan, ct_series, zip_of
from tests.faults.installation import Installation, kill_group

Watch = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "DOE^JOHN"
    made.mkdir()
    return made


@pytest.fixture
def watch(centre: Centre, folder: Path) -> Watch:
    def run(**options: Any) -> str:
        said = StringIO()
        call_command(
            "watch", str(folder), centre="DEMO", once=True, workers=1, stdout=said, stderr=said,
            **{"stable_seconds": 0.0, "quiet_seconds": 0.0} | options,
        )  # fmt: skip
        return said.getvalue()

    return run


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_are_taken_in_and_put_away(watch: Watch, folder: Path):
    (folder / "a").mkdir()
    ct_series(folder / "a", SeriesPlan(slices=3))
    (folder / "note.txt").write_text("no image at all, only text " * 10)
    (folder / "DICOMDIR").write_bytes(b"x")
    said = watch()
    assert files_below(folder) == [
        "done/DICOMDIR", "done/a/0000.dcm", "done/a/0001.dcm", "done/a/0002.dcm",
        "refused/note.txt",
    ]  # fmt: skip
    run = IngestRun.objects.get()
    assert (run.source, run.ignored_count) == ("watch_folder", 1)
    assert run.finished_at is not None
    assert Series.objects.get().geometry_codes == ["even_spacing"]
    assert "rejected not_dicom" in said
    assert "3 indexed, 0 duplicate" in said
    assert not re.search(r"DOE|note|0001", said.replace(str(run.public_id), ""))


def test_more_files_than_are_taken_at_once_come_into_one_delivery(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("imaging.management.commands.watch.FILES_AT_ONCE", 2)
    ct_series(folder, SeriesPlan(slices=5))
    assert "5 indexed" in watch()
    assert IngestRun.objects.count() == 1


def test_what_was_put_away_is_not_read_again(watch: Watch, folder: Path):
    ct_series(folder, SeriesPlan(slices=2))
    watch()
    assert watch() == ""
    assert IngestRun.objects.count() == 1


def test_the_same_names_dropped_again_overwrite_nothing(watch: Watch, folder: Path):
    for _ in range(3):
        ct_series(folder, SeriesPlan(slices=1))
        watch()
    assert files_below(folder) == ["done/0000.dcm", "done/0000.dcm.2", "done/0000.dcm.3"]
    assert Instance.objects.count() == 1
    assert IngestedFile.objects.filter(result="duplicate").count() == 2


def test_files_that_are_in_can_be_removed(watch: Watch, folder: Path):
    ct_series(folder, SeriesPlan(slices=2))
    (folder / "note.txt").write_text("no image at all, only text " * 10)
    watch(remove=True)
    assert files_below(folder) == ["refused/note.txt"]


def test_an_archive_with_one_bad_entry_waits_for_somebody(
    watch: Watch, folder: Path, tmp_path: Path
):
    (tmp_path / "in").mkdir()
    members = [(path.name, path.read_bytes()) for path in ct_series(tmp_path / "in")]
    zip_of(folder / "good.zip", members)
    zip_of(folder / "mixed.zip", [("../x", b"x"), ("DICOMDIR", b"x"), *members])
    watch()
    assert files_below(folder) == ["done/good.zip", "refused/mixed.zip"]


def test_another_archive_under_a_name_that_was_read_before_is_read_itself(
    centre: Centre, folder: Path, tmp_path: Path
):
    """A process that reads remembers the archive it has open: the next one may bear its name."""
    folders = [tmp_path / str(number) for number in range(2)]
    archive, watched = configured_archive(), WatchedFolder(folder, stable_seconds=0.0)
    taken_in = []
    with (
        new_pool(size=1) as pool,
        Intake(pool=pool, archive=archive, clock=timezone.now) as intake,
    ):
        for number, made in enumerate(folders):
            made.mkdir()
            paths = ct_series(made, SeriesPlan(slices=2), SeriesInstanceUID=f"1.2.3.{number}")
            members = [
                (path.name, path.read_bytes().replace(b"1.2.826.0.1", b"1.2.826.0.%d" % number))
                for path in paths
            ]
            zip_of(folder / "study.zip", members)
            burst = Burst(
                folder=watched, intake=intake, centre_code="DEMO", clock=timezone.now, remove=True
            )
            taken_in += list(
                burst.take_in(watched.settled(now_seconds=float(number)), now_seconds=float(number))
            )
            burst.close()
    assert [row.result for row in taken_in] == ["indexed"] * 4
    assert files_below(folder) == []


def test_links_are_not_followed(watch: Watch, folder: Path, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    target = ct_series(tmp_path / "elsewhere", SeriesPlan(slices=1))[0]
    (folder / "link.dcm").symlink_to(target)
    (folder / "folder").symlink_to(target.parent)
    os.mkfifo(folder / "pipe")
    assert watch() == ""
    assert target.exists()
    assert not IngestedFile.objects.exists()


def test_a_file_is_complete_once_it_stays_as_it_is(folder: Path):
    watched = WatchedFolder(folder, stable_seconds=5)
    file = folder / "x.dcm"
    file.write_bytes(b"half")
    assert watched.settled(now_seconds=0) == []
    assert watched.has_files
    file.write_bytes(b"half and half")
    assert watched.settled(now_seconds=5) == []
    assert watched.settled(now_seconds=9) == []
    assert [one.path for one in watched.settled(now_seconds=10)] == [file]


def test_a_file_that_changes_while_it_is_read_stays_where_it_is(folder: Path):
    watched = WatchedFolder(folder, stable_seconds=0)
    file = folder / "x.dcm"
    file.write_bytes(b"first")
    (settled,) = watched.settled(now_seconds=0)
    file.write_bytes(b"first and more")
    assert not watched.put_away(settled, taken_in=True, remove=True)
    assert file.exists()


def test_a_full_disk_leaves_the_files_until_there_is_room(
    watch: Watch, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    ct_series(folder, SeriesPlan(slices=2))
    faults = iter([28])
    put = LocalFiles.put

    def fail_once(self: LocalFiles, *args: Any, **kwargs: Any) -> None:
        for number in faults:
            raise storage_fault(number)
        put(self, *args, **kwargs)

    monkeypatch.setattr(LocalFiles, "put", fail_once)
    monkeypatch.setattr("imaging.management.commands.watch.TRY_AGAIN_SECONDS", 0.0)
    monkeypatch.setattr("imaging.ingest.watched_folder.TRY_AGAIN_SECONDS", 0.0)
    said = watch()
    assert "trying again in 0 s, others first: The storage is full." in said
    assert files_below(folder) == ["done/0000.dcm", "done/0001.dcm"]
    assert Instance.objects.count() == 2


def test_a_file_that_fails_again_and_again_stops_no_other(
    watch: Watch, folder: Path, tmp_path: Path
):
    """Its stored bytes are lost, and what comes again has the pixels but not the bytes."""
    ct_series(folder, SeriesPlan(slices=1))
    watch(remove=True)
    stored = configured_archive().path(Instance.objects.get().stored_sha256)
    kept = stored.rename(tmp_path / "kept")
    _, *others = ct_series(folder, SeriesPlan(slices=4), ConvolutionKernel="B60s")
    archive, watched = configured_archive(), WatchedFolder(folder, stable_seconds=0.0)
    with new_pool(size=1) as pool, Intake(pool=pool, archive=archive, clock=timezone.now) as intake:
        burst = Burst(
            folder=watched, intake=intake, centre_code="DEMO", clock=timezone.now, remove=True
        )
        with pytest.raises(BlobMissingError):
            list(burst.take_in(watched.settled(now_seconds=0.0), now_seconds=0.0))
        assert [file.path for file in watched.settled(now_seconds=1.0)] == others
        list(burst.take_in(watched.settled(now_seconds=1.0), now_seconds=1.0))
        burst.close()
    assert files_below(folder) == ["0000.dcm"]
    assert Instance.objects.count() == 4
    kept.rename(stored)
    said = watch(remove=True)
    assert "1 duplicate" in said
    assert files_below(folder) == []


def test_a_file_that_failed_waits_longer_each_time_and_holds_no_delivery_open(folder: Path):
    file = folder / "x.dcm"
    file.write_bytes(b"x")
    watched = WatchedFolder(folder, stable_seconds=0)
    due = 0.0
    for waited in (10.0, 20.0, 40.0, 60.0, 60.0):
        (settled,) = watched.settled(now_seconds=due)
        watched.put_off(settled, now_seconds=due)
        assert watched.settled(now_seconds=due + waited - 1) == []
        assert not watched.has_files
        assert watched.has_put_off
        due += waited
    file.write_bytes(b"another file under the same name")
    assert [one.path for one in watched.settled(now_seconds=due - 59)] == [file]


def test_a_folder_has_one_watcher(watch: Watch, folder: Path):
    with (
        WatchedFolder(folder, stable_seconds=0).watched_alone(),
        pytest.raises(CommandError, match="Another process"),
    ):
        watch()


def test_a_folder_that_cannot_be_meant_is_refused(watch: Watch, folder: Path, crescent_data: Path):
    for wrong in (folder / "missing", crescent_data, crescent_data / "spool"):
        with pytest.raises(CommandError):
            call_command("watch", str(wrong), centre="DEMO", once=True)
    with pytest.raises(CommandError, match="no centre"):
        call_command("watch", str(folder), centre="NOWHERE", once=True)


@pytest.mark.faults
@pytest.mark.one_database
def test_killed_in_the_middle_it_takes_in_every_file_once(
    empty_installation: Installation, tmp_path: Path
):
    installation = empty_installation.copy_to(tmp_path / "installation")
    folder = tmp_path / "dropped"
    folder.mkdir()
    ct_series(folder, SeriesPlan(slices=120), rows=64, columns=64)
    arguments = [
        "watch", str(folder), "--centre", "DEMO", "--once", "--stable-seconds", "0",
        "--quiet-seconds", "0", "--workers", "1",
    ]  # fmt: skip
    for answered in (1, 40):
        process = installation.start(*arguments)
        assert process.stdout is not None
        for _ in range(answered + 1):
            process.stdout.readline()
        kill_group(process)
    done = installation.manage(*arguments)
    assert done.returncode == 0, done.stderr
    assert len(files_below(folder / "done")) == 120
    assert len(installation.stored_hashes()) == 120


@pytest.mark.faults
@pytest.mark.one_database
def test_asked_to_end_it_closes_its_delivery(empty_installation: Installation, tmp_path: Path):
    installation = empty_installation.copy_to(tmp_path / "installation")
    folder = tmp_path / "dropped"
    folder.mkdir()
    ct_series(folder, SeriesPlan(slices=3), rows=64, columns=64)
    process: subprocess.Popen[str] = installation.start(
        "watch", str(folder), "--centre", "DEMO", "--stable-seconds", "0", "--workers", "1"
    )
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(4)]
    assert lines[0].startswith("run ")
    time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "3 indexed" in rest
    assert installation.database.rows(
        "SELECT count(*) FROM imaging_ingestrun WHERE finished_at IS NULL"
    ) == [(0,)]
