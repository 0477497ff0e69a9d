"""Decision and bytes together: the bytes never go first, and never stay for good."""

import uuid

import pytest
from django.db import OperationalError

from imaging.actions import quarantine as decisions
from imaging.archive.configured import configured_archive
from imaging.ingest import quarantine
from imaging.models import IngestedFile, IngestRun
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make.user(at_centre=make.centre())


@pytest.fixture
def file(manager, crescent_data):
    run = IngestRun.objects.create(centre_code="NORTH", source="upload", started_at=make.NOW)
    file = IngestedFile.objects.create(
        run=run,
        position=1,
        recorded_at=make.NOW,
        result="quarantined",
        reason_code="burned_in_annotation",
        quarantine_key=uuid.uuid4(),
    )
    (crescent_data / "quarantine").mkdir()
    (crescent_data / "quarantine" / str(file.quarantine_key)).write_bytes(b"as it came")
    return file


def kept():
    return list(configured_archive().quarantine_keys())


def discard(file, manager):
    quarantine.discard(
        [file], by=manager, reason="a dose page", at=make.NOW, archive=configured_archive()
    )


def test_bytes_stay_when_the_decision_cannot_be_recorded(file, manager, monkeypatch):
    def fail(**_):
        raise OperationalError

    monkeypatch.setattr(decisions, "discard", fail)
    with pytest.raises(OperationalError):
        discard(file, manager)
    assert kept() == [file.quarantine_key]


def test_bytes_that_outlived_the_decision_are_removed_by_recovery(file, manager):
    """As after a crash between the two."""
    decisions.discard(file=file, by=manager, at=make.NOW, reason="a dose page")
    assert kept() == [file.quarantine_key]
    assert quarantine.remove_decided(archive=configured_archive()) == 1
    assert kept() == []


def test_bytes_go_with_the_decision(file, manager):
    discard(file, manager)
    assert kept() == []
