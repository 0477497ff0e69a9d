from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.audit.codes import Finding, LeakSite
from registry.audit.read_comparison import (
    INADEQUATE,
    NOT_ASSESSED,
    Agreement,
    FindingAnswer,
    ReadAnswers,
    ReadField,
    compare,
    disputed_fields,
)
from registry.vocabulary import ReadAdequacy

AGREE, DIFFER = Agreement.AGREE, Agreement.DIFFER
ONE, NEITHER = Agreement.ONE_NOT_ANSWERED, Agreement.NEITHER_ANSWERED

levels = st.sampled_from(["", "t10", "t12", "l1"])
findings = st.builds(
    FindingAnswer,
    code=st.sampled_from([code.value for code in Finding]),
    sites=st.frozensets(st.sampled_from([site.value for site in LeakSite]), max_size=2),
)
reads = st.builds(
    ReadAnswers,
    primary=findings,
    adequacy=st.sampled_from(ReadAdequacy.codes()),
    further=st.frozensets(findings, max_size=2),
    tip_level=levels,
    extent_mm=st.none() | st.integers(1, 300),
    extent_levels=st.none() | st.tuples(levels, levels),
    certainty=st.none() | st.integers(1, 5),
)

LEAK = ReadAnswers(
    primary=FindingAnswer("leak", frozenset({"epidural"})),
    adequacy="adequate",
    tip_level="t10",
    extent_mm=80,
    extent_levels=("t8", "l1"),
    certainty=5,
)


@given(reads, reads)
def test_it_does_not_matter_which_read_comes_first(one, other):
    assert compare(one, other) == compare(other, one)
    assert disputed_fields(one, other) == disputed_fields(other, one)


@given(reads)
def test_a_read_agrees_with_itself(one):
    assert set(compare(one, one).values()) <= {AGREE, NEITHER}
    assert disputed_fields(one, one) == ()


@given(reads, reads)
def test_every_field_is_compared_and_only_what_differs_is_disputed(one, other):
    compared = compare(one, other)
    assert list(compared) == list(ReadField)
    assert all(compared[field] is DIFFER for field in disputed_fields(one, other))


@pytest.mark.parametrize(
    ("field", "changes", "expected"),
    [
        (ReadField.ADEQUACY, {"adequacy": "limited"}, DIFFER),
        (ReadField.ADEQUACY, {"adequacy": "not_assessed"}, ONE),
        (
            ReadField.PRIMARY_FINDING,
            {"primary": FindingAnswer("occlusion", LEAK.primary.sites)},
            DIFFER,
        ),
        (ReadField.SITES, {"primary": FindingAnswer("leak", frozenset({"other"}))}, DIFFER),
        (ReadField.SITES, {"primary": FindingAnswer("leak")}, ONE),
        (
            ReadField.FURTHER_FINDINGS,
            {"further": frozenset({FindingAnswer("malposition")})},
            DIFFER,
        ),
        (ReadField.TIP_LEVEL, {"tip_level": "t11"}, DIFFER),
        (ReadField.TIP_LEVEL, {"tip_level": ""}, ONE),
        (ReadField.EXTENT_MM, {"extent_mm": 90}, AGREE),
        (ReadField.EXTENT_MM, {"extent_mm": 91}, DIFFER),
        (ReadField.EXTENT_MM, {"extent_mm": None}, ONE),
        (ReadField.EXTENT_LEVELS, {"extent_levels": ("t8", "l2")}, DIFFER),
        (ReadField.EXTENT_LEVELS, {"extent_levels": None}, ONE),
        (ReadField.CERTAINTY, {"certainty": 4}, DIFFER),
        (ReadField.CERTAINTY, {"certainty": None}, ONE),
    ],
)
def test_one_changed_answer_shows_in_its_field_alone(field, changes, expected):
    compared = compare(LEAK, replace(LEAK, **changes))
    others = {compared[other] for other in ReadField if other is not field}
    assert compared[field] is expected
    assert others <= {AGREE, NEITHER}


def test_nothing_answered_on_either_side_is_no_agreement():
    bare = ReadAnswers(primary=FindingAnswer("normal_crescent"))
    compared = compare(bare, bare)
    assert compared[ReadField.TIP_LEVEL] is NEITHER
    assert compared[ReadField.SITES] is NEITHER
    assert compared[ReadField.FURTHER_FINDINGS] is AGREE


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"primary": FindingAnswer("occlusion")}, (ReadField.PRIMARY_FINDING,)),
        ({"primary": FindingAnswer("leak", frozenset({"other"}))}, (ReadField.SITES,)),
        ({"primary": FindingAnswer("leak")}, ()),
        ({"adequacy": "limited"}, ()),
        ({"adequacy": "inadequate"}, (ReadField.ADEQUACY,)),
        (
            {"adequacy": "inadequate", "primary": FindingAnswer("indeterminate")},
            (ReadField.ADEQUACY, ReadField.PRIMARY_FINDING),
        ),
        ({"further": frozenset({FindingAnswer("malposition")})}, ()),
        ({"tip_level": "t11", "extent_mm": None, "certainty": 1}, ()),
    ],
    ids=str,
)
def test_what_needs_an_adjudication(changes, expected):
    """`ADJUDICATION_RULE`."""
    assert disputed_fields(LEAK, replace(LEAK, **changes)) == expected


def test_the_codes_of_adequacy_are_those_of_the_vocabulary():
    assert {INADEQUATE, NOT_ASSESSED} <= set(ReadAdequacy.codes())
