"""Complications of intrathecal therapy per operation, per patient and per patient-year.

Not the reproduction of one study: the published series differ in window and denominator, and both
stand in the label of every figure.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.baseline_table import BASELINE, before_baseline
from registry.audit.comparators import COMPARATORS, comparators_table
from registry.audit.complication_course import (
    ADMITTED,
    ATTRIBUTION_RULE,
    CSF_LEAKS,
    EARLY_DAYS,
    EVENT_RULE,
    OPERATIONS_RULE,
    SHORTER_DAYS,
    TIME_RULE,
    ComplicationCourse,
    ComplicationKind,
    Event,
    Operation,
    Timing,
    courses,
    window_closed,
)
from registry.audit.complication_tables import (
    AFTER,
    GRADES_AND_CARE,
    INFECTION_KINDS,
    KINDS,
    NOTES,
    RATE_LABELS,
    RATES,
    after_operation_table,
    followed_by,
    grades_table,
    infections_table,
    is_deep,
    is_infection,
    kinds_table,
    notes_table,
    patients_with,
    rates_table,
)
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, Display, build_flow
from registry.audit.intervals import proportion
from registry.audit.protocol import Citation, Protocol, PublishedFigure
from registry.audit.published_rates import PUBLISHED_RATES_TABLE, published_rates_table
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.selection import Filters

Ids = tuple[str, ...]

IN_PERIOD: Final = "in the period"
WITHIN: Final = f"within {EARLY_DAYS} days of the operation"


def _printed(
    measure: str, study: str, counts: tuple[int, int], unit: str, printed: str | None, source: str,
    status: str = "printed",
) -> PublishedFigure:  # fmt: skip
    return PublishedFigure(measure, study, *counts, unit, printed, status, source)


S03: Final = ("J Child Orthop 2019 (children)", "PMID 31695821")
S61: Final = "Balaratnam 2020, Neuromodulation"
MOTTA: Final = "PMID 27341610"

PUBLISHED: Final = (
    _printed("infection_per_operation", S03[0], (50, 720), "procedures", "6.9%", S03[1]),
    _printed("infection_patients", S03[0], (50, 341), "patients, 15 years", "14.6%", S03[1],
             "printed (rounds to 14.7)"),
    _printed("infection_patients", "J Pediatr Orthop 2016 (children)", (28, 294), "patients",
             "9.5%", "PMID 26296219"),
    _printed("infection_patients", "NHNN 2013-15 (adults)", (4, 118), "patients, 29 months",
             "3.4%", S61),
    _printed("infection_patients", "NHNN 2016-18 (adults)", (1, 160), "patients, 2 years",
             "0.6%", S61),
    _printed("csf_patients", S03[0], (85, 341), "patients, 15 years", "24.9%", S03[1]),
    _printed("csf_patients", "Motta 2016, silicone", (23, 416), "patients", "5.5%", MOTTA),
    _printed("catheter_patients", "Motta 2016, silicone", (75, 416), "patients, 13 years", "18%",
             MOTTA),
    _printed("catheter_patients", "MCW 2021, Ascenda (adults)", (7, 126), "patients, mean 43 mo",
             "5.6%", "PMID 33974333"),
    _printed("catheter_patients", "Children's hospital 2006-19", (63, 142), "pumps", "44.4%",
             "abstract, 142 pumps 2006-19"),
    _printed("any_patients", "Bonouvrié 2022 (children)", (47, 130),
             "patients, surgical complications", "36.2%", "Bonouvrié 2022"),
    _printed("any_patients", "Hochzirl 2018", (29, 116), "patients", "25%", "PMID 29761017"),
    _printed("any_patients", "Slovenia 2023", (38, 138), "patients", "27%", "Benedičič 2023",
             "printed (27.5)"),
    _printed("any_patients", "Borrini 2014 (adults)", (28, 158), "patients, 1 year", "18%",
             "PMID 24407102"),
    _printed("any_patients", "Children's hospital 2006-19", (111, 142), "pumps", "78.2%",
             "abstract, 142 pumps 2006-19"),
    _printed("admitted_patients", "Ford 1996", (5, 13), "patients", "38%",
             "Arch Neurol 1996;53:1241-1246", "printed counts"),
    _printed("major_patients", "Motta 2016, silicone", (120, 416), "patients, 13 years", "29%",
             MOTTA),
    _printed("major_patients", "Motta 2016, Ascenda", (1, 92), "patients, 3 years", "1.1%", MOTTA),
)  # fmt: skip


def _infected(one: ComplicationCourse, *timings: Timing) -> bool:
    return any(is_infection(event) and event.timing in timings for event in one.events)


FLOW: Final[Branch[ComplicationCourse]] = Branch(
    "patients",
    "Patients",
    lambda one: True,
    (
        Branch("without_complication", "No complication logged", lambda one: not one.events),
        Branch(
            "with_complication",
            "At least one complication",
            lambda one: bool(one.events),
            (
                Branch(
                    "with_infection",
                    "At least one infection",
                    lambda one: _infected(one, *Timing),
                    (
                        Branch(
                            "early_infection",
                            f"Within {EARLY_DAYS} days of an operation",
                            lambda one: _infected(one, Timing.EARLY),
                        ),
                        Branch(
                            "late_infection",
                            f"Only later than {EARLY_DAYS} days",
                            lambda one: (
                                _infected(one, Timing.LATE) and not _infected(one, Timing.EARLY)
                            ),
                        ),
                        Branch(
                            "infection_without_operation",
                            "No operation known before",
                            lambda one: not _infected(one, Timing.EARLY, Timing.LATE),
                            (),
                            Display.IF_ANY,
                        ),
                    ),
                ),
                Branch(
                    "other_only",
                    "Other complications only",
                    lambda one: not _infected(one, *Timing),
                ),
            ),
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count the complications of the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    found = courses(patients, filters.period(as_of))
    estimates = (*_per_operation(found, as_of), *_per_patient(found))
    return Tally(
        flow=build_flow(FLOW, found),
        estimates=estimates,
        tables=(
            kinds_table(found),
            infections_table(found),
            after_operation_table(found, as_of),
            rates_table(found),
            published_rates_table(RATE_LABELS),
            grades_table(found),
            comparators_table(estimates, PUBLISHED),
            notes_table(found, as_of),
        ),
    )


def _per_operation(
    found: Mapping[str, ComplicationCourse], as_of: date
) -> tuple[ComparedEstimate, ...]:
    every = [(one, operation) for one in found.values() for operation in one.operations]
    closed = [(one, o) for one, o in every if window_closed(o, as_of)]
    closed_60 = [(one, o) for one, o in every if window_closed(o, as_of, SHORTER_DAYS)]
    behind = "of operations {}+ days ago"

    def estimate(
        key: str,
        label: str,
        operations: Sequence[tuple[ComplicationCourse, Operation]],
        holds: Callable[[Event], bool],
        days: int | None,
    ) -> ComparedEstimate:
        return _compared(
            key, label, followed_by(operations, holds, days),
            tuple(sorted(operation.operation_id for _, operation in operations)),
            unit="operations",
            window="any time by the cut-off" if days is None else f"{days} days after operation",
        )  # fmt: skip

    return (
        estimate(
            "infection_90_days",
            f"Infection within {EARLY_DAYS} days, {behind.format(EARLY_DAYS)}",
            closed, is_infection, EARLY_DAYS,
        ),
        estimate(
            "deep_infection_90_days",
            f"Deep infection within {EARLY_DAYS} days, {behind.format(EARLY_DAYS)}",
            closed, is_deep, EARLY_DAYS,
        ),
        estimate(
            "infection_60_days",
            f"Infection within {SHORTER_DAYS} days, {behind.format(SHORTER_DAYS)}",
            closed_60, is_infection, SHORTER_DAYS,
        ),
        estimate(
            "complication_90_days",
            f"Any complication within {EARLY_DAYS} days, {behind.format(EARLY_DAYS)}",
            closed, lambda event: True, EARLY_DAYS,
        ),
        estimate(
            "infection_per_operation",
            "Infection before the next operation, of operations",
            every, is_infection, None,
        ),
    )  # fmt: skip


PER_PATIENT: Final[Mapping[str, tuple[str, Callable[[Event], bool]]]] = {
    "infection_patients": ("Infection, of patients", is_infection),
    "early_infection_patients": (
        f"Infection within {EARLY_DAYS} days of operation, of patients",
        lambda e: is_infection(e) and e.timing is Timing.EARLY,
    ),
    "late_infection_patients": (
        f"Infection after {EARLY_DAYS} days or without, of patients",
        lambda e: is_infection(e) and e.timing is not Timing.EARLY,
    ),
    "csf_patients": ("CSF leak, of patients", lambda e: bool(e.codes & CSF_LEAKS)),
    "catheter_patients": (
        "Catheter complication, of patients",
        lambda e: e.kind is ComplicationKind.CATHETER,
    ),
    "pump_patients": (
        "Pump complication, of patients",
        lambda e: e.kind is ComplicationKind.PUMP,
    ),
    "admitted_patients": (
        "Admitted for a complication, of patients",
        lambda e: e.care in ADMITTED,
    ),
    "major_patients": ("Operated on for a complication, of patients", lambda e: e.needed_surgery),
    "any_patients": ("Any complication, of patients", lambda e: True),
}


def _per_patient(found: Mapping[str, ComplicationCourse]) -> tuple[ComparedEstimate, ...]:
    everyone = tuple(sorted(found))
    return tuple(
        _compared(
            key, label, patients_with(found, holds), everyone, unit="patients", window=IN_PERIOD
        )
        for key, (label, holds) in PER_PATIENT.items()
    )


def _compared(
    key: str, label: str, numerator: Ids, denominator: Ids, *, unit: str, window: str
) -> ComparedEstimate:
    figure = next((one for one in PUBLISHED if one.measure == key), None)
    return ComparedEstimate(
        estimate=proportion(
            key=key,
            label=label,
            numerator=len(numerator),
            denominator=len(denominator),
            unit=unit,
            window=window,
        ),
        numerator=numerator,
        denominator=denominator,
        published=None if figure is None else figure.to_json(),
    )


PROTOCOL: Final = Protocol(
    key="complications",
    version="3",
    title="Complications and infections",
    question="How often does something go wrong, after which operation, and how badly?",
    plain_words=(
        "This counts what was logged as a complication: per operation, per patient and per year "
        "of therapy. The three are different questions and their figures must not be compared "
        "with each other; the label of each says what was counted, among whom, and within how many "
        "days. It shows what was recorded. It cannot show what nobody wrote down, and a centre "
        "that looks harder will look worse."
    ),
    citation=Citation(
        authors="Several published series",
        title="Each stands beside its figure with source and interval.",
        address="Window of 90 days: PMID 31695821",
    ),
    population=(
        "Patients of the chosen centres who were in therapy, operated on or had a complication in "
        "the period. The period limits operations and complications by their day."
    ),
    unit="patients",
    pairing=None,
    index_rule=OPERATIONS_RULE,
    read_rule=ATTRIBUTION_RULE,
    further_rules=(EVENT_RULE, TIME_RULE),
    window=WITHIN,
    caveats=(
        "Only what was logged as a complication counts. A defect found at an operation and not "
        "logged as one does not.",
        f"An operation with fewer than {EARLY_DAYS} days behind it is in no denominator of early "
        "infection: else recent operations would make the rate look low.",
        "The share of patients grows with the time they were watched. Compare it only with series "
        "of like length, and prefer the rate per patient-year.",
        "J Child Orthop 2019 and J Pediatr Orthop 2016 seem to come from the same centre [own]; "
        "they are not independent. Motta 2016 watched silicone for 13 years and Ascenda for 3.",
        "Series differ in whom they treat and what they call a complication. Their intervals are "
        "computed here; the comparison is unadjusted.",
    ),
    published=PUBLISHED,
    flow_keys=(
        "patients",
        "without_complication",
        "with_complication",
        "with_infection",
        "early_infection",
        "late_infection",
        "other_only",
    ),
    headline=(
        "infection_90_days",
        "infection_per_operation",
        "infection_patients",
        "any_patients",
    ),
    tables=(
        BASELINE,
        AGES,
        KINDS,
        INFECTION_KINDS,
        AFTER,
        RATES,
        PUBLISHED_RATES_TABLE,
        GRADES_AND_CARE,
        COMPARATORS,
        NOTES,
    ),
    count=count,
    reporting=by_protocol.COMPLICATIONS,
    needs=frozenset(
        {
            FactGroup.COMPLICATIONS,
            FactGroup.PROCEDURES,
            FactGroup.COMPONENTS,
            FactGroup.DEPARTURES,
            FactGroup.BACKGROUND,
        }
    ),
    earlier=(before_baseline("1", OPERATIONS_RULE), before_ages("2", OPERATIONS_RULE)),
    counts_adjudications=False,
)
