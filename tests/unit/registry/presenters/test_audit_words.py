"""Words and numbers of an audit, and which of them can be opened."""

import pytest
from hypothesis import given, settings

from registry.audit.protocols import PROTOCOLS
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.presenters.audit_words import (
    balance,
    filter_line,
    interval,
    openable,
    percent,
    synthetic_words,
)
from tests.factories.cohorts import AS_OF, abousamra_cohort, cohorts

PROTOCOL = PROTOCOLS["abousamra-2016"]


def result_of(cohort, **filters):
    return run(PROTOCOL.key, cohort, filters=Filters(**filters), as_of=AS_OF, code_version="test")


@pytest.mark.parametrize(
    ("fraction", "words"),
    [
        (3 / 27, "11.1 %"),
        (5 / 16, "31.3 %"),
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (None, "not defined"),
    ],
)
def test_percentages_have_one_decimal_rounded_half_up_and_undefined_is_a_word(fraction, words):
    assert percent(fraction) == words


def test_an_undefined_interval_is_empty():
    assert interval(None, None) == ""
    assert interval(0.023527, 0.291587) == "2.4 to 29.2 %"


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_every_number_printed_as_openable_can_be_opened_and_none_is_forgotten(cohort):
    result = result_of(cohort)
    printed = {box.key for box in result.flow.printed}
    hidden = {box.key for box in result.flow.boxes} - printed
    assert set(openable(result.to_json(), PROTOCOL)) == set(result.numbers()) - hidden


@settings(deadline=None, max_examples=40)
@given(cohorts())
def test_every_box_is_written_as_what_enters_minus_what_leaves(cohort):
    result = result_of(cohort)
    flow = result.to_json()["flow"]
    for box in flow:
        left, right = balance(flow, box["key"]).replace("\N{MINUS SIGN}", "-").split("=")
        first, *leaving = (int(part) for part in right.split("-"))
        assert int(left) == first - sum(leaving) == box["n"]


def test_the_balance_of_the_completed_studies_reads_as_published():
    flow = result_of(abousamra_cohort()).to_json()["flow"]
    assert balance(flow, "completed") == "24 = 27 \N{MINUS SIGN} 3"
    assert balance(flow, "ct_studied") == "27 = 295 \N{MINUS SIGN} 268"


def test_synthetic_records_are_announced_with_their_number():
    words = synthetic_words(result_of(abousamra_cohort()).to_json())
    assert "295 of the 295 counted patients" in words


def test_real_records_carry_no_notice():
    assert synthetic_words(result_of(type(abousamra_cohort())(patients=())).to_json()) == ""


def test_filters_stand_in_one_line():
    result = result_of(abousamra_cohort(), centres=("EAST",)).to_json()
    assert filter_line(result) == "EAST; any period; data as of 2024-12-31"
