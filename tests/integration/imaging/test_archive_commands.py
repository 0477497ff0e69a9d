"""`verify_archive` names damage; `recover` repairs what a crash leaves."""

import hashlib
import os
import time
import uuid
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from imaging.archive.archive import SpooledBlob, SpooledOriginal
from imaging.archive.configured import configured_archive
from imaging.archive.local_files import LocalFiles
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


def orphan(archive: LocalFiles, *, seconds_old: int) -> str:
    path = archive.spool_path()
    path.write_bytes(b"stored, but its delivery was killed before the row was written")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    size_bytes = path.stat().st_size
    then = time.time() - seconds_old
    os.utime(path, (then, then))
    archive.put([SpooledBlob(path, sha256, size_bytes)])
    return sha256


def test_a_sound_archive_is_sound(archive: LocalFiles):
    assert verified() == (0, "5 stored files sound, 0 damaged.\n")


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
    assert "DOE" not in said


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


def test_a_file_without_a_row_is_damage_until_recovery_sets_it_aside(archive: LocalFiles):
    sha256 = orphan(archive, seconds_old=120)
    code, said = verified()
    assert code == 3
    assert "bytes without a row" in said
    assert sha256 in recovered()
    assert verified()[0] == 0
    assert (archive.root / "orphans" / f"{sha256}.dcm").exists()
    assert "0 stored files without a row" in recovered()


def test_a_file_that_was_stored_a_moment_ago_is_left_alone(archive: LocalFiles):
    """The database server may still be committing for a process that has just died."""
    sha256 = orphan(archive, seconds_old=0)
    assert sha256 not in recovered()
    assert archive.exists(sha256)


def test_a_quarantined_file_without_a_row_is_set_aside(archive: LocalFiles):
    """But not at once, for the same reason."""
    path = archive.spool_path()
    path.write_bytes(b"x")
    key = uuid.uuid4()
    archive.put([], originals=[SpooledOriginal(path, key)])
    assert verified()[0] == 3
    assert str(key) not in recovered()
    then = time.time() - 120
    os.utime(archive.original_path(key), (then, then))
    assert str(key) in recovered()
    assert verified()[0] == 0


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
