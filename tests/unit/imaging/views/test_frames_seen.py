"""What a person was shown is told by a signed text, for one person, file and day."""

import uuid
from types import SimpleNamespace

import pytest
from django.core import signing

from imaging.views.frames_seen import GOOD_FOR, SALT, FramesSeen

FILE = SimpleNamespace(quarantine_key=uuid.UUID(int=1))
OTHER_FILE = SimpleNamespace(quarantine_key=uuid.UUID(int=2))
ANNA, BERTA = SimpleNamespace(pk=1), SimpleNamespace(pk=2)
SEEN = FramesSeen().with_more([0, 1, 2, 7], frames=8)


def test_what_was_signed_is_read_again():
    text = SEEN.signed(file=FILE, by=ANNA)
    assert FramesSeen.told_by(text, file=FILE, by=ANNA) == SEEN


@pytest.mark.parametrize(
    ("file", "by", "change"),
    [(OTHER_FILE, ANNA, ""), (FILE, BERTA, ""), (FILE, ANNA, "x")],
    ids=["another file", "another person", "changed by hand"],
)
def test_of_anything_else_nothing_was_seen(file, by, change):
    text = SEEN.signed(file=FILE, by=ANNA) + change
    assert FramesSeen.told_by(text, file=file, by=by) == FramesSeen()


def test_a_look_counts_for_a_working_day(monkeypatch):
    text = SEEN.signed(file=FILE, by=ANNA)
    signed_at = signing.TimestampSigner.timestamp
    past = GOOD_FOR.total_seconds() + 60
    monkeypatch.setattr(
        signing.TimestampSigner,
        "timestamp",
        lambda self: signing.b62_encode(signing.b62_decode(signed_at(self)) - int(past)),
    )
    old = SEEN.signed(file=FILE, by=ANNA)
    assert FramesSeen.told_by(text, file=FILE, by=ANNA) == SEEN
    assert FramesSeen.told_by(old, file=FILE, by=ANNA) == FramesSeen()


@pytest.mark.parametrize(
    ("seen", "frames", "complete"),
    [([], 0, False), ([], 1, False), ([0], 1, True), ([0, 2], 3, False), ([0, 1, 2], 3, True)],
)
def test_all_frames_and_at_least_one_make_it_complete(seen, frames, complete):
    assert FramesSeen().with_more(seen, frames=frames).is_complete is complete


def test_the_text_of_many_neighbours_is_short():
    every = FramesSeen().with_more(range(3000), frames=3000)
    text = every.signed(file=FILE, by=ANNA)
    assert len(text) < 300
    assert signing.loads(text, salt=SALT)["seen"] == [[0, 3000]]
