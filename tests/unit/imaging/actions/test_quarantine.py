"""Decisions about files in quarantine: once, with a reason, in the history."""

import uuid
from itertools import count

import pytest

from imaging.actions import quarantine
from imaging.actions.quarantine import AlreadyDecidedError, ReasonMissingError
from imaging.models import IngestedFile, IngestRun, QuarantineDecision
from registry.models import HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db
_positions = count(1)


@pytest.fixture
def manager():
    return make.user(at_centre=make.centre())


@pytest.fixture
def run(manager):
    return IngestRun.objects.create(centre_code="NORTH", source="upload", started_at=make.NOW)


def a_file(run, **facts):
    facts = {
        "result": "quarantined",
        "reason_code": "burned_in_annotation",
        "quarantine_key": uuid.uuid4(),
    } | facts
    return IngestedFile.objects.create(
        run=run, position=next(_positions), recorded_at=make.NOW, **facts
    )


def test_a_file_is_discarded_once_and_its_row_stays(manager, run):
    file = a_file(run)
    quarantine.discard(file=file, by=manager, at=make.NOW, reason=" a dose page ")
    assert QuarantineDecision.objects.get(file=file).reason == "a dose page"
    event = HistoryEvent.objects.get(action="quarantine_discarded")
    assert (event.object_id, event.actor, event.reason) == (
        file.quarantine_key,
        manager,
        "a dose page",
    )
    with pytest.raises(AlreadyDecidedError):
        quarantine.discard(file=file, by=manager, at=make.NOW, reason="again")
    kept = IngestedFile.objects.get(pk=file.pk)
    assert (kept.result, kept.quarantine_key) == ("quarantined", file.quarantine_key)


def test_a_released_file_names_what_became_of_it(manager, run):
    file = a_file(run)
    again = a_file(run, reason_code="residual_identifier")
    quarantine.release(
        file=file, released_file=again, by=manager, at=make.NOW, reason="no text in it"
    )
    assert QuarantineDecision.objects.get(file=file).released_file == again
    event = HistoryEvent.objects.get(action="quarantine_released")
    assert event.changes["result"] == [None, "quarantined"]


def test_a_decision_of_a_person_needs_a_reason(manager, run):
    file = a_file(run)
    for reason in ("", "  \n"):
        with pytest.raises(ReasonMissingError):
            quarantine.discard(file=file, by=manager, at=make.NOW, reason=reason)
    assert not QuarantineDecision.objects.exists()
    assert not HistoryEvent.objects.filter(action__startswith="quarantine").exists()


def test_the_end_of_its_time_is_told_as_such(run):
    file = a_file(run)
    quarantine.expire(file=file, at=make.NOW, kept_days=90)
    decision = QuarantineDecision.objects.get(file=file)
    assert (decision.decision, decision.decided_by) == ("expired", None)
    assert "90 days" in decision.reason


def test_looking_at_what_identifies_the_patient_is_logged(manager, run):
    file = a_file(run)
    quarantine.look(file=file, by=manager, at=make.NOW)
    event = HistoryEvent.objects.get(action="look_at_quarantined")
    assert (event.object_id, event.actor) == (file.quarantine_key, manager)
