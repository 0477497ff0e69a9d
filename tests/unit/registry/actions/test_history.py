"""Every change leaves one event, and no event can be changed, lost, added or moved unseen."""

import json
import uuid
from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from registry import actions, queries
from registry.actions.cases import WorkupEntry
from registry.actions.history import HistoryOutsideTransactionError
from registry.models import Centre, HistoryChain, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db

MOVE = "UPDATE registry_historyevent SET"


def broken(chain="NORTH", checkpoint=None):
    return queries.history.first_broken_link(
        chain, key=settings.CRESCENT_HISTORY_KEY, checkpoint=checkpoint
    )


@pytest.fixture
def chain():
    """A centre in which a whole case was logged."""
    centre = make.centre()
    surgeon = make.user(at_centre=centre)
    patient = make.patient(by=surgeon, at_centre=centre)
    case = make.case(of=patient, by=surgeon)
    study = make.contrast_study(of=case, by=surgeon)
    make.read(of=study, by=surgeon)
    make.surgery(of=case, by=surgeon)
    return HistoryChain.objects.get(code="NORTH")


def without_triggers(*statements):
    """Tamper as somebody would who owns the database file."""
    table = "registry_historyevent"
    with connection.cursor() as cursor:
        for event in ("update", "delete"):
            on_table = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {table}_refuse_{event}{on_table}")
        for statement in statements:
            cursor.execute(*statement)


def test_an_untouched_chain_is_sound(chain):
    assert chain.sequence == 6
    assert broken() is None


def test_each_action_leaves_exactly_one_event(chain):
    assert list(chain.events.order_by("sequence").values_list("action", flat=True)) == [
        "person.set_roles",
        "patient.add",
        "case.open",
        "contrast_study.log",
        "read.sign",
        "surgery.log",
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_historyevent SET reason='x'",
        "DELETE FROM registry_historyevent",
    ],
)
def test_the_database_refuses_to_change_history(chain, statement):
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("action", "patient.adD"),
        ("actor_name", "somebody else"),
        ("reason", " "),
        ("changes", "{}"),
        ("at", "2020-01-01T00:00:00+00:00"),
        ("object_id", "00000000000000000000000000000000"),
        ("after_digest", "0" * 64),
        ("previous_hash", "1" * 64),
        ("hash", "1" * 64),
        ("actor_id", None),
    ],
)
def test_one_changed_value_is_found_where_it_is(chain, column, value):
    without_triggers(
        (
            f"UPDATE registry_historyevent SET {column}=%s WHERE chain_id=%s AND sequence=3",
            [value, chain.pk],
        )
    )
    assert broken().sequence == 3


def test_a_deleted_event_is_missed(chain):
    without_triggers(
        (
            "DELETE FROM registry_historyevent WHERE chain_id=%s AND sequence=4",
            [chain.pk],
        )
    )
    assert (broken().sequence, "missing" in broken().sentence) == (4, True)


def test_a_cut_at_the_end_is_found_against_the_checkpoint(chain):
    """Somebody who cuts the newest event and winds the head back leaves a chain that is sound."""
    remembered = actions.checkpoints.Checkpoint("NORTH", chain.sequence, chain.head_hash)
    last_but_one = HistoryEvent.objects.get(chain=chain, sequence=5)
    without_triggers(
        (
            "DELETE FROM registry_historyevent WHERE chain_id=%s AND sequence=6",
            [chain.pk],
        ),
        (
            "UPDATE registry_historychain SET sequence=5, head_hash=%s WHERE id=%s",
            [last_but_one.hash, chain.pk],
        ),
    )
    assert broken() is None
    assert broken(checkpoint=remembered).sequence == 6


def test_an_inserted_event_is_found(chain):
    without_triggers(
        (
            f"{MOVE} sequence=sequence+100 WHERE chain_id=%s AND sequence>3",
            [chain.pk],
        ),
        (
            f"{MOVE} sequence=sequence-99 WHERE chain_id=%s AND sequence>100",
            [chain.pk],
        ),
    )
    third = HistoryEvent.objects.get(chain=chain, sequence=3)
    forged = HistoryEvent(
        chain=chain, sequence=4, at=third.at, actor_name="x", action="read.sign",
        object_type="registry.read", object_id=third.object_id, previous_hash=third.hash,
    )  # fmt: skip
    forged.hash = forged.expected_hash(key="a key that the forger made up")
    forged.save()
    assert broken().sequence == 4


