"""Each constraint of imaging is broken once, past every action.

A new constraint fails the build until it has a row here.
"""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import UniqueConstraint

from imaging.models import (
    DeidentificationManifest,
    ExclusionRule,
    IgnoredPosition,
    IngestedFile,
    IngestRun,
    Instance,
    PartialUpload,
    Peer,
    QuarantineDecision,
    RemoteArchive,
    Series,
    Study,
    StudyExclusion,
    StudyRetrieval,
)
from tests.factories.registry_records import NOW

pytestmark = pytest.mark.django_db

CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("imaging").get_models()
    for constraint in model._meta.constraints
}
SEALED = {
    (IngestedFile, "name"),
    (PartialUpload, "name"),
    (RemoteArchive, "credential"),
}
CANARY = "CANARY^JANE"


@pytest.fixture
def world():
    """One row of each kind."""
    study = Study.objects.create(
        centre_code="NORTH", study_instance_uid="2.25.1", received_at=NOW, patient_sex="F"
    )
    series = Series.objects.create(study=study, series_instance_uid="2.25.2", modality="CT")
    instance = Instance.objects.create(
        series=series, sop_instance_uid="2.25.3", sop_class_uid="1.2", transfer_syntax_uid="1.2",
        stored_sha256="0" * 64, stored_bytes=1, pixel_offset=0, pixel_length=1,
        frames=1, attributes={}, received_at=NOW,
    )  # fmt: skip
    run = IngestRun.objects.create(centre_code="NORTH", source="upload", started_at=NOW)
    indexed = a_file(run, 1, result="indexed", instance=instance)
    kept = a_file(run, 2, result="quarantined", reason_code="x", quarantine_key=uuid.uuid4())
    web_peer = Peer.objects.create(
        name="pacs", kind="dicomweb", centre_code="NORTH", token_sha256="a" * 64,
        registered_at=NOW,
    )  # fmt: skip
    return SimpleNamespace(
        study=study,
        series=series,
        instance=instance,
        run=run,
        indexed=indexed,
        kept=kept,
        released=a_file(run, 3, result="rejected", reason_code="x"),
        decision=QuarantineDecision.objects.create(
            file=kept, decision="discarded", reason="why", decided_at=NOW
        ),
        exclusion=StudyExclusion.objects.create(study=study, reason="why", excluded_at=NOW),
        ignored=IgnoredPosition.objects.create(run=run, position=9, count=1),
        rule=ExclusionRule.objects.create(
            keyword="StationName", match="word", text="qa", added_at=NOW
        ),
        peer=Peer.objects.create(
            name="ct-1", kind="dimse", centre_code="NORTH", calling_ae_title="CT1",
            called_ae_title="CRESCENT", network="192.0.2.1", registered_at=NOW,
        ),
        web_peer=web_peer,
        retrieval=StudyRetrieval.objects.create(
            study=study, peer=web_peer, retrieved_on=NOW.date()
        ),
        archive=RemoteArchive.objects.create(
            name="pacs", centre_code="NORTH", base_url="https://pacs.example.org",
            registered_at=NOW,
        ),
        partial=PartialUpload.objects.create(run=run, position=4, size_bytes=1, begun_at=NOW),
    )  # fmt: skip


def a_file(run, position, **facts):
    return IngestedFile.objects.create(run=run, position=position, recorded_at=NOW, **facts)


def changed(which, /, **values):
    """Write the values into the row of that name, as raw as the ORM allows."""

    def break_it(world):
        row = getattr(world, which)
        given = {
            field: value(world) if callable(value) else value for field, value in values.items()
        }
        type(row).objects.filter(pk=row.pk).update(**given)

    return break_it


def again(which, /, **values):
    """Insert the row of that name a second time, with these values."""

    def break_it(world):
        row = getattr(world, which)
        row.pk = None
        row._state.adding = True
        for field, value in {"public_id": uuid.uuid4(), **values}.items():
            setattr(row, field, value)
        row.save(force_insert=True)

    return break_it


