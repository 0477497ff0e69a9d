"""`verify_archive` names damage; `recover` repairs what a crash leaves."""

import hashlib
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from imaging.archive.archive import SpooledBlob, SpooledOriginal
from imaging.archive.configured import configured_archive, configured_partial_files
from imaging.archive.local_files import LocalFiles
from imaging.ingest.recovery import at_start, recover
from imaging.ingest.unrecorded import unrecorded_files
from imaging.models import IngestedFile, Instance, Series, Study
from registry.models import HistoryEvent
from tests.factories.dicom_files import SeriesPlan, ct_instance, ct_series
from tests.integration.imaging.conftest import Ingest


@pytest.fixture
def archive(tmp_path: Path, ingest: Ingest) -> LocalFiles:
    folder = tmp_path / "sent"
    folder.mkdir()
    ct_series(folder, SeriesPlan(slices=5))
    ct_instance(folder / "program.dcm", index=50, preamble=b"MZ".ljust(128, b"\0"))
    ingest(folder)
    archive = configured_archive()
    assert isinstance(archive, LocalFiles)
    return archive


def verified(**options: object) -> tuple[int, str]:
    output = StringIO()
    try:
        call_command("verify_archive", stdout=output, **options)
    except SystemExit as exit_:
        return int(str(exit_.code)), output.getvalue()
    return 0, output.getvalue()


def recovered() -> str:
    output = StringIO()
    call_command("recover", stdout=output)
    return output.getvalue()


def some_file(archive: LocalFiles) -> tuple[str, Path]:
    sha256 = next(iter(archive.stored_files()))
    return sha256, archive.path(sha256)


def orphan(archive: LocalFiles, *, number: int = 0) -> str:
    path = archive.spool_path()
    path.write_bytes(b"stored, but its delivery was killed before the row was written %d" % number)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    archive.put([SpooledBlob(path, sha256, path.stat().st_size)])
    return sha256


def orphaned_original(archive: LocalFiles) -> uuid.UUID:
    path = archive.spool_path()
    path.write_bytes(b"x")
    key = uuid.uuid4()
    archive.put([], originals=[SpooledOriginal(path, key)])
    return key


def killed_process(archive: LocalFiles) -> Path:
    """What a process that was killed leaves: its folder in the spool, held by nobody."""
    folder = archive.root / "spool" / uuid.uuid4().hex
    folder.mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "half-a-file").write_bytes(b"x")
    return folder


def test_a_sound_archive_is_sound(archive: LocalFiles):
    assert verified() == (0, "5 stored files, 5 of them read; 0 damages.\n")


def test_a_missing_file_is_named(archive: LocalFiles):
    sha256, path = some_file(archive)
    path.unlink()
    code, said = verified()
    assert code == 3
    assert "row without bytes" in said
    assert sha256 in said


def test_a_flipped_bit_is_named(archive: LocalFiles):
    sha256, path = some_file(archive)
    content = bytearray(path.read_bytes())
    content[700] ^= 1
    path.write_bytes(content)
    code, said = verified()
    assert code == 3
    assert "another hash" in said
    assert sha256 in said


def test_swapped_files_are_named(archive: LocalFiles):
    first, second, *_ = (archive.path(sha256) for sha256 in archive.stored_files())
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    code, said = verified()
    assert (code, said.count("another hash")) == (3, 2)


def test_an_extra_file_is_named_by_its_folder_only(archive: LocalFiles):
    _, path = some_file(archive)
    path.with_name("DOE^JOHN.dcm").write_bytes(b"x")
    code, said = verified()
    assert code == 3
    assert "not of the archive" in said
    assert "DOE^" not in said


def test_a_missing_quarantined_file_is_named(archive: LocalFiles):
    key = next(iter(archive.quarantine_keys()))
    (archive.root / "quarantine" / str(key)).unlink()
    code, said = verified()
    assert code == 3
    assert str(key) in said


