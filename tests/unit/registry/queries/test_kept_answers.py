"""A kept answer is shown for its own question only, and never after a fact has changed."""

import os
import stat
from dataclasses import replace
from datetime import date, timedelta

import pytest

from registry.audit.selection import Filters
from registry.queries import kept_answers, registry_state
from registry.queries.kept_answers import Answer, Question
from tests.factories import registry_records as make

ASKED = Question("abousamra-2016", Filters(centres=("NORTH",)), date(2024, 6, 1), "tests")
RESULT = {"b": [1, None, 0.1], "a": "later"}


@pytest.fixture
def kept(north):
    state = registry_state.of_centres(["NORTH"])
    kept_answers.keep(ASKED, Answer(RESULT, state, make.NOW), at=make.NOW)
    return north


def test_it_comes_back_as_it_was_in_its_order(kept):
    found = kept_answers.find(ASKED)
    assert found.result == RESULT
    assert list(found.result) == ["b", "a"]
    assert found.is_current


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, protocol_key="ct-accuracy"),
        replace(ASKED, filters=Filters(centres=("NORTH", "SOUTH"))),
        replace(ASKED, filters=Filters(centres=("NORTH",), performed_from=date(2024, 1, 1))),
        replace(ASKED, as_of=date(2024, 6, 2)),
        replace(ASKED, code_version="another"),
    ],
)
def test_another_question_has_no_answer(kept, other):
    assert kept_answers.find(other) is None


def test_other_code_asks_another_question(kept, monkeypatch):
    monkeypatch.setattr(kept_answers, "_code", lambda: "edited")
    assert kept_answers.find(ASKED) is None


def test_after_a_change_only_who_waited_for_it_gets_it_and_is_told(kept):
    make.review(of=make.case(of=kept.patient, by=kept.logged_by), by=kept.logged_by)
    assert kept_answers.find(ASKED) is None
    later = make.NOW + timedelta(seconds=1)
    assert kept_answers.find(ASKED, since=later, at=later) is None
    earlier = make.NOW - timedelta(seconds=1)
    assert kept_answers.find(ASKED, since=earlier, at=earlier) is None, "the clock has gone back"
    waited_for = kept_answers.find(ASKED, since=earlier, at=make.NOW)
    assert waited_for.result == RESULT
    assert not waited_for.is_current


def test_half_a_file_is_none(kept):
    (path,) = kept_answers.folder().iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    assert kept_answers.find(ASKED) is None


def test_a_file_under_another_name_answers_nothing(kept):
    (path,) = kept_answers.folder().iterdir()
    later = replace(ASKED, as_of=date(2024, 6, 2))
    path.rename(path.with_stem(later.digest))
    assert kept_answers.find(later) is None


def test_what_cannot_be_read_or_removed_stands_in_nobody_s_way(kept):
    """Such as `lost+found` of a disk of its own, or what another user left."""
    (path,) = kept_answers.folder().iterdir()
    path.unlink()
    path.mkdir()
    assert kept_answers.find(ASKED) is None
    older = kept_answers.folder() / "older.answer"
    older.write_bytes(b"")
    os.utime(older, (0, 0))
    os.utime(path, (1, 1))
    kept_answers.clear(at=make.NOW)
    assert list(kept_answers.folder().iterdir()) == [path]


def test_who_is_behind_an_answer_stays_as_long_as_the_answer_is_asked_for(kept):
    (path,) = kept_answers.folder().iterdir()
    cases = path.with_suffix(".cases")
    cases.write_bytes(b"")
    os.utime(cases, (0, 0))
    os.utime(path, (make.NOW.timestamp(), make.NOW.timestamp()))
    kept_answers.clear(at=make.NOW)
    assert cases.exists()


def test_nobody_else_on_the_machine_reads_it(kept):
    (path,) = kept_answers.folder().iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_the_longest_unasked_go_first_and_all_after_a_week(kept, monkeypatch):
    later = replace(ASKED, as_of=date(2024, 6, 2))
    monkeypatch.setattr(kept_answers, "MOST_FILES", 1)
    (path,) = kept_answers.folder().iterdir()
    before = (make.NOW - timedelta(days=1)).timestamp()
    os.utime(path, (before, before))
    state = registry_state.of_centres(["NORTH"])
    kept_answers.keep(later, Answer(RESULT, state, make.NOW), at=make.NOW)
    assert kept_answers.find(ASKED) is None
    assert kept_answers.find(later) is not None
    (path,) = kept_answers.folder().iterdir()
    os.utime(path, (before, before))
    kept_answers.clear(at=make.NOW + timedelta(days=5))
    assert list(kept_answers.folder().iterdir()) == [path]
    kept_answers.clear(at=make.NOW + timedelta(days=7))
    assert list(kept_answers.folder().iterdir()) == []
