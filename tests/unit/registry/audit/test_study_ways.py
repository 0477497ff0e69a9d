"""Each study takes one way from its finding to its outcome, and the steps add up."""

import pytest
from hypothesis import given, settings

from registry.audit.codes import Finding, StudyOutcome
from registry.audit.facts import Cohort
from registry.audit.protocols.ct_accuracy import PROTOCOL
from registry.audit.run import run
from registry.audit.selection import Filters
from registry.audit.study_ways import STAGES, WAYS
from tests.factories.accuracy_cohorts import (
    SOUND,
    UNEXPLORED,
    accuracy_cohorts,
    found,
    operated_patient,
    reviewed,
)
from tests.factories.cohorts import AS_OF, studied_patient


def ways(cohort):
    result = run(PROTOCOL.key, cohort, filters=Filters(), as_of=AS_OF, code_version="1.0")
    table = next(table for table in result.tables if table.key == WAYS.key)
    assert all(len(result.members(f"ways.{row[0]}.studies")) == row[2] for row in table.rows)
    return result, {row[0]: row[2] for row in table.rows}


@pytest.mark.parametrize(
    ("patient", "steps"),
    [
        (
            reviewed(operated_patient("p", "leak", found("kink")), "resolved", after_days=99),
            ["ct:leak>next:operated", "next:operated>surgery:closed",
             "surgery:closed>outcome:resolved"],
        ),
        (
            operated_patient("p", "leak", found("disconnection"), found("kink")),
            ["ct:leak>next:operated", "next:operated>surgery:several",
             "surgery:several>outcome:no_review"],
        ),
        (
            operated_patient("p", "occlusion", SOUND),
            ["ct:occlusion>next:operated", "next:operated>surgery:none",
             "surgery:none>outcome:no_review"],
        ),
        (
            operated_patient("p", "occlusion", UNEXPLORED),
            ["ct:occlusion>next:operated", "next:operated>surgery:not_tested",
             "surgery:not_tested>outcome:no_review"],
        ),
        (
            reviewed(studied_patient("p", finding=Finding.NORMAL_CRESCENT), "worse", after_days=30),
            ["ct:normal_crescent>next:not_operated", "next:not_operated>outcome:worse"],
        ),
        (
            studied_patient("p", finding=None, outcome=StudyOutcome.STOPPED_NOT_ASPIRABLE),
            ["ct:not_aspirable>next:not_operated", "next:not_operated>outcome:no_review"],
        ),
    ],
)  # fmt: skip
def test_a_study_passes_finding_next_step_operation_and_outcome(patient, steps):
    assert ways(Cohort((patient,)))[1] == dict.fromkeys(steps, 1)


def test_a_review_before_the_operation_is_no_outcome_of_it():
    early = reviewed(operated_patient("p", "leak", found("kink")), "worse", after_days=2)
    assert "surgery:closed>outcome:no_review" in ways(Cohort((early,)))[1]


@settings(deadline=None, max_examples=40)
@given(accuracy_cohorts())
def test_who_comes_to_a_stage_leaves_it_and_all_end(cohort):
    result, steps = ways(cohort)
    into, out = {}, {}
    for step, n in steps.items():
        start, end = step.split(">")
        out[start] = out.get(start, 0) + n
        into[end] = into.get(end, 0) + n
    every = result.flow.boxes[0].n
    assert sum(n for node, n in out.items() if node.startswith("ct:")) == every
    assert sum(n for node, n in into.items() if node.startswith("outcome:")) == every
    for node in {*into, *out}:
        stage, _, key = node.partition(":")
        assert key in STAGES[stage]
        if stage not in {"ct", "outcome"}:
            assert into[node] == out[node]
