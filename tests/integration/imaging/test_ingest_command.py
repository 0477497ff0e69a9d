"""`manage.py ingest`: a series goes in, once, in order, without a trace of who it shows."""

import io
import json
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from imaging.archive.configured import configured_archive
from imaging.models import IngestedFile, IngestRun, Instance, Series, Study
from imaging.queries import subject_key_of
from registry.models import HistoryEvent
from tests.factories.dicom_files import (
    IDENTIFYING_VALUES,
    SeriesPlan,
    ct_instance,
    ct_series,
    enhanced_ct_instance,
    zip_of,
)
from tests.integration.imaging.conftest import Ingest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    return folder


def test_a_series_is_indexed_and_sent_again_a_duplicate(folder: Path, ingest: Ingest):
    ct_series(folder, SeriesPlan(slices=20))
    (folder / "LICENSE").write_text("a paper that comes with the data")
    first = ingest(folder)
    assert first.exit_code == 0
    study = Study.objects.get()
    assert first.counts == {
        "files": 20,
        "indexed": 20,
        "duplicate": 0,
        "conflict": 0,
        "quarantined": 0,
        "rejected": 0,
        "ignored": 1,
        "reasons": {},
        "studies": [str(study.public_id)],
    }
    again = ingest(folder)
    assert again.exit_code == 0
    assert (again.counts["files"], again.counts["duplicate"]) == (20, 20)
    assert again.counts["studies"] == [str(study.public_id)]
    assert Instance.objects.count() == 20
    assert len(list(configured_archive().stored_files())) == 20


def test_the_study_belongs_to_the_person_the_source_names(folder: Path, ingest: Ingest):
    ct_instance(folder / "1.dcm")
    ingest(folder)
    study = Study.objects.get()
    number = IDENTIFYING_VALUES["PatientID"]
    assert study.subject_key == subject_key_of(number, centre_code="DEMO")
    assert study.subject_key != subject_key_of(number, centre_code="OTHER")
    assert (study.centre_code, str(study.study_date)) == ("DEMO", "2024-03-05")


def test_the_same_images_are_two_studies_in_two_centres(
    folder: Path, ingest: Ingest, other_centre: object
):
    ct_series(folder, SeriesPlan(slices=3))
    assert ingest(folder).counts["indexed"] == 3
    assert ingest(folder, centre_code="OTHER").counts["indexed"] == 3
    assert Study.objects.count() == 2


@pytest.mark.parametrize(
    ("plan", "codes"),
    [
        (SeriesPlan(), ["even_spacing"]),
        (SeriesPlan(gap_after=4), ["gap"]),
        (SeriesPlan(duplicate_of=2), ["even_spacing", "duplicate_position"]),
        (SeriesPlan(tilt_deg=12), ["even_spacing", "gantry_tilt"]),
        (SeriesPlan(localiser=True), ["even_spacing", "localiser_inside"]),
    ],
    ids=["even", "gap", "duplicate position", "tilt", "localiser"],
)
def test_the_geometry_is_judged_and_named(
    folder: Path, ingest: Ingest, plan: SeriesPlan, codes: list[str]
):
    ct_series(folder, plan)
    ingest(folder)
    series = Series.objects.get()
    assert series.geometry_codes == codes
    assert series.mpr_allowed is (set(codes) <= {"even_spacing", "localiser_inside"})
    count = Instance.objects.count()
    assert sorted(Instance.objects.values_list("slice_index", flat=True)) == list(range(count))


def test_the_verdict_is_given_anew_when_more_slices_arrive(folder: Path, ingest: Ingest):
    paths = ct_series(folder, SeriesPlan(slices=10))
    ingest(*paths[:3], *paths[6:])
    assert Series.objects.get().geometry_codes == ["gap"]
    ingest(folder)
    assert Series.objects.get().geometry_codes == ["even_spacing"]


def test_no_name_is_printed_unless_asked_for_nor_stored_in_clear(
    folder: Path, ingest: Ingest, capfd: pytest.CaptureFixture[str]
):
    ct_instance(folder / "DOE^JOHN_1953-07-17.dcm")
    (folder / "DOE^JANE.dcm").write_text("no image")
    hidden = ingest(folder)
    shown = ingest(folder, show_names=True)
    assert "DOE^" not in json.dumps([hidden.lines, hidden.counts])
    assert "DOE" in " ".join(shown.lines)
    assert "DOE^" not in "".join(capfd.readouterr())
    sealed = bytes(
        IngestedFile.objects.extra(select={"raw": "name"}).values_list("raw", flat=True)[0]
    )
    assert b"DOE^" not in sealed
    assert "DOE^" in (IngestedFile.objects.earliest("id").name or "")
    assert b"DOE^" not in b"".join(
        str(path).encode() for path in configured_archive().root.rglob("*")
    )


