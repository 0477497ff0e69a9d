"""Matched cohorts: patients with a pump beside patients without one.

McCormick ZL et al. Only the abstract was available to us. Its second cohort took oral baclofen; the
registry records no oral treatment, so the comparators here are patients without a pump who were
assessed, whatever they took.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.baseline_table import BASELINE, before_baseline
from registry.audit.comparators import COMPARATORS, comparators_table
from registry.audit.dose_course import dose_course
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, build_flow
from registry.audit.intervals import proportion
from registry.audit.matched_arms import (
    BALANCE,
    GROUPS,
    OUTCOMES,
    Eligible,
    arms,
    balance_table,
    eligible,
    outcomes_table,
)
from registry.audit.matching import METHOD
from registry.audit.protocol import Citation, Protocol, PublishedFigure
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.selection import Filters
from registry.audit.titration_tables import STABILITY, Dosed, stability_table

UNIT: Final = "patients"
PAPER: Final = "McCormick 2016"
SOURCE: Final = "doi:10.1016/j.pmrj.2015.10.005"

ELIGIBLE_RULE: Final = (
    "eligible-1: assessed in the period with a score of this page, sex and year of birth known. "
    "With a pump: in intrathecal therapy for at least a year at the last such assessment. Without: "
    "no pump implanted by then, and no operation [proposal]."
)
MATCHING_RULE: Final = (
    f"matching-1: {METHOD}; sex and diagnosis equal, age as near as possible, without a limit. "
    "Subtypes of spinal cord injury and of cerebral palsy are one diagnosis each, as in the paper "
    "[proposal]."
)


def _printed(measure: str, numerator: int, printed: str | None = None) -> PublishedFigure:
    status = "printed" if printed else "printed counts"
    return PublishedFigure(measure, PAPER, numerator, 62, UNIT, printed, status, SOURCE)


PUBLISHED: Final = (
    _printed("male", 40, "64%"),
    _printed("sci", 38),
    _printed("cp", 10),
    _printed("stroke", 10),
    _printed("ms", 4),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Match whoever was assessed in the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    period = filters.period(as_of)
    everybody = {
        patient.patient_id: one
        for patient in patients
        if (one := eligible(patient, period)) is not None
    }
    both = arms(everybody)
    paired = both.paired
    keyed = {key: (one.pump, key in paired) for key, one in everybody.items()}
    estimates = (
        _share("matched_rate", "Matched, of those with a pump", everybody,
               lambda one: one.patient.patient_id in paired, lambda one: one.pump),
        *(
            _share(key, label, everybody, counts, lambda one: one.patient.patient_id in paired)
            for key, label, counts in _CHARACTERISTICS
        ),
    )  # fmt: skip
    return Tally(
        flow=build_flow(FLOW, keyed),
        estimates=estimates,
        tables=(
            comparators_table(estimates, PUBLISHED),
            balance_table(both),
            outcomes_table(both),
            stability_table(
                {
                    one.patient.patient_id: Dosed(
                        one.patient,
                        one.patient.therapy_from,
                        one.until,
                        dose_course(one.patient),
                        (),
                    )
                    for one in both.of(pump=True, matched_only=True)
                    if one.patient.therapy_from is not None
                }
            ),
        ),
    )


def _in_group(key: str) -> Callable[[Eligible], bool]:
    return lambda one: one.group == key


_CHARACTERISTICS: Final = (
    ("male", "Male, of matched", lambda one: one.sex == "male"),
    *((key, f"{label}, of matched", _in_group(key)) for key, (label, _) in GROUPS.items()),
)


def _share(
    key: str,
    label: str,
    everybody: dict[str, Eligible],
    counts: Callable[[Eligible], bool],
    among: Callable[[Eligible], bool],
) -> ComparedEstimate:
    denominator = tuple(sorted(name for name, one in everybody.items() if among(one)))
    numerator = tuple(name for name in denominator if counts(everybody[name]))
    figure = next((one for one in PUBLISHED if one.measure == key), None)
    return ComparedEstimate(
        estimate=proportion(
            key=key,
            label=label,
            numerator=len(numerator),
            denominator=len(denominator),
            unit=UNIT,
        ),
        numerator=numerator,
        denominator=denominator,
        published=None if figure is None else figure.to_json(),
    )


Standing = tuple[bool, bool]
"""Whether with a pump, and whether matched."""

FLOW: Final[Branch[Standing]] = Branch(
    "eligible",
    "Assessed, background known",
    lambda one: True,
    (
        Branch(
            "unmatched_pump",
            "Pump, nobody like them",
            lambda one: one == (True, False),
        ),
        Branch(
            "unmatched_other",
            "No pump, not needed for a pair",
            lambda one: one == (False, False),
        ),
        Branch(
            "matched",
            "In a pair",
            lambda one: one[1],
            (
                Branch("matched_pump", "With a pump", lambda one: one[0]),
                Branch("matched_other", "Without a pump", lambda one: not one[0]),
            ),
        ),
    ),
)

PROTOCOL: Final = Protocol(
    key="mccormick-2016",
    version="3",
    title="With a pump and without, matched",
    question="Do patients with a pump have fewer spasms, less pain and fatigue than their like?",
    plain_words=(
        "Each patient with a pump is set beside one without who has the same sex and diagnosis and "
        "is about as old. It shows how their scores differ on one day. It cannot show why: who "
        "gets a pump was chosen, and age, sex and diagnosis are not all that "
        "makes patients alike. The paper compared with oral baclofen; the registry records no "
        "tablets, so those without a pump may take anything or nothing."
    ),
    citation=Citation(
        authors="McCormick ZL, Chu SK, Binler D, Neudorf D, Mathur SN, Lee J, Marciniak C",
        title=(
            "Intrathecal Versus Oral Baclofen: A Matched Cohort Study of Spasticity, Pain, Sleep, "
            "Fatigue, and Quality of Life."
        ),
        journal="PM R",
        year=2016,
        pages="8(6):553-62",
        doi="10.1016/j.pmrj.2015.10.005",
    ),
    population=(
        "Patients of the chosen centres who were assessed in the period. The paper asked adults "
        "treated for at least a year in either arm; how long anybody took tablets is not recorded."
    ),
    unit=UNIT,
    pairing=None,
    index_rule=ELIGIBLE_RULE,
    read_rule=MATCHING_RULE,
    window="no window",
    caveats=(
        "Comparators are patients without a pump, not patients on oral baclofen: the registry "
        "records no oral treatment. Why they have none is not known.",
        "Only the abstract was available to us. Its scores of spasms are not printed beside these: "
        "one pair of numbers stands there twice.",
        "Several scores are tested; one in twenty differs by chance.",
        "Matching removes differences in age, sex and diagnosis and no other.",
    ),
    published=PUBLISHED,
    flow_keys=(
        "eligible",
        "unmatched_pump",
        "unmatched_other",
        "matched",
        "matched_pump",
        "matched_other",
    ),
    headline=("matched_rate", "male", "sci", "cp"),
    tables=(BASELINE, AGES, COMPARATORS, BALANCE, OUTCOMES, STABILITY),
    count=count,
    reporting=by_protocol.MCCORMICK,
    counts_adjudications=False,
    earlier=(before_baseline("1", ELIGIBLE_RULE), before_ages("2", ELIGIBLE_RULE)),
    needs=frozenset({FactGroup.BACKGROUND, FactGroup.ASSESSMENTS, FactGroup.DOSES}),
)
