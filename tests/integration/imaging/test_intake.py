"""One intake for many senders: shared flushes, one answer each, nobody answered too early."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from imaging import actions
from imaging.archive.configured import configured_archive
from imaging.archive.errors import StorageFaultError, StorageFullError
from imaging.archive.local_files import LocalFiles
from imaging.dicom.claimed_uids import ClaimedUids
from imaging.ingest.arrival import Arrival
from imaging.ingest.door import Door
from imaging.ingest.intake import Intake, IntakeClosedError
from imaging.ingest.line import Line
from imaging.ingest.pool import Pool, new_pool
from imaging.ingest.reading_process import Answer, Done, ReadingProcessUnavailableError, Refused
from imaging.models import (
    DeidentificationManifest,
    ExclusionRule,
    IngestedFile,
    IngestRun,
    Instance,
    Study,
)
from registry.models import Centre, HistoryEvent
from tests.factories import registry_records
from tests.factories.dicom_files import STUDY_UID, ct_instance, slice_uid

SENDERS = 3
FILES_EACH = 8


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with new_pool(size=2) as running:
        yield running


@pytest.fixture
def intake(pool: Pool) -> Iterator[Intake]:
    with Intake(pool=pool, archive=configured_archive(), clock=timezone.now) as running:
        yield running


def new_run(centre_code: str = "DEMO") -> IngestRun:
    return actions.start_run(
        centre_code=centre_code,
        source=IngestRun.Source.COMMAND_LINE,
        by=None,
        at=timezone.now(),
    )


def arrival(path: Path, position: int = 1, **about: object) -> Arrival:
    return Arrival(position=position, name=path.name, source=path, **about)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_files_of_several_deliveries_are_recorded_together(tmp_path: Path, intake: Intake):
    registry_records.centre("DEMO")
    registry_records.centre("OTHER")
    runs = [new_run("DEMO"), new_run("DEMO"), new_run("OTHER")]
    answers = {}
    for number in range(FILES_EACH):
        for sender, run in enumerate(runs):
            path = ct_instance(tmp_path / f"{sender}-{number}.dcm", index=sender * 100 + number)
            answers[run.id, number + 1] = intake.submit(arrival(path, number + 1), run=run, by=None)
    wait(answers.values())
    for (run_id, position), answer in answers.items():
        row = answer.result().row
        assert (row.run_id, row.position, row.result) == (run_id, position, "indexed")
    assert Instance.objects.count() == SENDERS * FILES_EACH
    assert Study.objects.count() == 2
    events = HistoryEvent.objects.filter(action="ingest_batch")
    for run in runs:
        indexed = [event.changes["indexed"][1] for event in events.filter(object_id=run.public_id)]
        assert sum(indexed) == FILES_EACH
    spool = configured_archive().root / "spool"
    assert [path for path in spool.rglob("*") if path.name != "lock" and path.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_the_sender_learns_which_object_was_meant(tmp_path: Path, intake: Intake):
    registry_records.centre("DEMO")
    run = new_run()
    path = ct_instance(tmp_path / "a.dcm")
    claimed = intake.submit(arrival(path), run=run, by=None).result().claimed
    assert claimed is not None
    assert (claimed.sop_instance_uid, claimed.study_instance_uid) == (slice_uid(0), STUDY_UID)
    other = ClaimedUids(study_instance_uid="1.2.3")
    refused = intake.submit(arrival(path, 2, expected=other), run=run, by=None).result()
    assert (refused.row.reason_code, refused.claimed) == ("uid_mismatch", claimed)


@pytest.mark.django_db(transaction=True)
def test_a_file_sent_again_under_its_place_is_answered_as_before(tmp_path: Path, intake: Intake):
    registry_records.centre("DEMO")
    run = new_run()
    path = ct_instance(tmp_path / "a.dcm")
    both = [intake.submit(arrival(path), run=run, by=None) for _ in range(2)]
    rows = [answer.result().row for answer in both]
    again = intake.submit(arrival(path), run=run, by=None).result().row
    assert {row.id for row in (*rows, again)} == {IngestedFile.objects.get().id}


@pytest.mark.django_db(transaction=True)
def test_a_failing_database_is_told_to_each_sender_and_then_forgotten(
    tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    registry_records.centre("DEMO")
    run = new_run()
    paths = [ct_instance(tmp_path / f"{index}.dcm", index=index) for index in range(4)]

    def broken(**_: object) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "record_batch", broken)
        failed = [
            intake.submit(arrival(path, position), run=run, by=None)
            for position, path in enumerate(paths, 1)
        ]
        assert {type(answer.exception()) for answer in failed} == {OperationalError}
    for position, path in enumerate(paths, 1):
        row = intake.submit(arrival(path, position), run=run, by=None).result().row
        assert row.result == "indexed"


@pytest.mark.django_db(transaction=True)
def test_one_file_that_cannot_be_recorded_fails_alone(
    tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    registry_records.centre("DEMO")
    run = new_run()
    paths = [ct_instance(tmp_path / f"{index}.dcm", index=index) for index in range(4)]
    record_batch = actions.record_batch

    def picky(*, delivered: list[actions.Delivered], **about: object) -> object:
        if any(facts.position == 3 for one in delivered for facts in one.files):
            raise actions.StaleBatchError
        return record_batch(delivered=delivered, **about)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "record_batch", picky)
    answers = [
        intake.submit(arrival(path, position), run=run, by=None)
        for position, path in enumerate(paths, 1)
    ]
    wait(answers)
    failed = [position for position, answer in enumerate(answers, 1) if answer.exception()]
    assert failed == [3]
    assert Instance.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_failing_disk_is_told_to_each_sender(
    tmp_path: Path, intake: Intake, monkeypatch: pytest.MonkeyPatch
):
    registry_records.centre("DEMO")
    run = new_run()
    path = ct_instance(tmp_path / "a.dcm")

    def broken(*_: object, **__: object) -> None:
        raise StorageFaultError("no")

    monkeypatch.setattr(configured_archive(), "put", broken)
    answers = [intake.submit(arrival(path, position), run=run, by=None) for position in range(1, 4)]
    assert {type(answer.exception()) for answer in answers} == {StorageFaultError}
    assert not IngestedFile.objects.exists()


@pytest.mark.django_db
def test_test_images_are_told_by_the_rules_of_the_centre(tmp_path: Path, intake: Intake):
    registry_records.centre("DEMO")
    ExclusionRule.objects.create(
        keyword="StationName", match="word", text="workshop", added_at=timezone.now()
    )
    door = Door(run=new_run(), by=None, intake=intake)
    rows = door.take_in(
        [
            arrival(ct_instance(tmp_path / "1.dcm", StationName="CT workshop"), 1),
            arrival(ct_instance(tmp_path / "2.dcm", index=1, StationName="CT 2"), 2),
        ]
    )
    assert [(row.result, row.reason_code) for row in rows] == [
        ("quarantined", "test_image"),
        ("indexed", ""),
    ]


@pytest.mark.django_db
def test_the_study_keeps_what_its_first_image_that_knows_it_says(tmp_path: Path, intake: Intake):
    registry_records.centre("DEMO")
    door = Door(run=new_run(), by=None, intake=intake)
    unknown = {"PatientSex": "", "PatientBirthDate": "", "BodyPartExamined": "LEFTOVER"}
    list(door.take_in([arrival(ct_instance(tmp_path / "1.dcm", **unknown), 1)]))
    study = Study.objects.get()
    assert (study.patient_sex, study.patient_birth_year, study.body_part) == ("", None, "")
    later = {"PatientSex": "M", "PatientBirthDate": "19600101"}
    list(
        door.take_in(
            [
                arrival(ct_instance(tmp_path / "2.dcm", index=1), 2),
                arrival(ct_instance(tmp_path / "3.dcm", index=2, **later), 3),
            ]
        )
    )
    study.refresh_from_db()
    assert (study.patient_sex, study.patient_birth_year) == ("F", 1953)
    assert study.body_part == "LSPINE"


@pytest.mark.django_db
def test_images_treated_alike_share_one_manifest(tmp_path: Path, intake: Intake):
    registry_records.centre("DEMO")
    door = Door(run=new_run(), by=None, intake=intake)
    paths = [ct_instance(tmp_path / f"{index}.dcm", index=index) for index in range(3)]
    list(door.take_in([arrival(path, position) for position, path in enumerate(paths, 1)]))
    manifest = DeidentificationManifest.objects.get()
    assert set(Instance.objects.values_list("manifest", flat=True)) == {manifest.id}


def test_what_fails_while_it_is_read_leaves_nothing_in_the_spool(centre: Centre, tmp_path: Path):
    """The reading process goes on writing after the file before it in the line has failed."""
    readings = AskedLater(size=1, keys={})
    with readings, Intake(pool=readings, archive=configured_archive(), clock=timezone.now) as later:
        line, run = Line(), new_run()
        one, other = (
            later.begin(arrival(tmp_path, position), run=run, by=None, line=line)
            for position in (1, 2)
        )
        readings.asked[0].set_exception(ReadingProcessUnavailableError())
        assert isinstance(other.answer.exception(), ReadingProcessUnavailableError)
        other.output.write_bytes(b"de-identified")
        readings.asked[1].set_result(Refused("not_dicom"))
        assert not other.output.exists()
        assert not one.output.exists()


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_not_filled_with_copies_for_the_quarantine(
    centre: Centre, pool: Pool, tmp_path: Path
):
    """A sender who tries again and again would otherwise take the rest of it."""
    data = tmp_path / "small disk"
    data.mkdir()
    archive = LocalFiles(data, free_space_floor_bytes=2**62)
    page = ct_instance(tmp_path / "a.dcm", ImageType=["DERIVED", "SECONDARY", "SCREEN SAVE"])
    with Intake(pool=pool, archive=archive, clock=timezone.now) as intake:
        answer = intake.submit(arrival(page), run=new_run(), by=None)
        assert isinstance(answer.exception(), StorageFullError)
    assert {path.name for path in data.rglob("*") if path.is_file()} == {"lock", "storing.lock"}


@pytest.mark.parametrize(
    "nonsense",
    [
        Refused("no_such_reason"),
        Done({"stored_sha256": "x"}),
        {"stored_sha256": "../etc/passwd"},
        {"sop_instance_uid": ["1.2.3"]},
        {"stored_bytes": "many"},
    ],
)
def test_a_reading_process_that_talks_nonsense_spoils_one_file(
    centre: Centre, pool: Pool, tmp_path: Path, nonsense: Answer | dict[str, Any]
):
    """It has read foreign bytes; the files beside it are none of its business."""
    paths = [ct_instance(tmp_path / f"{index}.dcm", index=index) for index in range(2)]
    readings = AskedLater(size=1, keys={})
    with readings, Intake(pool=readings, archive=configured_archive(), clock=timezone.now) as later:
        line, run = Line(), new_run()
        both = [
            later.begin(arrival(path, position), run=run, by=None, line=line)
            for position, path in enumerate(paths, 1)
        ]
        read = [pool.submit(submission.request(())).result() for submission in both]
        if isinstance(nonsense, dict):
            assert isinstance(read[0], Done)
            nonsense = Done(read[0].value | nonsense)
        readings.asked[0].set_result(nonsense)
        readings.asked[1].set_result(read[1])
        rows = [later.settle(submission, gather=2).row for submission in both]
    assert [(row.result, row.reason_code) for row in rows] == [
        ("rejected", "parser_crashed"),
        ("indexed", ""),
    ]


def test_a_file_of_another_patient_does_not_claim_its_series(
    centre: Centre, intake: Intake, tmp_path: Path
):
    """What is refused is nowhere; the series is free for the study it really belongs to."""
    other = {"StudyInstanceUID": "1.2.826.0.1.3680043.8.498.77", "PatientID": "OTHER"}
    series = {"SeriesInstanceUID": "1.2.826.0.1.3680043.8.498.88"}
    files = [
        ct_instance(tmp_path / "0.dcm"),
        ct_instance(tmp_path / "1.dcm", index=1, **series, PatientID="OTHER"),
        ct_instance(tmp_path / "2.dcm", index=2, **series, **other),
    ]
    door = Door(run=new_run(), by=None, intake=intake)
    rows = door.take_in([arrival(path, position) for position, path in enumerate(files, 1)])
    assert [(row.result, row.reason_code) for row in rows] == [
        ("indexed", ""),
        ("quarantined", "subject_conflict"),
        ("indexed", ""),
    ]


def test_a_closed_intake_says_so(centre: Centre, pool: Pool, tmp_path: Path):
    with Intake(pool=pool, archive=configured_archive(), clock=timezone.now) as intake:
        pass
    with pytest.raises(IntakeClosedError):
        intake.submit(arrival(ct_instance(tmp_path / "a.dcm")), run=new_run(), by=None)


class AskedLater(Pool):
    """Its requests are answered by whoever tests."""

    def __init__(self, *, size: int, keys: Mapping[str, str]) -> None:
        super().__init__(size=size, keys=keys)
        self.asked: list[Future[Answer]] = []

    def submit(self, request: Mapping[str, Any], *, size_bytes: int = 0) -> Future[Answer]:
        self.asked.append(Future())
        return self.asked[-1]
