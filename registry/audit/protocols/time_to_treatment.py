"""How long it takes from suspicion to CT, to operation, to restored therapy.

Not the reproduction of one study: no published standard of these times is known to us.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.baseline_table import baseline_description, before_baseline
from registry.audit.case_course import (
    ENDED_RULE,
    PATH_RULE,
    RESTORED_RULE,
    CaseCourse,
    End,
    Step,
    courses,
    spans,
)
from registry.audit.case_time_tables import (
    BY_DAY,
    NOTES,
    PATHS,
    TIMES,
    WAITING,
    by_day_table,
    curves,
    longest_waits_table,
    notes_table,
    paths_table,
    times_table,
)
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, build_flow
from registry.audit.intervals import proportion
from registry.audit.protocol import Citation, Protocol
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.selection import Filters

UNIT: Final = "cases"

WITHIN: Final[Mapping[Step, tuple[str, str, tuple[int, ...]]]] = {
    Step.SUSPICION_TO_CT: ("CT", "of suspicion", (7, 30, 90)),
    Step.CT_TO_SURGERY: ("Operation", "of the CT", (7, 30, 90)),
    Step.SURGERY_TO_RESTORED: ("Therapy restored", "of operation", (30, 90, 180)),
    Step.SUSPICION_TO_RESTORED: ("Therapy restored", "of suspicion", (30, 90, 180)),
}
"""Days are ours [proposal]."""

FLOW: Final[Branch[CaseCourse]] = Branch(
    "cases",
    "Cases of suspected malfunction",
    lambda one: True,
    (
        Branch(
            "no_ct_no_operation",
            "Neither CT nor operation",
            lambda one: one.ct is None and one.operated is None,
        ),
        Branch(
            "operated_without_ct",
            "Operated on without CT",
            lambda one: one.ct is None and one.operated is not None,
        ),
        Branch(
            "with_ct",
            "CT contrast study",
            lambda one: one.ct is not None,
            (
                Branch("ct_not_operated", "No operation followed", lambda one: not one.operated),
                Branch(
                    "ct_operated",
                    "Operation",
                    lambda one: one.operated is not None,
                    (
                        Branch("restored", "Therapy restored", lambda one: one.end is End.RESTORED),
                        Branch("ended", "Ended otherwise", lambda one: one.end is End.ENDED),
                        Branch("waiting", "Still open", lambda one: one.end is End.WAITING),
                    ),
                ),
            ),
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count the cases raised in the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    found = courses(patients, filters.period(as_of), as_of)
    return Tally(
        flow=build_flow(FLOW, found),
        estimates=_estimates(found),
        tables=(
            times_table(found),
            by_day_table(found),
            paths_table(found),
            longest_waits_table(found),
            notes_table(found),
        ),
        curves=curves(found),
    )


def _estimates(found: Mapping[str, CaseCourse]) -> tuple[ComparedEstimate, ...]:
    estimates = []
    for step, (what, since, limits) in WITHIN.items():
        every = spans(found.values(), step)
        for days in limits:
            watched = [one for one in every if one.observed_for(days)]
            reached = [one for one in watched if one.reached_within(days)]
            estimates.append(
                ComparedEstimate(
                    estimate=proportion(
                        key=f"{step.value}_{days}_days",
                        label=f"{what} within {days} days {since}, of those {days}+ days ago",
                        numerator=len(reached),
                        denominator=len(watched),
                        unit=UNIT,
                        window=f"{days} days {since}",
                    ),
                    numerator=tuple(sorted(one.case_id for one in reached)),
                    denominator=tuple(sorted(one.case_id for one in watched)),
                    published=None,
                )
            )
    return tuple(estimates)


PROTOCOL: Final = Protocol(
    key="time-to-treatment",
    version="3",
    title="Time to treatment",
    question="How long from suspicion to CT, to operation, to restored therapy, and who waits?",
    plain_words=(
        "This follows every case of suspected malfunction from the day the problem was raised. It "
        "shows how many days each step took, and it keeps those in view who never got there: a "
        "median of the lucky says nothing of the others. It cannot show why somebody waited, and "
        "therapy counts as restored on the day somebody saw it, which is later than the day it was."
    ),
    citation=Citation(
        authors="No published standard of these times is known to us",
        title="The windows are ours [proposal].",
    ),
    population=(
        "Cases of the chosen centres opened for suspected malfunction in the period; planned "
        "replacements have no suspicion. A patient may have several. CT and operation may follow "
        "after the period, up to the cut-off."
    ),
    unit=UNIT,
    pairing=None,
    index_rule=PATH_RULE,
    read_rule=RESTORED_RULE,
    further_rules=(ENDED_RULE,),
    window="7 to 180 days [proposal]",
    caveats=(
        "A share within so many days counts only cases that began the step at least so many days "
        "before the cut-off; whoever ended or still waits stays in its denominator.",
        "Curves count those who still wait up to the cut-off. That supposes that recent cases go "
        "as earlier ones did.",
        "Urgent cases are operated on without a CT. Their times stand in the table of ways, and "
        "fast operation after CT may mean severe illness as well as a quick centre.",
        "Several cases of one patient are taken as independent.",
    ),
    published=(),
    flow_keys=(
        "cases",
        "no_ct_no_operation",
        "operated_without_ct",
        "with_ct",
        "ct_not_operated",
        "ct_operated",
        "restored",
        "ended",
        "waiting",
    ),
    headline=(
        "suspicion_to_ct_30_days",
        "ct_to_surgery_30_days",
        "surgery_to_restored_90_days",
        "suspicion_to_restored_90_days",
    ),
    tables=(baseline_description(UNIT), AGES, TIMES, BY_DAY, PATHS, WAITING, NOTES),
    count=count,
    reporting=by_protocol.TIME_TO_TREATMENT,
    earlier=(before_baseline("1", PATH_RULE), before_ages("2", PATH_RULE)),
    needs=frozenset({FactGroup.BACKGROUND, FactGroup.CASES, FactGroup.REVIEWS}),
    counts_adjudications=False,
)
