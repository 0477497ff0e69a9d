"""How far a chain had come, remembered outside the database."""

import json

import pytest

from registry.actions import checkpoints
from registry.actions.checkpoints import Checkpoint, CheckpointError

HASH = "a" * 64


def written(chain="NORTH"):
    return checkpoints.folder() / f"{chain}.json"


def test_what_was_written_is_read_back():
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    assert checkpoints.read_all() == {"NORTH": Checkpoint("NORTH", 3, HASH)}


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_checkpoint_never_moves_back(sequence):
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    checkpoints.advance(chain="NORTH", sequence=sequence, head_hash="b" * 64)
    assert checkpoints.read_all()["NORTH"].head_hash == HASH


def test_a_later_head_replaces_it_and_leaves_nothing_behind():
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    checkpoints.advance(chain="NORTH", sequence=4, head_hash="b" * 64)
    assert checkpoints.read_all()["NORTH"].sequence == 4
    assert sorted(path.name for path in checkpoints.folder().iterdir()) == [
        "NORTH.json",
        "NORTH.lock",
    ]


def test_chains_are_kept_apart():
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    checkpoints.advance(chain="_installation", sequence=7, head_hash="b" * 64)
    assert {name: found.sequence for name, found in checkpoints.read_all().items()} == {
        "NORTH": 3,
        "_installation": 7,
    }


@pytest.mark.parametrize("name", ["sequence", "head_hash", "chain"])
def test_a_value_that_was_changed_is_noticed(name):
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    content = json.loads(written().read_text())
    written().write_text(json.dumps(content | {name: 2 if name == "sequence" else "x"}))
    with pytest.raises(CheckpointError, match=r"NORTH\.json was changed"):
        checkpoints.read_all()


def test_a_checkpoint_of_another_key_is_noticed(settings):
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    settings.CRESCENT_HISTORY_KEY = "another key, long enough to be one"
    with pytest.raises(CheckpointError, match="another CRESCENT_HISTORY_KEY"):
        checkpoints.read_all()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"mac": "x"}', '"text"'])
def test_a_damaged_file_is_named_and_stays_as_evidence(content):
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    written().write_text(content)
    checkpoints.advance(chain="NORTH", sequence=4, head_hash=HASH)
    assert written().read_text() == content
    with pytest.raises(CheckpointError, match=r"NORTH\.json is damaged"):
        checkpoints.read_all()


def test_a_copy_kept_elsewhere_is_read_from_there(tmp_path):
    checkpoints.advance(chain="NORTH", sequence=3, head_hash=HASH)
    copy = tmp_path / "copy"
    copy.mkdir()
    (copy / "NORTH.json").write_text(written().read_text())
    written().unlink()
    assert checkpoints.read_all() == {}
    assert checkpoints.read_all(location=copy)["NORTH"].sequence == 3


def test_before_the_first_event_there_are_none():
    assert checkpoints.read_all() == {}
