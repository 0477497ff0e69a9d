"""The lowest effective dose: does the dose follow the Ashworth and spasm scores, and does it stay?

The founding document cites Kawano 2018 (Ashworth as a guide, relatively low doses) and a trial in
complex regional pain syndrome (pain better for six months, then level). It prints no counts, so no
proportion of theirs stands beside these.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.background_facts import BackgroundFacts
from registry.audit.baseline_table import BASELINE, before_baseline
from registry.audit.dose_course import TWO_YEARS, dose_course
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.flow import Branch, build_flow
from registry.audit.intervals import proportion
from registry.audit.protocol import Citation, Protocol
from registry.audit.reporting import by_protocol
from registry.audit.result import ComparedEstimate, Tally
from registry.audit.score_course import course
from registry.audit.selection import Filters, Period, therapy_overlaps
from registry.audit.titration_tables import (
    DOSE_OVER_TIME,
    PAIN_COURSE,
    SCORES,
    STABILITY,
    TONE,
    Dosed,
    dose_over_time_table,
    pain_table,
    scores_table,
    stability_table,
)

UNIT: Final = "patients"
CRPS: Final = "crps"
ABOUT: Final = 0.1

DOSE_RULE: Final = (
    "dose-1: the dose in force on the last day of the period, or of therapy if it ended before; "
    "boluses do not change it."
)
LOWEST_RULE: Final = (
    "lowest-1: the lowest effective dose is the lowest in force at any Ashworth assessment after "
    "implantation whose median was the lowest reached; of the variant with most assessments. A "
    "dose up to 10 % above it is at it [proposal]."
)
STABLE_RULE: Final = (
    "stable-1: a dose within 10 % of what it was two years before is stable [proposal]."
)


def dosed(patient: PatientFacts, period: Period) -> Dosed | None:
    """None for whoever is not in therapy in the period or has no known dose in it."""
    start = patient.therapy_from
    if start is None or not therapy_overlaps(patient, period):
        return None
    ends = [day for day in (patient.therapy_to, patient.died_on, period.last) if day is not None]
    until = min(ends)
    doses = dose_course(patient)
    if doses.on(until) is None:
        return None
    courses = [
        tuple(one for one in course(patient, measure) if start < one.on <= until)
        for measure in TONE
    ]
    return Dosed(patient, start, until, doses, max(courses, key=len))


def _at_lowest(one: Dosed) -> bool:
    return one.lowest is not None and one.dose is not None and one.dose <= (1 + ABOUT) * one.lowest


def _stable(one: Dosed) -> bool:
    change = one.doses.change(one.until, over=TWO_YEARS)
    return change is not None and abs(change) <= ABOUT


FLOW: Final[Branch[Dosed]] = Branch(
    "dosed",
    "In therapy with a known daily dose",
    lambda one: True,
    (
        Branch("not_graded", "Tone not graded after implantation", lambda one: one.lowest is None),
        Branch(
            "graded",
            "Tone graded after implantation",
            lambda one: one.lowest is not None,
            (
                Branch("at_lowest", "At the lowest effective dose", _at_lowest),
                Branch(
                    "above_lowest",
                    "Above the lowest effective dose",
                    lambda one: one.lowest is not None and not _at_lowest(one),
                ),
            ),
        ),
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count patients in therapy in the period; `known` is what had happened by `as_of`."""
    patients = known.patients
    period = filters.period(as_of)
    found = {
        patient.patient_id: one
        for patient in patients
        if (one := dosed(patient, period)) is not None
    }
    with_crps = {
        key: one
        for key, one in found.items()
        if any(facts.diagnosis == CRPS for facts in one.patient.of(BackgroundFacts))
    }
    return Tally(
        flow=build_flow(FLOW, found),
        estimates=(
            _share(
                found, "graded_rate", "Tone graded, of those with a dose",
                lambda one: one.lowest is not None, lambda one: True,
            ),
            _share(
                found, "at_lowest_rate", "At the lowest effective dose, of graded",
                _at_lowest, lambda one: one.lowest is not None,
            ),
            _share(
                found, "stable_rate", "Dose stable over two years",
                _stable,
                lambda one: one.doses.change(one.until, over=TWO_YEARS) is not None,
            ),
        ),
        tables=(
            dose_over_time_table(found),
            scores_table(found),
            pain_table(with_crps),
            stability_table(found),
        ),
    )  # fmt: skip


def _share(
    found: Mapping[str, Dosed],
    key: str,
    label: str,
    counts: Callable[[Dosed], bool],
    among: Callable[[Dosed], bool],
) -> ComparedEstimate:
    denominator = tuple(sorted(one for one, patient in found.items() if among(patient)))
    numerator = tuple(one for one in denominator if counts(found[one]))
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
        published=None,
    )


PROTOCOL: Final = Protocol(
    key="dose-titration",
    version="3",
    title="Dose titration",
    question="Is the dose the lowest that works, and does it stay?",
    plain_words=(
        "This follows the daily dose from the implantation on, and sets it beside Ashworth, spasm "
        "and pain scores. It shows who has a higher dose today than one at which tone was already "
        "as good. It cannot show that the lower dose would still do: disease progresses, and a "
        "good score on one day may have been a good day."
    ),
    citation=Citation(
        authors="Kawano et al",
        title="Ashworth scale as a guide for dose adjustment, as cited in the founding document.",
        year=2018,
    ),
    population=(
        "Patients of the chosen centres in intrathecal therapy in the period, whose first day of "
        "therapy and daily dose are known."
    ),
    unit=UNIT,
    pairing=None,
    index_rule=DOSE_RULE,
    read_rule=LOWEST_RULE,
    further_rules=(STABLE_RULE,),
    window="no window",
    caveats=(
        "The founding document prints no counts for this; the changes of dose that McCormick 2016 "
        "prints are means of another population and stand beside these unadjusted.",
        "Who is graded is not chosen at random, and graders knew the dose.",
        "Months after implantation count other patients each; a falling curve may be those who "
        "left.",
        "In CRPS pain improved over six months and then levelled off in the cited trial, which "
        "prints no figure here.",
    ),
    published=(),
    flow_keys=("dosed", "not_graded", "graded", "at_lowest", "above_lowest"),
    headline=("graded_rate", "at_lowest_rate", "stable_rate"),
    tables=(BASELINE, AGES, DOSE_OVER_TIME, SCORES, PAIN_COURSE, STABILITY),
    count=count,
    reporting=by_protocol.DOSE_TITRATION,
    counts_adjudications=False,
    earlier=(before_baseline("1", DOSE_RULE), before_ages("2", DOSE_RULE)),
    needs=frozenset({FactGroup.BACKGROUND, FactGroup.ASSESSMENTS, FactGroup.DOSES}),
)
