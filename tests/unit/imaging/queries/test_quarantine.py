"""Who sees what waits in quarantine."""

import uuid
from datetime import timedelta
from itertools import count

import pytest

from imaging.actions import quarantine as decisions
from imaging.models import IngestedFile, IngestRun
from imaging.queries import quarantine
from registry.models import Role
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db
_positions = count(1)


def a_file(centre_code, *, recorded_at=make.NOW):
    run = IngestRun.objects.create(centre_code=centre_code, source="upload", started_at=make.NOW)
    return IngestedFile.objects.create(
        run=run, position=next(_positions), recorded_at=recorded_at, result="quarantined",
        reason_code="burned_in_annotation", quarantine_key=uuid.uuid4(),
    )  # fmt: skip


@pytest.fixture
def north():
    return make.centre("NORTH")


@pytest.fixture
def manager(north):
    make.centre("SOUTH")
    return make.user(at_centre=north, roles=[Role.DATA_MANAGER])


def test_a_manager_sees_the_files_of_the_own_centre_newest_first(manager):
    first, _, last = a_file("NORTH"), a_file("SOUTH"), a_file("NORTH")
    assert list(quarantine.quarantined(viewer=manager)) == [last, first]


def test_what_is_decided_waits_no_longer_and_can_still_be_looked_up(manager):
    file, waiting = a_file("NORTH"), a_file("NORTH")
    decisions.discard(file=file, by=manager, at=make.NOW, reason="a dose page")
    assert list(quarantine.waiting(viewer=manager)) == [waiting]
    assert quarantine.quarantined_file(viewer=manager, key=file.quarantine_key) == file
    assert quarantine.is_decided(file.quarantine_key)
    assert not quarantine.is_decided(waiting.quarantine_key)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.DATA_MANAGER])
def test_nobody_else_sees_any(north, role):
    file = a_file("NORTH")
    person = make.user(at_centre=north, roles=[role])
    assert not quarantine.quarantined(viewer=person).exists()
    with pytest.raises(IngestedFile.DoesNotExist):
        quarantine.quarantined_file(viewer=person, key=file.quarantine_key)


def test_a_file_is_overdue_when_nobody_decided_in_time(manager):
    old = a_file("NORTH", recorded_at=make.NOW - timedelta(days=91))
    decided = a_file("NORTH", recorded_at=make.NOW - timedelta(days=91))
    a_file("NORTH", recorded_at=make.NOW - timedelta(days=89))
    decisions.discard(file=decided, by=manager, at=make.NOW, reason="a dose page")
    assert list(quarantine.overdue(before=make.NOW - timedelta(days=90))) == [old]