def test_two_events_in_each_others_place_are_found(chain):
    without_triggers(
        (
            "UPDATE registry_historyevent SET sequence=1000 WHERE chain_id=%s AND sequence=2",
            [chain.pk],
        ),
        (
            "UPDATE registry_historyevent SET sequence=2 WHERE chain_id=%s AND sequence=3",
            [chain.pk],
        ),
        (
            "UPDATE registry_historyevent SET sequence=3 WHERE chain_id=%s AND sequence=1000",
            [chain.pk],
        ),
    )
    assert broken().sequence == 2


def test_an_event_outside_a_transaction_is_refused(transactional_db):
    centre = make.centre()
    with pytest.raises(HistoryOutsideTransactionError):
        actions.history.record(chain="NORTH", at=make.NOW, by=None, action="x.y", obj=centre)


def test_identifying_values_never_enter_the_history(chain):
    event = HistoryEvent.objects.get(action="patient.add")
    assert event.changes["birth_year"] == ["hidden", "hidden"]
    assert "2009" not in str(event.changes)


EVERY_KIND_OF_VALUE = {
    "whole": 3, "large": 10**30, "float": 1e22, "small": 5e-324, "minus_zero": -0.0,
    "text": "é e\u0301 😀 \u2028 \" \\", "none": None, "truth": True,
    "keys": {"b": [1, {"é": 2.5}], "a": []}, "day": make.NOW.date(), "number": Decimal("1.50"),
}  # fmt: skip


@pytest.mark.parametrize("name", EVERY_KIND_OF_VALUE)
def test_no_value_raises_a_false_alarm(chain, name):
    """PostgreSQL keeps JSON in a form of its own: 1e22 comes back as a whole number."""
    actions.history.record_for_imaging(
        centre_code="NORTH",
        at=make.NOW.astimezone(timezone(timedelta(hours=-5))) + timedelta(microseconds=1),
        by=None,
        action="run.finish",
        object_type="imaging.ingestrun",
        object_id=uuid.uuid4(),
        facts={name: EVERY_KIND_OF_VALUE[name]},
    )
    assert broken() is None


def in_another_order(value):
    return dict(reversed(value.items())) if isinstance(value, dict) else value


def test_the_order_of_keys_is_no_change(chain):
    event = HistoryEvent.objects.get(chain=chain, sequence=3)
    without_triggers(
        (
            f"{MOVE} changes=%s WHERE id=%s",
            [json.dumps(in_another_order(event.changes), indent=4), event.pk],
        )
    )
    assert broken() is None


def test_a_chain_that_is_gone_is_missed_without_a_checkpoint(chain):
    """Its centre is still there."""
    without_triggers(
        ("DELETE FROM registry_historyevent WHERE chain_id=%s", [chain.pk]),
        ("DELETE FROM registry_historychain WHERE id=%s", [chain.pk]),
    )
    assert "NORTH" in queries.history.chain_codes()
    assert "missing" in broken().sentence


def test_a_checkpoint_that_cannot_be_written_denies_no_change(
    transactional_db, crescent_data, caplog
):
    """The change is committed by then; whoever made it must not be told otherwise."""
    (crescent_data / "checkpoints").write_text("in the way")
    make.centre()
    assert Centre.objects.filter(code="NORTH").exists()
    assert "on_commit" in caplog.text


def test_a_changed_note_of_a_child_row_shows_as_changed_and_stays_hidden():
    centre = make.centre()
    surgeon = make.user(at_centre=centre)
    case = make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
    day = make.NOW.date()
    for edition, note in ((1, "CANARY-FIRST"), (2, "CANARY-SECOND")):
        actions.cases.edit(
            case=case,
            edition=edition,
            by=surgeon,
            at=make.NOW,
            changes={},
            presenting_signs=[],
            workup=[WorkupEntry("interrogation", day, "normal", note)],
        )
        case.refresh_from_db()
    first, second = HistoryEvent.objects.filter(action="case.edit").order_by("sequence")
    (before,), (after,) = second.changes["workup_steps"]
    assert before["note"] != after["note"]
    assert before["performed_on"] == after["performed_on"]
    assert first.after_digest != second.after_digest
    text = str([first.changes, second.changes])
    assert "CANARY" not in text
    assert day.isoformat() not in text