def test_within_the_days_of_a_share_every_file_is_read(
    archive: LocalFiles, monkeypatch: pytest.MonkeyPatch
):
    """Presence is checked for all each time; bytes are read for a share that moves on."""
    from datetime import date, timedelta

    from imaging.ingest.verification import verify

    read = []
    monkeypatch.setattr(LocalFiles, "verify", lambda self, sha256: read.append(sha256) or True)
    for day in range(4):
        on = date(2024, 6, 1) + timedelta(days=day)
        assert not any(finding.damage for finding in verify(archive=archive, share=0.25, on=on))
    assert sorted(read) == list(archive.stored_files())


@pytest.mark.parametrize("share", ["0", "1.1", "-1", "many"])
def test_a_senseless_share_is_refused(share: str, centre: object):
    with pytest.raises(CommandError):
        call_command("verify_archive", "--share", share)


def test_an_interrupted_check_goes_on_where_it_was(archive: LocalFiles):
    third = list(Instance.objects.order_by("id"))[2]
    code, said = verified(from_row=third.id)
    assert (code, said) == (0, "5 stored files, 3 of them read; 0 damages.\n")


def test_a_check_that_goes_on_still_misses_no_file_that_is_gone(archive: LocalFiles):
    _, path = some_file(archive)
    path.unlink()
    assert verified(from_row=10**9)[0] == 3


