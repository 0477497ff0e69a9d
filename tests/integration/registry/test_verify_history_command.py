"""`manage.py verify_history` names the first broken link, and knows a cut end from a short one."""

import json
import random
import shutil

import pytest
from django.core.management import call_command
from django.db import connection

from registry.models import HistoryChain, HistoryEvent
from tests.factories import registry_records as make

pytestmark = pytest.mark.django_db(transaction=True)

DAMAGE_FOUND = 3


@pytest.fixture
def chain():
    centre = make.centre()
    surgeon = make.user(at_centre=centre)
    for _ in range(3):
        case = make.case(of=make.patient(by=surgeon, at_centre=centre), by=surgeon)
        make.surgery(of=case, by=surgeon)
    return HistoryChain.objects.get(code="NORTH")


@pytest.fixture
def unguarded(_flushable_between_tests):
    """A database whose owner has dropped the triggers; they come back afterwards."""
    from importlib import import_module

    triggers = import_module("registry.migrations.0023_signal_dispositions")
    with connection.schema_editor() as editor:
        triggers.drop_triggers(None, editor)
    yield
    with connection.schema_editor() as editor:
        triggers.create_triggers(None, editor)


def verify(capsys, *arguments):
    """Exit code and everything printed."""
    try:
        call_command("verify_history", *arguments)
        code = 0
    except SystemExit as stopped:
        code = stopped.code
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_a_sound_history_exits_0(chain, capsys):
    code, printed = verify(capsys)
    assert code == 0
    assert f"NORTH: {chain.sequence} events, sound." in printed


def test_any_changed_byte_of_any_event_is_named(chain, unguarded, capsys):
    """Every event and every stored text column once, at a random character."""
    dice = random.Random(2016)
    columns = ["actor_name", "action", "object_type", "after_digest", "previous_hash", "hash"]
    for event in HistoryEvent.objects.filter(chain=chain).order_by("sequence"):
        for column in columns:
            value = getattr(event, column)
            if not value:
                continue
            place = dice.randrange(len(value))
            changed = value[:place] + chr(ord(value[place]) ^ 1) + value[place + 1 :]
            HistoryEvent.objects.filter(pk=event.pk).update(**{column: changed})
            code, printed = verify(capsys)
            HistoryEvent.objects.filter(pk=event.pk).update(**{column: value})
            assert code == DAMAGE_FOUND
            assert f"NORTH: broken at event {event.sequence}:" in printed
    assert verify(capsys)[0] == 0


def test_each_deleted_event_is_named_the_newest_too(chain, unguarded, capsys):
    for event in HistoryEvent.objects.filter(chain=chain).order_by("sequence"):
        HistoryEvent.objects.filter(pk=event.pk).delete()
        code, printed = verify(capsys)
        event.save(force_insert=True)
        assert code == DAMAGE_FOUND
        assert f"broken at event {event.sequence}" in printed or "cut off" in printed
    assert verify(capsys)[0] == 0


def test_the_checkpoint_survives_a_forger_who_rewinds_the_head(chain, unguarded, capsys):
    newest = HistoryEvent.objects.get(chain=chain, sequence=chain.sequence)
    newest.delete()
    HistoryChain.objects.filter(pk=chain.pk).update(
        sequence=newest.sequence - 1, head_hash=newest.previous_hash
    )
    code, printed = verify(capsys)
    assert code == DAMAGE_FOUND
    assert f"events {newest.sequence} to {newest.sequence} were cut off" in printed


def test_a_whole_chain_that_was_deleted_is_missed(chain, unguarded, capsys):
    HistoryEvent.objects.filter(chain=chain).delete()
    HistoryChain.objects.filter(pk=chain.pk).delete()
    code, printed = verify(capsys)
    assert code == DAMAGE_FOUND
    assert "NORTH: broken at event 1" in printed


def test_a_copy_of_the_checkpoints_kept_elsewhere_is_used(
    chain, unguarded, capsys, crescent_data, tmp_path
):
    shutil.copytree(crescent_data / "checkpoints", tmp_path / "elsewhere")
    shutil.rmtree(crescent_data / "checkpoints")
    assert verify(capsys, "--checkpoints", str(tmp_path / "elsewhere"))[0] == 0


def test_a_forged_checkpoint_is_named(chain, crescent_data, capsys):
    path = crescent_data / "checkpoints" / "NORTH.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"sequence": 1}))
    code, printed = verify(capsys)
    assert code == DAMAGE_FOUND
    assert "NORTH.json" in printed
