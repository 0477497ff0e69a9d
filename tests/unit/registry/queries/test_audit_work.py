"""A long audit is counted once, by a process of its own; of one that died it is said."""

from dataclasses import replace
from datetime import date

import pytest

from registry.audit.errors import CountError
from registry.audit.selection import Filters
from registry.queries import audit_work, kept_answers, kept_cases
from registry.queries.audit_work import Stage
from registry.queries.kept_answers import Question
from tests.factories import registry_records as make

ASKED = Question("abousamra-2016", Filters(centres=("NORTH",)), date(2024, 6, 1), "tests")


def clock():
    return make.NOW


@pytest.fixture
def started(monkeypatch):
    """What would have been started; each holds its lock until it is closed."""
    started = {}
    monkeypatch.setattr(
        audit_work,
        "_start",
        lambda digest, lock: started.__setitem__(digest, audit_work.os.dup(lock)),
    )
    yield started
    for lock in started.values():
        audit_work.os.close(lock)


def test_it_is_begun_once_and_no_more_than_a_few_wait(started):
    assert audit_work.begin(ASKED, at=make.NOW)
    assert audit_work.begin(ASKED, at=make.NOW)
    assert list(started) == [ASKED.digest]
    assert audit_work.progress(ASKED).stage is Stage.WAITS
    assert audit_work.progress(ASKED).goes_on
    others = [replace(ASKED, as_of=date(2024, 5, day)) for day in range(1, 6)]
    assert [audit_work.begin(one, at=make.NOW) for one in others] == [True] * 3 + [False] * 2


def test_its_answer_is_kept_and_nothing_else_is_left(north, started):
    audit_work.begin(ASKED, at=make.NOW)
    audit_work.count(ASKED.digest, clock=clock)
    result = kept_answers.find(ASKED).result
    assert result["flow"][0]["n"] == 1
    assert str(north.patient.public_id) not in str(result)
    assert audit_work.progress(ASKED) is None


def test_numbers_are_kept_where_the_disk_has_no_room_for_who_is_behind_them(
    north, started, monkeypatch
):
    def full(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(kept_cases, "keep", full)
    audit_work.begin(ASKED, at=make.NOW)
    audit_work.count(ASKED.digest, clock=clock)
    assert kept_answers.find(ASKED).result["flow"][0]["n"] == 1


def test_a_process_that_died_is_told_until_it_is_begun_anew(started):
    audit_work.begin(ASKED, at=make.NOW)
    audit_work.os.close(started.pop(ASKED.digest))
    assert not audit_work.progress(ASKED).goes_on
    audit_work.forget(ASKED)
    assert audit_work.progress(ASKED) is None
    assert audit_work.begin(ASKED, at=make.NOW)


def test_what_cannot_be_counted_says_why(north, started, monkeypatch):
    def refuse(*args, **kwargs):
        raise CountError("too many to be matched")

    audit_work.begin(ASKED, at=make.NOW)
    monkeypatch.setattr(audit_work, "run", refuse)
    audit_work.count(ASKED.digest, clock=clock)
    told = audit_work.progress(ASKED)
    assert (told.stage, told.said) == (Stage.REFUSED, "too many to be matched")
    assert kept_answers.find(ASKED) is None
