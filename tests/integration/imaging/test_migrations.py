"""Whoever has images from an earlier version keeps every row of them: filled then, migrated now."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps.registry import Apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from imaging.models import IngestedFile, IngestRun, RemoteArchive
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db(transaction=True)

FIRST, WITH_SOURCES = "0001_studies_and_ingest", "0003_default_exclusion_rules"
SHA256 = "ab" * 32
DROPPED = {("imaging_instance", "pixel_sha256")}
"""Columns that a later version did without."""

REASONS = {"conflict": "pixel_conflict", "quarantined": "burned_in_annotation", "rejected": "cut"}


def fill(old: Apps, *, person_id: int) -> None:
    """A row in every table that the version had, as its own models write them."""

    def create(model: str, **values: Any) -> Any:
        return old.get_model("imaging", model).objects.create(**values)

    study = create(
        "Study", centre_code="DEMO", study_instance_uid="2.25.1", subject_key=SHA256,
        study_date=make.NOW.date(), received_at=make.NOW,
    )  # fmt: skip
    series = create(
        "Series", study=study, series_instance_uid="2.25.2", series_number=3, modality="CT",
        geometry_codes=["even_spacing"], geometry={"spacing_mm": 2.0}, mpr_allowed=True,
    )  # fmt: skip
    instance = create(
        "Instance", series=series, sop_instance_uid="2.25.3", sop_class_uid="1.2", frames=1,
        transfer_syntax_uid="1.2.840.10008.1.2.1", instance_number=1, stored_sha256=SHA256,
        stored_bytes=1000, pixel_sha256=SHA256, pixel_offset=200, pixel_length=800,
        attributes={"rows": 20}, slice_index=0, received_at=make.NOW,
    )  # fmt: skip
    run = create(
        "IngestRun", centre_code="DEMO", source="upload", started_at=make.NOW,
        finished_at=make.NOW + timedelta(minutes=1), started_by_id=person_id, ignored_count=2,
    )  # fmt: skip
    files = {
        result: create(
            "IngestedFile", run=run, position=position, name=f"DOE^JOHN/{position}.dcm",
            result=result, reason_code=REASONS.get(result, ""),
            instance=instance if result in ("indexed", "duplicate", "conflict") else None,
            quarantine_key=uuid.uuid4() if result in ("conflict", "quarantined") else None,
            recorded_at=make.NOW,
        )
        for position, result in enumerate(IngestedFile.Result.values, start=1)
    }  # fmt: skip
    if "peer" not in old.all_models["imaging"]:
        return
    old.get_model("imaging", "Instance").objects.update(
        manifest=create("DeidentificationManifest", content_sha256=SHA256, content={"rows": []})
    )
    peer = create(
        "Peer", name="ct-2", kind="dimse", centre_code="DEMO", calling_ae_title="CT2",
        called_ae_title="CRESCENT", network="192.0.2.17", registered_at=make.NOW,
        registered_by_id=person_id,
    )  # fmt: skip
    archive = create(
        "RemoteArchive", name="pacs", centre_code="DEMO", base_url="https://pacs.example.org/",
        authentication="bearer", credential="SECRET", registered_at=make.NOW,
    )  # fmt: skip
    started = {"centre_code": "DEMO", "started_at": make.NOW}
    create("IngestRun", source="c_store", peer=peer, **started)
    create("IngestRun", source="pull", remote_archive=archive, expected_files=3, **started)
    create(
        "ExclusionRule", centre_code="DEMO", keyword="PatientID", match="word", text="WATER",
        added_at=make.NOW,
    )  # fmt: skip
    create("IgnoredPosition", run=run, position=9, count=2)
    create("PartialUpload", run=run, position=8, name="x.zip", size_bytes=5, begun_at=make.NOW)
    create(
        "QuarantineDecision", file=files["quarantined"], decision="discarded", reason="no use",
        decided_by_id=person_id, decided_at=make.NOW,
    )  # fmt: skip
    create(
        "StudyExclusion", study=study, reason="a phantom", excluded_by_id=person_id,
        excluded_at=make.NOW,
    )  # fmt: skip


def rows() -> dict[str, list[dict[str, Any]]]:
    found = {}
    for table in connection.introspection.table_names():
        if not table.startswith("imaging_"):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")
            names = [column[0] for column in cursor.description]
            found[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return found


def test_every_row_of_an_earlier_version_is_there_after_the_migrations():
    """The first version on PostgreSQL, a later one on SQLite: there and back takes a minute."""
    version = FIRST if connection.vendor == "postgresql" else WITH_SOURCES
    person = make.user(at_centre=make.centre("DEMO"))
    call_command("migrate", "imaging", version, verbosity=0)
    try:
        loader = MigrationExecutor(connection).loader
        fill(loader.project_state(("imaging", version)).apps, person_id=person.pk)
        before = rows()
    finally:
        call_command("migrate", verbosity=0)  # what the registry built on it went, too
    after = rows()
    assert all(before.values())
    for table, earlier in before.items():
        assert len(after[table]) == len(earlier)
        for old, new in zip(earlier, after[table], strict=True):
            dropped = {(table, name) for name in old.keys() - new.keys()}
            assert dropped <= DROPPED
            assert {name: new[name] for name in old.keys() & new.keys()} == {
                name: value for name, value in old.items() if (table, name) not in dropped
            }
    assert set(IngestedFile.objects.values_list("name", flat=True)) == {
        f"DOE^JOHN/{position}.dcm" for position in range(1, 6)
    }
    assert [archive.credential for archive in RemoteArchive.objects.all()] in ([], ["SECRET"])
    IngestRun.objects.create(centre_code="DEMO", source="watch_folder", started_at=make.NOW)