def test_a_long_check_says_how_far_it_is(archive: LocalFiles, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("imaging.management.commands.verify_archive.TOLD_EVERY_FILES", 2)
    rows = [instance.id for instance in Instance.objects.order_by("id")]
    _, said = verified()
    assert f"2 files checked; goes on with --from {rows[1]}\n" in said
    assert f"4 files checked; goes on with --from {rows[3]}\n" in said


def test_a_file_without_a_row_is_damage_until_recovery_sets_it_aside(archive: LocalFiles):
    sha256 = orphan(archive)
    code, said = verified()
    assert code == 3
    assert "bytes without a row" in said
    assert sha256 in recovered()
    assert verified()[0] == 0
    assert (archive.root / "orphans" / f"{sha256}.dcm").exists()
    assert "0 stored files without a row" in recovered()


def test_a_quarantined_file_without_a_row_is_set_aside(archive: LocalFiles):
    key = orphaned_original(archive)
    assert verified()[0] == 3
    assert str(key) in recovered()
    assert verified()[0] == 0


def test_recovery_asks_as_much_of_few_files_as_of_many(
    archive: LocalFiles,
    ingest: Ingest,
    tmp_path: Path,
    django_assert_max_num_queries: Callable[..., AbstractContextManager[None]],
):
    more = tmp_path / "more"
    more.mkdir()
    ct_series(more, SeriesPlan(slices=40))
    ingest(more)
    with django_assert_max_num_queries(20):
        recovered()


def test_a_row_without_bytes_is_told_and_stays(archive: LocalFiles):
    sha256, path = some_file(archive)
    path.unlink()
    output = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("recover", stdout=output)
    assert ended.value.code == 3
    assert f"row without bytes: file {sha256}" in output.getvalue()
    assert Instance.objects.filter(stored_sha256=sha256).exists()


def test_more_files_without_a_row_than_crashes_leave_wait_for_a_person(
    archive: LocalFiles, monkeypatch: pytest.MonkeyPatch
):
    """The database of another archive, or an older one."""
    monkeypatch.setattr("imaging.ingest.recovery.MOST_SET_ASIDE", 2)
    monkeypatch.setattr("imaging.management.commands.recover.MOST_SET_ASIDE", 2)
    orphans = {orphan(archive, number=number) for number in range(3)}
    with pytest.raises(CommandError, match="3 stored files have no row"):
        call_command("recover")
    killed_process(archive)
    at_start(archive=archive, partial_files=configured_partial_files(), clock=timezone.now)
    assert orphans <= set(archive.stored_files())
    output = StringIO()
    call_command("recover", "--set-aside-all", stdout=output)
    assert "3 stored files without a row set aside" in output.getvalue()
    assert not orphans & set(archive.stored_files())


def test_what_was_set_aside_is_removed_after_its_time(archive: LocalFiles):
    """It may be a file as it came, with the name of a patient in it."""
    key = orphaned_original(archive)
    recovered()
    aside = archive.root / "orphans" / str(key)
    assert aside.exists()
    for days, is_there in ((89, True), (91, False)):
        recover(
            archive=archive,
            partial_files=configured_partial_files(),
            clock=lambda days=days: timezone.now() + timedelta(days=days),
            quarantine_days=90,
        )
        assert aside.exists() is is_there


def test_the_start_after_a_kill_sets_aside_what_the_kill_left(
    archive: LocalFiles, ingest: Ingest, tmp_path: Path
):
    folder = killed_process(archive)
    sha256, key = orphan(archive), orphaned_original(archive)
    ingest(tmp_path / "sent")
    assert not archive.exists(sha256)
    assert not archive.has_original(key)
    assert not folder.exists()
    assert verified()[0] == 0


def test_a_start_after_an_orderly_end_reads_no_listing(
    archive: LocalFiles, monkeypatch: pytest.MonkeyPatch
):
    """However much is stored, it costs nothing."""
    listed = []
    monkeypatch.setattr(LocalFiles, "stored_files", lambda self: listed.append(self) or iter(()))
    at_start(archive=archive, partial_files=configured_partial_files(), clock=timezone.now)
    assert listed == []
    killed_process(archive)
    at_start(archive=archive, partial_files=configured_partial_files(), clock=timezone.now)
    assert listed == [archive]


def test_a_recovery_that_was_killed_itself_leaves_the_trace_to_the_next(
    archive: LocalFiles, monkeypatch: pytest.MonkeyPatch
):
    folder = killed_process(archive)
    sha256s = {orphan(archive, number=number) for number in range(3)}

    class KilledError(BaseException):
        pass

    def set_aside_and_die(self: LocalFiles, sha256: str) -> None:
        original(self, sha256)
        raise KilledError

    original = LocalFiles.set_aside
    with monkeypatch.context() as killing:
        killing.setattr(LocalFiles, "set_aside", set_aside_and_die)
        with pytest.raises(KilledError):
            at_start(archive=archive, partial_files=configured_partial_files(), clock=timezone.now)
    assert folder.exists()
    assert len(sha256s & set(archive.stored_files())) == 2
    done = at_start(archive=archive, partial_files=configured_partial_files(), clock=timezone.now)
    assert len(done.orphans_set_aside) == 2
    assert not folder.exists()
    assert verified()[0] == 0


def test_a_file_that_got_its_row_meanwhile_stays(archive: LocalFiles):
    sha256, _ = some_file(archive)
    assert list(unrecorded_files(archive, among=[sha256])) == []


def test_sending_an_orphan_again_gives_it_its_row(
    archive: LocalFiles, ingest: Ingest, tmp_path: Path
):
    """As after a crash between renaming and commit: the bytes are there, the rows are not."""
    count = Instance.objects.count()
    IngestedFile.objects.filter(instance__isnull=False).delete()
    for model in (Instance, Series, Study):
        model.objects.all().delete()
    assert verified()[0] == 3
    assert ingest(tmp_path / "sent").counts["indexed"] == count
    assert verified()[0] == 0


def test_a_duplicate_brings_back_a_stored_file_that_was_lost(
    archive: LocalFiles, ingest: Ingest, tmp_path: Path
):
    sha256, path = some_file(archive)
    path.unlink()
    assert ingest(tmp_path / "sent").counts["duplicate"] == 5
    assert archive.verify(sha256)
    assert verified()[0] == 0


def test_series_left_unjudged_are_judged_with_an_event(archive: LocalFiles):
    Series.objects.update(geometry={}, geometry_codes=[], mpr_allowed=False)
    Instance.objects.update(slice_index=None)
    assert "1 series judged" in recovered()
    assert Series.objects.get().geometry_codes == ["even_spacing"]
    assert HistoryEvent.objects.filter(action="judge_series").count() == 1
    assert "0 series judged" in recovered()
