"""The plain data of a read, and the UIDs made of it."""

from dataclasses import replace

import pytest

from registry.exchange.read_document import uid
from tests.factories.read_documents import FRAME, SLICE, complete


def test_a_uid_is_made_of_the_read_and_what_it_names():
    read_id, other = complete().read_id, complete().supersedes
    assert uid(read_id, "a") == uid(read_id, "a")
    assert len({uid(read_id, "a"), uid(read_id, "b"), uid(other, "a")}) == 3


def test_a_uid_has_the_form_of_the_standard():
    """PS3.5 annex B.2: below 2.25, at most 64 characters, no leading zero."""
    made = uid(complete().read_id, "a")
    assert made.startswith("2.25.")
    assert len(made) <= 64
    assert not made.removeprefix("2.25.").startswith("0")


@pytest.mark.parametrize(
    "change",
    [{"has_remarks": False}, {"vocabulary_version": "3"}, {"marks": ()}, {"reader": "READER-0"}],
    ids=lambda change: next(iter(change)),
)
def test_the_fingerprint_tells_whatever_is_said(change):
    assert replace(complete(), **change).fingerprint != complete().fingerprint


def test_images_are_those_of_marks_and_key_images():
    assert set(complete().images()) == {SLICE, FRAME}