def test_each_batch_and_the_run_are_in_the_history(folder: Path, ingest: Ingest):
    ct_series(folder, SeriesPlan(slices=40))
    ingest(folder)
    events = HistoryEvent.objects.filter(chain__code="DEMO").order_by("sequence")
    actions = [event.action for event in events if "ingest" in event.action]
    assert (actions[0], actions[-1]) == ("start_ingest", "finish_ingest")
    assert set(actions[1:-1]) == {"ingest_batch"}
    run = IngestRun.objects.get()
    assert {event.object_id for event in events if "ingest" in event.action} == {run.public_id}
    batches = events.filter(action="ingest_batch")
    assert sum(batch.changes["indexed"][1] for batch in batches) == 40
    assert {len(batch.changes["stored_digest"][1]) for batch in batches} == {64}


def test_a_zip_archive_is_read_entry_by_entry(folder: Path, ingest: Ingest, tmp_path: Path):
    paths = ct_series(folder, SeriesPlan(slices=3))
    archive = zip_of(
        tmp_path / "cd.zip",
        [
            ("IMAGES/", b""),
            ("DICOMDIR", b"index"),
            *[(f"IMAGES/{path.name}", path.read_bytes()) for path in paths],
        ],
    )
    ingested = ingest(archive)
    assert ingested.results == {"1.2": "indexed", "1.3": "indexed", "1.4": "indexed"}
    assert ingested.counts["ignored"] == 1


def test_an_enhanced_image_is_one_instance_of_many_frames(folder: Path, ingest: Ingest):
    enhanced_ct_instance(folder / "enhanced.dcm", frames=4)
    assert ingest(folder).counts["indexed"] == 1
    instance = Instance.objects.get()
    assert (instance.frames, instance.slice_index) == (4, 0)
    series = instance.series
    assert (series.geometry_codes, series.mpr_allowed) == (["even_spacing"], True)
    assert (series.geometry["spacing_mm"], series.geometry["volume_slices"]) == (2.0, 4)


def test_stored_files_open_in_another_toolkit_with_the_same_pixels(folder: Path, ingest: Ingest):
    (path,) = ct_series(folder, SeriesPlan(slices=1))
    ingest(folder)
    instance = Instance.objects.get()
    blob = configured_archive().path(instance.stored_sha256)
    opened = subprocess.run(["dcmdump", "+L", str(blob)], capture_output=True, text=True)
    assert (opened.returncode, opened.stderr) == (0, "")
    assert f"[{instance.sop_instance_uid}]" in opened.stdout
    stored = blob.read_bytes()
    pixels = stored[instance.pixel_offset : instance.pixel_offset + instance.pixel_length]
    assert path.read_bytes().endswith(pixels)
    for keyword, value in IDENTIFYING_VALUES.items():
        if keyword not in ("PatientSex", "PatientAge"):
            assert value.encode() not in stored, keyword


def test_an_unknown_centre_is_refused_before_anything_is_read(folder: Path, centre: object):
    ct_instance(folder / "1.dcm")
    with pytest.raises(CommandError, match="no centre 'NOWHERE'"):
        call_command("ingest", str(folder), centre="NOWHERE", stdout=io.StringIO())
    assert not IngestRun.objects.exists()


def test_a_path_that_does_not_exist_is_refused_without_repeating_it(centre: object):
    with pytest.raises(CommandError) as refusal:
        call_command("ingest", "/nowhere/DOE^JOHN", centre="DEMO", stdout=io.StringIO())
    assert "DOE^" not in str(refusal.value)


def test_a_folder_that_holds_the_registrys_own_data_is_refused(
    centre: object, crescent_data: Path, folder: Path
):
    ct_instance(folder / "1.dcm")
    for holds_it in (crescent_data, crescent_data.parent):
        with pytest.raises(CommandError, match="the registry's own data"):
            call_command("ingest", str(folder), str(holds_it), centre="DEMO", stdout=io.StringIO())
    assert not IngestRun.objects.exists()


def test_an_empty_folder_is_no_failure(folder: Path, ingest: Ingest):
    assert ingest(folder).counts["files"] == 0


def test_the_command_has_its_own_help():
    """The exit codes are part of the interface other software relies on."""
    from imaging.management.commands.ingest import Command

    for code in ("0: all in", "2: some refused", "1: failed"):
        assert code in Command.help
