"""Every item is answered, from what the report holds, and without its numbers."""

import re
from datetime import date
from functools import cache

import pytest

from registry.audit.facts import Cohort
from registry.audit.protocols import PROTOCOLS
from registry.audit.reporting.answers import State
from registry.audit.reporting.filling import filled
from registry.audit.reporting.printed import Place
from registry.audit.reporting.record import RECORD
from registry.audit.reporting.stard import STARD
from registry.audit.reporting.strobe import STROBE
from registry.audit.run import run
from registry.audit.selection import Filters
from tests.factories.backgrounds import with_background
from tests.factories.cohort_of_each import COHORTS

NOBODY = Cohort(())


@cache
def ran(key, nobody):
    cohort = NOBODY if nobody else with_background(COHORTS[key]())
    return run(key, cohort, filters=Filters(), as_of=date(2025, 12, 31), code_version="1").to_json()


def result_of(key, *, nobody=False):
    """Of the cohort with which the audit itself is tested."""
    return ran(key, nobody)


def answers(result, key, checklist):
    (one,) = [one for one in filled(result, PROTOCOLS[key]) if one.checklist is checklist]
    return {item.number: answer for item, answer in one.answers}


def test_the_lists_have_as_many_items_as_were_published():
    """BMJ 2015;351:h5527, PLoS Med 2007;4:e296 and PLoS Med 2015;12:e1001885."""
    whole = {
        one.name: len({re.sub("[a-e]$", "", item.number) for item in one.items})
        for one in (STARD, STROBE, RECORD)
    }
    assert whole == {"STARD 2015": 30, "STROBE": 22, "RECORD": 13}
    for one in (STARD, STROBE, RECORD):
        assert len({item.number for item in one.items}) == len(one.items)
        assert "doi:" in one.source


def test_accuracy_is_reported_by_stard_and_all_else_by_strobe_with_record():
    named = {key: [one.name for one, _ in p.reporting] for key, p in PROTOCOLS.items()}
    assert named.pop("ct-accuracy") == ["STARD 2015"]
    assert set(map(tuple, named.values())) == {("STROBE", "RECORD")}


@pytest.mark.parametrize("nobody", [False, True], ids=["somebody", "nobody"])
@pytest.mark.parametrize("key", PROTOCOLS)
def test_every_item_has_an_answer_that_says_where_or_why_not(key, nobody):
    result = result_of(key, nobody=nobody)
    for (checklist, replies), one in zip(
        PROTOCOLS[key].reporting, filled(result, PROTOCOLS[key]), strict=True
    ):
        assert set(replies) == {item.number for item in checklist.items}
        for item, answer in one.answers:
            where = (checklist.name, item.number)
            if answer.state in (State.REPORTED, State.IN_PART):
                assert answer.parts, where
            else:
                assert not answer.parts, where
            assert answer.words or answer.state is State.REPORTED, where


def states(key, *, nobody):
    found = filled(result_of(key, nobody=nobody), PROTOCOLS[key])
    return [answer.state for one in found for _, answer in one.answers]


@pytest.mark.parametrize("key", PROTOCOLS)
def test_somebody_to_count_leaves_fewer_items_missing(key):
    some, none = states(key, nobody=False), states(key, nobody=True)
    assert some.count(State.MISSING) < none.count(State.MISSING)


@pytest.mark.parametrize("key", PROTOCOLS)
def test_every_table_rule_and_caveat_that_is_looked_for_is_one_of_the_protocol(key):
    found = filled(result_of(key), PROTOCOLS[key])
    said = " ".join(answer.words for one in found for _, answer in one.answers)
    assert "The result has no table" not in said
    assert "The result prints no rule" not in said
    assert "No caveat of the result" not in said


def changed(result, **parts):
    return {**result, **parts}


def without_table(result, *keys):
    return changed(result, tables=[one for one in result["tables"] if one["key"] not in keys])


@pytest.mark.parametrize(
    ("number", "lessened", "state", "words"),
    [
        ("19", lambda r: changed(r, flow=[]), State.MISSING, "The result has no participant flow."),
        (
            "23",
            lambda r: without_table(r, "three_by_two"),
            State.MISSING,
            "The result has no table “Result of the study against the operation”.",
        ),
        (
            "24",
            lambda r: changed(r, estimates=[{**e, "value": None} for e in r["estimates"]]),
            State.IN_PART,
            "No estimate is defined",
        ),
        ("15", lambda r: changed(r, caveats=[]), State.IN_PART, "No caveat of the result says"),
        ("12b", lambda r: changed(r, rules=[]), State.MISSING, "no rule “reference”"),
        ("29", lambda r: changed(r, facts_sha256=""), State.MISSING, "names neither its facts"),
        (
            "8",
            lambda r: changed(r, filters={**r["filters"], "centres": None}),
            State.IN_PART,
            "the centres are not named",
        ),
    ],
)
def test_what_the_result_lacks_is_said(number, lessened, state, words):
    before = answers(result_of("ct-accuracy"), "ct-accuracy", STARD)[number]
    answer = answers(lessened(result_of("ct-accuracy")), "ct-accuracy", STARD)[number]
    assert answer.state is state
    assert words in answer.words
    if number != "8":
        assert words not in before.words


def test_a_figure_that_is_suppressed_is_said():
    """Fewer than 20 at risk after years: a dash stands in the table, and nobody knows the rest."""
    answer = answers(result_of("device-survival"), "device-survival", STROBE)["16a"]
    assert answer.state is State.IN_PART
    assert "Some figures of the table “Free of any-cause revision” are undefined or not shown." in (
        answer.words
    )


def test_what_an_older_protocol_called_otherwise_has_no_title():
    result = result_of("ct-accuracy")
    older = [
        {**one, "columns": one["columns"][:-1], "rows": [row[:-1] for row in one["rows"]]}
        if one["key"] == "three_by_two"
        else one
        for one in result["tables"]
    ]
    (part,) = answers(changed(result, tables=older), "ct-accuracy", STARD)["23"].parts
    assert (part.place, part.named) == (Place.TABLES, "three_by_two")


def other_numbers(value):
    """Every whole number that counts somebody, as another one."""
    if type(value) is int and value:
        return value + 1013
    if isinstance(value, dict):
        return {key: other_numbers(one) for key, one in value.items()}
    return [other_numbers(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("key", PROTOCOLS)
def test_no_number_of_the_report_is_repeated(key):
    result = result_of(key)
    counts = ("flow", "estimates", "tables", "curves")
    other = changed(result, **{name: other_numbers(result[name]) for name in counts})
    assert filled(other, PROTOCOLS[key]) == filled(result, PROTOCOLS[key])
