"""Every change leaves one event, and no event can be changed, lost, added or moved unseen."""

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from registry import actions, queries
from registry.actions.history import HistoryOutsideTransactionError
from registry.models import HistoryChain, HistoryEvent
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
