"""What an archive says it stored: only what it names is stored."""

import json

import pytest

from imaging.dicomweb.stored_there import AnswerUnreadableError, StoredThere, stored_there


def response(*, stored=(), failed=()):
    def items(uids):
        return [{"00081155": {"vr": "UI", "Value": [uid]}} for uid in uids]

    failures = [item | {"00081197": {"vr": "US", "Value": [0xA700]}} for item in items(failed)]
    return {
        "00081199": {"vr": "SQ", "Value": items(stored)},
        "00081198": {"vr": "SQ", "Value": failures},
    }


def test_stored_and_failed_instances_are_told_apart():
    content = json.dumps(response(stored=["1.2"], failed=["1.3"])).encode()
    assert stored_there(content) == StoredThere(frozenset({"1.2"}), {"1.3": 0xA700})


def test_an_answer_in_a_list_of_one_is_read():
    """Some archives send an array, as for searches."""
    content = json.dumps([response(stored=["1.2"])]).encode()
    assert stored_there(content).stored == {"1.2"}


def test_what_is_said_to_be_both_has_failed():
    content = json.dumps(response(stored=["1.2"], failed=["1.2"])).encode()
    assert stored_there(content) == StoredThere(frozenset(), {"1.2": 0xA700})


def test_a_failure_without_a_reason_is_one():
    plain = {"00081198": {"vr": "SQ", "Value": [{"00081155": {"vr": "UI", "Value": ["1.2"]}}]}}
    assert stored_there(json.dumps(plain).encode()).failed == {"1.2": None}


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {"00081199": None},
        {"00081199": {"Value": "1.2"}},
        {"00081199": {"Value": ["1.2", {"00081155": {"Value": [12]}}, {"00081155": "1.2"}]}},
    ],
)
def test_nothing_is_stored_that_is_not_named(plain):
    assert stored_there(json.dumps(plain).encode()) == StoredThere(frozenset(), {})


@pytest.mark.parametrize("content", [b"", b"<xml/>", b"[]", b"[1]", b"12", b"[" * 100_000])
def test_what_is_no_answer_is_refused(content):
    with pytest.raises(AnswerUnreadableError):
        stored_there(content)
