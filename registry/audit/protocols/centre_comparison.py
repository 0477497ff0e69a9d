"""Centres side by side, and each along its own time.

Not the reproduction of one study. How registries compare centres stands in the domain reference,
sections 6.2 and 6.4.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.baseline_table import baseline_description, before_baseline
from registry.audit.centre_courses import course_curves, course_table, courses, designs_table
from registry.audit.centre_events import (
    INDICATORS,
    MATURE_RULE,
    REVIEW_RULE,
    CentreEvent,
    Indicator,
    centre_events,
)
from registry.audit.centre_tables import (
    COURSE_RULE,
    DESCRIPTIONS,
    FUNNEL_RULE,
    SMALL_RULE,
    funnel_curve,
    funnel_table,
    measured,
    targets_table,
)
from registry.audit.counted_studies import Result
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, build_flow
from registry.audit.intervals import proportion
from registry.audit.pairing import READ_CHOICE, PairingRule
from registry.audit.protocol import Citation, Protocol
from registry.audit.reference import REFERENCE_RULE, Reference
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.selection import Filters

RULE: Final = PairingRule()
UNIT: Final = "studies and operations"


def _is(*results: Result) -> Callable[[CentreEvent], bool]:
    return lambda one: one.result in results


STUDIES: Final[Branch[CentreEvent]] = Branch(
    "studies",
    "CT contrast studies",
    lambda one: one.study is not None,
    (
        Branch(
            "without_result",
            "Stopped otherwise, or not read",
            _is(Result.STOPPED_OTHER, Result.NOT_READ),
        ),
        Branch(
            "inconclusive_studies",
            "Not aspirable or indeterminate",
            lambda one: one.inconclusive,
        ),
        Branch("negative", "Negative", _is(Result.NEGATIVE)),
        Branch(
            "positive",
            "Positive",
            lambda one: one.positive,
            (
                Branch("verified", "Verified by an operation", lambda one: one.paired),
                Branch(
                    "too_early",
                    "Not verified, too early to say",
                    lambda one: not one.paired and not one.mature,
                ),
                Branch(
                    "left_unverified",
                    "Not verified in time",
                    lambda one: not one.paired and one.mature,
                ),
            ),
        ),
    ),
)

OPERATIONS: Final[Branch[CentreEvent]] = Branch(
    "operations",
    "Operations",
    lambda one: one.study is None,
    (
        Branch(
            "catheter_not_tested",
            "Catheter not tested",
            lambda one: one.reference is Reference.NOT_TESTED,
        ),
        Branch(
            "defect", "Catheter defect confirmed", lambda one: one.reference is Reference.DEFECT
        ),
        Branch(
            "no_defect",
            "No catheter defect confirmed",
            lambda one: one.reference is Reference.NO_DEFECT,
        ),
    ),
)

FLOW: Final[Branch[CentreEvent]] = Branch(
    "events", "Contrast studies and operations", lambda one: True, (STUDIES, OPERATIONS)
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count studies and operations of the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    events = centre_events(patients, period=filters.period(as_of), rule=RULE, as_of=as_of)
    in_order = tuple(events.values())
    every = [measured(one, in_order) for one in INDICATORS]
    drawn = {one.indicator.key: courses(one) for one in every}
    curves = [funnel_curve(one) for one in every]
    return Tally(
        flow=build_flow(FLOW, events),
        estimates=tuple(_share(one, in_order) for one in INDICATORS),
        tables=(
            *(
                table
                for one in every
                for table in (
                    funnel_table(one),
                    course_table(one.indicator, drawn[one.indicator.key]),
                )
            ),
            targets_table(every),
            designs_table(),
        ),
        curves=(
            *(curve for curve in curves if curve is not None),
            *(curve for one in INDICATORS for curve in course_curves(one, drawn[one.key])),
        ),
    )


def _share(one: Indicator, events: Sequence[CentreEvent]) -> ComparedEstimate:
    counted = [event for event in events if one.counts(event)]
    failed = [event for event in counted if one.fails(event)]
    return ComparedEstimate(
        estimate=proportion(
            key=one.key,
            label=f"{one.label}, unadjusted",
            numerator=len(failed),
            denominator=len(counted),
            unit=one.unit,
            window=one.window,
        ),
        numerator=tuple(sorted(event.event_id for event in failed)),
        denominator=tuple(sorted(event.event_id for event in counted)),
        published=None,
    )


PROTOCOL: Final = Protocol(
    key="centre-comparison",
    version="3",
    title="Centres side by side",
    question="Does a centre stand out from the others, or has it changed?",
    plain_words=(
        "Each point is a centre. Inside the funnel, chance alone explains how far it lies from "
        "what all have together; outside, something else does, and the numbers do not say what: "
        "other patients, other habits of recording, or other care. All figures are unadjusted. The "
        "charts over time ask each centre whether it has become worse than an accepted share. Only "
        "centres that you may audit take part, also in what all have together: with a single "
        "centre there is nothing to compare, and only its own course is shown."
    ),
    citation=Citation(
        authors="Spiegelhalter DJ",
        title="Funnel plots for comparing institutional performance.",
        journal="Stat Med",
        year=2005,
        pages="24(8):1185-1202",
        doi="10.1002/sim.1970",
    ),
    population=(
        "CT contrast studies and operations of the chosen centres in the period; both ends of it "
        "apply to both. A patient may have several of each."
    ),
    unit=UNIT,
    pairing=RULE,
    index_rule=REFERENCE_RULE,
    read_rule=READ_CHOICE,
    further_rules=(MATURE_RULE, REVIEW_RULE, SMALL_RULE, FUNNEL_RULE, COURSE_RULE),
    window="as stated beside each share",
    caveats=(
        "Unadjusted: nothing here allows for age, diagnosis, devices or why a patient was sent. A "
        "centre outside the limits is a reason to look at its cases, not a finding about it.",
        "Of twenty centres on target one lies beyond the 95 % limits by chance. The tables say how "
        "often exactly.",
        "Several events of one patient are taken as independent; the limits are then too narrow.",
        "A centre that records less looks better or worse for it. Read the data quality of a "
        "centre first.",
        "What is accepted over time was chosen for these charts and is no standard [proposal].",
    ),
    published=(),
    flow_keys=(
        "events",
        "studies",
        "without_result",
        "inconclusive_studies",
        "negative",
        "positive",
        "verified",
        "too_early",
        "left_unverified",
        "operations",
        "catheter_not_tested",
        "defect",
        "no_defect",
    ),
    headline=tuple(one.key for one in INDICATORS),
    tables=(baseline_description(UNIT), AGES, *DESCRIPTIONS),
    count=count,
    reporting=by_protocol.CENTRE_COMPARISON,
    needs=frozenset({FactGroup.BACKGROUND, FactGroup.REVIEWS}),
    earlier=(before_baseline("1", REFERENCE_RULE), before_ages("2", REFERENCE_RULE)),
)