EARLIER = NOW - timedelta(seconds=1)
BREAKS = {
    "exclusion_rule_match_known": changed("rule", match="like"),
    "exclusion_rule_not_empty": changed("rule", text=""),
    "exclusion_rule_once": again("rule"),
    "peer_can_be_told": changed("peer", network=""),
    "peer_dimse_is_one": again("peer", name="ct-2"),
    "peer_may_do_something": changed("web_peer", may_send=False),
    "study_retrieval_once_a_day": again("retrieval"),
    "peer_token_is_one": again("web_peer", name="other"),
    "remote_archive_credential_where_needed": changed("archive", authentication="bearer"),
    "remote_archive_receives_known": changed("archive", receives="all"),
    "ingest_run_source_known": changed("run", source="pigeon"),
    "ingest_run_finished_after_started": changed("run", finished_at=EARLIER),
    "ingest_run_pull_names_archive": changed("run", source="pull"),
    "ingest_run_peer_sends": changed("run", peer=lambda world: world.peer),
    "ingest_run_c_store_names_peer": changed("run", source="c_store"),
    "ignored_position_once": again("ignored"),
    "ignored_position_counts": changed("ignored", count=0),
    "study_patient_sex_known": changed("study", patient_sex="X"),
    "ingested_file_once_per_run": changed("indexed", position=2),
    "ingested_file_quarantined_once": again("kept", position=7),
    "ingested_file_names_its_instance": changed("indexed", instance=None),
    "ingested_file_refusal_has_reason": changed("released", reason_code=""),
    "ingested_file_quarantine_kept": changed("kept", quarantine_key=None),
    "partial_upload_once": again("partial"),
    "partial_upload_has_size": changed("partial", size_bytes=0),
    "partial_upload_ended_after_begun": changed("partial", ended_at=EARLIER),
    "quarantine_decision_names_released_file": changed("decision", decision="released"),
    "quarantine_decision_has_reason": changed("decision", reason=""),
    "study_exclusion_has_reason": changed("exclusion", reason=""),
}


def released_for_two(world):
    for file in (world.kept, world.indexed):
        QuarantineDecision.objects.update_or_create(
            file=file,
            defaults={
                "decision": "released",
                "released_file": world.released,
                "reason": "why",
                "decided_at": NOW,
            },
        )


ONE_EACH = {
    # Uniqueness that Django keeps as a field and not as a constraint.
    "a file is decided about once": again("decision"),
    "a released file answers for one": released_for_two,
    "a study is excluded once": again("exclusion"),
    "a peer's name is its own": changed("web_peer", name="ct-1"),
    "an archive's name is its own": again("archive"),
    "a manifest is stored once": lambda _: [
        DeidentificationManifest.objects.create(content_sha256="0" * 64, content={})
        for _ in range(2)
    ],
}


def test_every_constraint_is_broken_here():
    assert set(BREAKS) == set(CONSTRAINTS)


@pytest.mark.parametrize("name", BREAKS)
def test_the_database_keeps(world, name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        BREAKS[name](world)
    # SQLite names the columns of a unique constraint instead of the constraint.
    names_columns = connection.vendor == "sqlite" and isinstance(
        CONSTRAINTS[name], UniqueConstraint
    )
    assert ("UNIQUE" if names_columns else name) in str(refusal.value)


@pytest.mark.parametrize("what", ONE_EACH)
def test_the_database_keeps_it_unique(world, what):
    with pytest.raises(IntegrityError), transaction.atomic():
        ONE_EACH[what](world)


def test_a_rule_that_is_retired_may_come_back(world):
    changed("rule", retired_at=NOW)(world)
    again("rule", retired_at=None)(world)
    assert ExclusionRule.objects.filter(keyword="StationName").count() == 2


def test_a_peer_that_is_retired_may_come_back(world):
    changed("peer", retired_at=NOW)(world)
    again("peer", name="ct-2", retired_at=None)(world)
    assert Peer.objects.filter(calling_ae_title="CT1").count() == 2


@pytest.mark.parametrize(
    ("model", "field"), sorted(SEALED, key=str), ids=lambda value: getattr(value, "__name__", value)
)
def test_what_names_somebody_lies_sealed(world, model, field):
    row = {IngestedFile: world.kept, PartialUpload: world.partial, RemoteArchive: world.archive}[
        model
    ]
    values = {field: CANARY} | ({"authentication": "basic"} if model is RemoteArchive else {})
    model.objects.filter(pk=row.pk).update(**values)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {field} FROM {model._meta.db_table} WHERE id = %s",
            [row.pk],
        )
        (stored,) = cursor.fetchone()
    assert CANARY.encode() not in bytes(stored)
    assert getattr(model.objects.get(pk=row.pk), field) == CANARY


def test_every_sealed_field_is_named_here():
    sealed = {
        (model, field.name)
        for model in apps.get_app_config("imaging").get_models()
        for field in model._meta.get_fields()
        if type(field).__name__ == "SealedTextField"
    }
    assert sealed == SEALED


def test_a_peer_of_the_dicom_network_never_reads(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        Peer.objects.filter(pk=world.peer.pk).update(may_read=True)
