"""What must not come in does not, for its own reason; the rest of the batch does.

The reasons are a closed list, each with a sentence and a next step.
"""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError
from pydicom.uid import MRImageStorage, SecondaryCaptureImageStorage

from imaging import queries
from imaging.archive.configured import configured_archive
from imaging.ingest.reasons import ALL_REASONS
from imaging.models import IngestedFile, Instance, Study
from registry.models import Centre
from tests.factories.dicom_files import ct_instance, slice_uid, zip_of
from tests.integration.imaging.conftest import Ingest

Maker = Callable[[Path], None]
SOUND = 3


def text(path: Path) -> None:
    path.write_text("Dear colleague, please find enclosed " * 20)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_inside_the_pixels(path: Path) -> None:
    ct_instance(path, index=50)
    path.write_bytes(path.read_bytes()[:-500])


def jpeg(path: Path) -> None:
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(range(256)) * 10)


def mr_image(path: Path) -> None:
    ct_instance(path, index=51, SOPClassUID=MRImageStorage, Modality="MR")


def screenshot(path: Path) -> None:
    ct_instance(path, index=52, SOPClassUID=SecondaryCaptureImageStorage)


def program_in_the_preamble(path: Path) -> None:
    ct_instance(path, index=53, preamble=b"MZ".ljust(128, b"\x90"))


def hostile_uid(path: Path) -> None:
    _with_uid(path, b"../../../../../../tmp/evil.dcm")


def letters_in_uid(path: Path) -> None:
    _with_uid(path, b"1.2.3.drop.table")


def _with_uid(path: Path, uid: bytes) -> None:
    """A SOP Instance UID that no writer would write, in place and of the same length."""
    ct_instance(path, index=54)
    honest = slice_uid(54).encode()
    path.write_bytes(path.read_bytes().replace(honest, uid[: len(honest)].ljust(len(honest), b"x")))


def unsafe_names(path: Path) -> None:
    zip_of(path, [("../../evil.dcm", b"x")])


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.dcm", b"\0" * 30_000_000)


def nested_archive(path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("x", b"x")
    zip_of(path, [("inner.zip", inner.getvalue())])


def cut_archive(path: Path) -> None:
    zip_of(path, [("x", b"x" * 500)])
    path.write_bytes(path.read_bytes()[:-30])


HOSTILE: list[tuple[Maker, str, str]] = [
    (text, "rejected", "not_dicom"),
    (empty, "rejected", "empty_file"),
    (cut_inside_the_pixels, "rejected", "truncated_pixel_data"),
    (jpeg, "rejected", "not_dicom_image"),
    (mr_image, "rejected", "sop_class_not_ct"),
    (screenshot, "quarantined", "sop_class_needs_review"),
    (program_in_the_preamble, "quarantined", "executable_preamble"),
    (hostile_uid, "rejected", "invalid_uid"),
    (letters_in_uid, "rejected", "invalid_uid"),
    (unsafe_names, "rejected", "zip_unsafe_name"),
    (bomb, "rejected", "zip_bomb"),
    (nested_archive, "rejected", "zip_nested"),
    (cut_archive, "rejected", "zip_unreadable"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "sent"
    folder.mkdir()
    for index in range(SOUND):
        ct_instance(folder / f"sound{index}.dcm", index=index)
    return folder


@pytest.mark.parametrize(
    ("make", "result", "reason_code"), HOSTILE, ids=[make.__name__ for make, *_ in HOSTILE]
)
def test_a_bad_file_is_named_and_the_others_go_in(
    folder: Path, ingest: Ingest, make: Maker, result: str, reason_code: str
):
    make(folder / "a_bad_one.dcm")
    ingested = ingest(folder)
    assert ingested.exit_code == 2
    assert ingested.counts["indexed"] == SOUND
    assert ingested.counts["reasons"] == {reason_code: 1}
    assert ingested.counts[result] == 1
    reason = ALL_REASONS[reason_code]
    assert reason.sentence in ingested.lines[0]
    assert reason.remedy in ingested.lines[0]
    kept = list(configured_archive().quarantine_keys())
    assert len(kept) == (result == "quarantined")
    if kept:
        original = folder / "a_bad_one.dcm"
        in_quarantine = configured_archive().root / "quarantine" / str(kept[0])
        assert in_quarantine.read_bytes() == original.read_bytes()


def test_all_of_them_at_once_do_no_more_harm(folder: Path, ingest: Ingest, tmp_path: Path):
    for number, (make, *_) in enumerate(HOSTILE):
        make(folder / f"bad{number:02d}")
    ingested = ingest(folder)
    assert ingested.counts["files"] == SOUND + len(HOSTILE)
    assert ingested.counts["indexed"] == SOUND
    assert ingested.counts["files"] == sum(
        ingested.counts[result] for result in IngestedFile.Result.values
    )
    assert IngestedFile.objects.count() == ingested.counts["files"]
    assert not (tmp_path / "evil.dcm").exists()
    spool = configured_archive().root / "spool"
    assert [path for path in spool.rglob("*") if path.is_file() and path.name != "lock"] == []


def test_unsafe_names_in_a_zip_do_not_keep_the_others_out(
    folder: Path, ingest: Ingest, tmp_path: Path
):
    members = [("../../evil.dcm", b"x")]
    members += [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
    ingested = ingest(zip_of(tmp_path / "cd.zip", members))
    assert ingested.results == {
        "1.1": "rejected zip_unsafe_name", "1.2": "indexed", "1.3": "indexed", "1.4": "indexed"
    }  # fmt: skip


def test_other_pixels_under_the_same_identity_are_a_conflict_and_the_first_stays(
    folder: Path, ingest: Ingest, tmp_path: Path
):
    ingest(folder)
    stored = set(Instance.objects.values_list("stored_sha256", flat=True))
    other = tmp_path / "other.dcm"
    ct_instance(other, index=0)
    content = bytearray(other.read_bytes())
    content[-1] ^= 0xFF
    other.write_bytes(content)
    ingested = ingest(other)
    assert ingested.exit_code == 2
    assert ingested.results == {"1": "conflict pixel_conflict"}
    assert set(Instance.objects.values_list("stored_sha256", flat=True)) == stored
    row = IngestedFile.objects.get(result="conflict")
    assert row.instance is not None
    kept = configured_archive().root / "quarantine" / str(row.quarantine_key)
    assert kept.read_bytes() == bytes(content)


def test_two_files_of_one_delivery_may_be_the_same_or_contradict_each_other(
    ingest: Ingest, tmp_path: Path
):
    paths = [ct_instance(tmp_path / f"{number}.dcm", index=0) for number in range(3)]
    content = bytearray(paths[2].read_bytes())
    content[-1] ^= 0xFF
    paths[2].write_bytes(content)
    assert ingest(*paths).results == {
        "1": "indexed", "2": "duplicate", "3": "conflict pixel_conflict"
    }  # fmt: skip


def test_the_same_pixels_under_another_header_are_a_duplicate_and_the_first_stays(
    folder: Path, ingest: Ingest, tmp_path: Path
):
    """The stored files differ, so only their pixels can tell."""
    ingest(folder)
    stored = set(Instance.objects.values_list("stored_sha256", flat=True))
    again = ct_instance(tmp_path / "again.dcm", index=0, KVP="80")
    assert ingest(again).results == {"1": "duplicate"}
    new = [ct_instance(tmp_path / f"{kvp}.dcm", index=9, KVP=str(kvp)) for kvp in (100, 120)]
    assert ingest(*new).results == {"1": "indexed", "2": "duplicate"}
    assert len(set(Instance.objects.values_list("stored_sha256", flat=True)) - stored) == 1


@pytest.mark.parametrize("damage", ["removed", "other bytes"])
def test_nothing_is_said_of_an_image_that_comes_again_while_the_stored_one_is_damaged(
    damage: str, folder: Path, ingest: Ingest, tmp_path: Path
):
    """Neither duplicate nor conflict would be true."""
    ingest(folder)
    again = ct_instance(tmp_path / "again.dcm", index=0, KVP="80")
    for sha256 in Instance.objects.values_list("stored_sha256", flat=True):
        path = configured_archive().path(sha256)
        if damage == "removed":
            path.unlink()
        else:
            content = path.read_bytes()
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 0xFF]))
    rows = IngestedFile.objects.count()
    with pytest.raises(CommandError):
        ingest(again)
    assert IngestedFile.objects.count() == rows


def test_a_study_of_two_patients_is_quarantined(folder: Path, ingest: Ingest, tmp_path: Path):
    ingest(folder)
    mixed_up = ct_instance(tmp_path / "x.dcm", index=9, PatientID="SOMEBODY-ELSE")
    assert ingest(mixed_up).results == {"1": "quarantined subject_conflict"}


@pytest.mark.parametrize("together", [True, False])
def test_a_study_that_begins_without_a_patient_number_is_of_the_first_one_named(
    centre: Centre, ingest: Ingest, tmp_path: Path, together: bool
):
    """Else whoever comes after the nameless first image would be of the same study."""
    folder = tmp_path / "mixed"
    folder.mkdir()
    paths = [
        ct_instance(folder / f"{index}.dcm", index=index, PatientID=number)
        for index, number in enumerate(["", "CANARYID-4711", "SOMEBODY-ELSE", ""])
    ]
    deliveries = [folder] if together else paths
    results = [result for one in deliveries for result in ingest(one).results.values()]
    assert results == ["indexed", "indexed", "quarantined subject_conflict", "indexed"]
    key = queries.subject_key_of("CANARYID-4711", centre_code="DEMO")
    assert Study.objects.get().subject_key == key


def test_a_series_in_two_studies_is_quarantined(folder: Path, ingest: Ingest, tmp_path: Path):
    ingest(folder)
    mixed_up = ct_instance(tmp_path / "x.dcm", index=9, StudyInstanceUID="1.2.3.4.5")
    assert ingest(mixed_up).results == {"1": "quarantined series_conflict"}
