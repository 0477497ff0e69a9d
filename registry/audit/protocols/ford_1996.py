"""Intrathecal baclofen in dystonia: who responded to a test dose, and what became of them.

Ford B, Greene P, Louis ED et al. Only the abstract was available to us. It counts efficacy by
patient satisfaction and function as patients reported it; the registry holds the answer given at a
review, and the COPM.
"""

from collections.abc import Callable
from datetime import date
from typing import Final

from registry.audit.age_table import AGES, before_ages
from registry.audit.baseline_table import BASELINE, before_baseline
from registry.audit.comparators import COMPARATORS, comparators_table
from registry.audit.fact_group import FactGroup
from registry.audit.facts import Cohort
from registry.audit.flow import Branch, Display, build_flow
from registry.audit.instruments import Instrument
from registry.audit.intervals import proportion
from registry.audit.paired_tests import SIGNED_RANK_RULE, signed_rank
from registry.audit.protocol import (
    Citation,
    Column,
    Form,
    Protocol,
    PublishedFigure,
    TableDescription,
)
from registry.audit.reporting import by_protocol
from registry.audit.result import OWN_STUDY, Cell, ComparedEstimate, Table, Tally
from registry.audit.score_course import Measure, before_and_after, median
from registry.audit.screened_patients import (
    FOLLOWED_RULE,
    FUNCTION_RULE,
    HOSPITAL_RULE,
    IMPLANT_RULE,
    RESPONSE_RULE,
    Screened,
    screened,
)
from registry.audit.screening_facts import ScreeningFacts
from registry.audit.selection import Filters

UNIT: Final = "patients"
DYSTONIA_SCORES: Final = (
    Measure("barry_albright", "Barry-Albright, total", Instrument.BARRY_ALBRIGHT, "total"),
    Measure("bfm_movement", "Burke-Fahn-Marsden, movement", Instrument.BFM_MOVEMENT, "total"),
)

PAPER: Final = "Ford 1996"
SOURCE: Final = "abstract, Arch Neurol 1996;53:1241-6"


def _printed(
    measure: str, numerator: int, denominator: int, printed: str | None
) -> PublishedFigure:
    status = "printed" if printed else "printed counts"
    return PublishedFigure(measure, PAPER, numerator, denominator, UNIT, printed, status, SOURCE)


PUBLISHED: Final = (
    _printed("responded_rate", 13, 25, None),
    _printed("implanted_rate", 13, 13, None),
    _printed("efficacy", 6, 11, "55%"),
    _printed("function", 3, 11, "27%"),
    _printed("hospitalised", 5, 13, "38%"),
)
PUBLISHED_MONTHS: Final = 21


FLOW: Final[Branch[Screened]] = Branch(
    "screened",
    "Dystonia, given a test dose",
    lambda one: True,
    (
        Branch("not_responded", "Did not respond", lambda one: one.response == "no"),
        Branch(
            "response_unknown",
            "Response not known",
            lambda one: one.response == "unknown",
            (),
            Display.IF_ANY,
        ),
        Branch(
            "responded",
            "Responded",
            lambda one: one.responded,
            (
                Branch("not_implanted", "Not implanted", lambda one: not one.implanted),
                Branch(
                    "implanted",
                    "Pump implanted",
                    lambda one: one.implanted,
                    (
                        Branch("not_followed", "Not asked afterwards", lambda one: not one.answer),
                        Branch(
                            "satisfied",
                            "Efficacy continues",
                            lambda one: one.efficacy,
                        ),
                        Branch(
                            "not_satisfied",
                            "Not satisfied",
                            lambda one: one.answer is not None and not one.efficacy,
                        ),
                    ),
                ),
            ),
        ),
    ),
)

FOLLOW_UP: Final = TableDescription(
    key="follow_up",
    label="From implantation to the last answer",
    columns=(
        Column("key", "Key"),
        Column("label", "Study"),
        Column("patients", "Patients", counts=True),
        Column("mean_months", "Mean, months", form=Form.RATIO),
        Column("reason", "Reason"),
    ),
    note="Responders who were implanted and asked. The paper prints the mean only.",
)

DYSTONIA_CHANGE: Final = TableDescription(
    key="dystonia_change",
    label="Dystonia scores before and after implantation",
    columns=(
        Column("key", "Key"),
        Column("label", "Score"),
        Column("patients", "Patients", counts=True),
        Column("before", "Median before", form=Form.RATIO),
        Column("after", "Median after", form=Form.RATIO),
        Column("change", "Median change", form=Form.RATIO),
        Column("p_value", "p", form=Form.RATIO),
        Column("reason", "Reason"),
    ),
    note=(
        f"Last score before and last after, of implanted responders who have both. "
        f"{SIGNED_RANK_RULE}. The paper had videos graded by blinded observers; here nobody was "
        "blinded, and its p is not a number to compare with."
    ),
)


def count(known: Cohort, filters: Filters, as_of: date) -> Tally:
    """Count patients whose first test dose lies in the period."""
    patients = known.patients
    period = filters.period(as_of)
    found = {}
    for patient in patients:
        one = screened(patient, as_of)
        if one is not None and period.contains(patient.of(ScreeningFacts)[0].performed_on):
            found[patient.patient_id] = one
    estimates = _estimates(found)
    return Tally(
        flow=build_flow(FLOW, found),
        estimates=estimates,
        tables=(
            comparators_table(estimates, PUBLISHED),
            _follow_up(found),
            _dystonia_change(found),
        ),
    )


def _estimates(found: dict[str, Screened]) -> tuple[ComparedEstimate, ...]:
    def share(
        key: str,
        label: str,
        counts: Callable[[Screened], bool],
        among: Callable[[Screened], bool],
    ) -> ComparedEstimate:
        denominator = _members(found, among)
        numerator = _members(found, lambda one: among(one) and counts(one))
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
            published=next(one.to_json() for one in PUBLISHED if one.measure == key),
        )

    def implanted(one: Screened) -> bool:
        return one.responded and one.implanted

    return (
        share(
            "responded_rate", "Responded to a test dose",
            lambda one: one.responded, lambda one: one.response != "unknown",
        ),
        share(
            "implanted_rate", "Implanted, of responders",
            lambda one: one.implanted, lambda one: one.responded,
        ),
        share(
            "efficacy", "Efficacy continues, of those asked",
            lambda one: one.efficacy, lambda one: implanted(one) and one.answer is not None,
        ),
        share(
            "function", "Function improved, of those assessed",
            lambda one: one.gained, lambda one: implanted(one) and one.function is not None,
        ),
        share(
            "hospitalised", "Hospitalised complication, of implanted",
            lambda one: one.hospitalised, implanted,
        ),
    )  # fmt: skip


def _members(found: dict[str, Screened], holds: Callable[[Screened], bool]) -> tuple[str, ...]:
    return tuple(sorted(key for key, one in found.items() if holds(one)))


def _follow_up(found: dict[str, Screened]) -> Table:
    asked = {
        key: one.months
        for key, one in sorted(found.items())
        if one.responded and one.months is not None
    }
    months = [value for value in asked.values() if value is not None]
    mean = sum(months) / len(months) if months else None
    reason = None if months else "nobody was asked"
    return FOLLOW_UP.filled(
        rows=[
            ("own", OWN_STUDY, len(asked), mean, reason),
            ("published", PAPER, None, PUBLISHED_MONTHS, None),
        ],
        cells={("own", "patients"): tuple(asked)},
    )


def _dystonia_change(found: dict[str, Screened]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells = {}
    for measure in DYSTONIA_SCORES:
        pairs = {
            key: pair
            for key, one in sorted(found.items())
            if one.responded
            and one.implanted_on is not None
            and (pair := before_and_after(one.patient, measure, one.implanted_on)) is not None
        }
        before = [pair[0].value for pair in pairs.values()]
        after = [pair[1].value for pair in pairs.values()]
        test = signed_rank(after, before, unit=UNIT)
        medians = (median(before), median(after), test.value, test.p_value)
        reason = None if pairs else "nobody has both"
        rows.append((measure.key, measure.label, len(pairs), *medians, reason))
        cells[measure.key, "patients"] = tuple(pairs)
    return DYSTONIA_CHANGE.filled(rows, cells)


PROTOCOL: Final = Protocol(
    key="ford-1996",
    version="3",
    title="Test dose, implantation and outcome in dystonia",
    question="Who with dystonia responds to a test dose, and what does the pump then do for them?",
    plain_words=(
        "This counts patients with dystonia from the test dose to the pump and on to the last "
        "answer about it. It shows how many drop out at each step, beside what the paper printed. "
        "It cannot show that the drug did it: nobody was compared, the test dose was judged by "
        "people who knew, and who stopped answering may have fared worse."
    ),
    citation=Citation(
        authors="Ford B et al",
        title="Use of intrathecal baclofen in the treatment of patients with dystonia.",
        journal="Arch Neurol",
        year=1996,
        pages="53:1241-6",
    ),
    population=(
        "Patients with primary or secondary dystonia as diagnosis whose first test dose lies in "
        "the period. Dyskinetic cerebral palsy is another diagnosis here and does not count."
    ),
    unit=UNIT,
    pairing=None,
    index_rule=RESPONSE_RULE,
    read_rule=IMPLANT_RULE,
    further_rules=(FOLLOWED_RULE, FUNCTION_RULE, HOSPITAL_RULE),
    window="no window",
    caveats=(
        "Only the abstract was available to us. The paper counted patients with severe segmental "
        "or generalised dystonia that oral drugs did not hold; the registry does not record that.",
        "Efficacy was patient satisfaction in the paper, and here is the answer of patient or "
        "caregiver at a review. Function was what patients reported, and here is the COPM.",
        "A complication that nobody recorded counts as none.",
        "Comparison is unadjusted; the intervals of the printed figures are computed here.",
    ),
    published=PUBLISHED,
    flow_keys=(
        "screened",
        "not_responded",
        "responded",
        "not_implanted",
        "implanted",
        "not_followed",
        "satisfied",
        "not_satisfied",
    ),
    headline=("responded_rate", "efficacy", "function", "hospitalised"),
    tables=(BASELINE, AGES, COMPARATORS, FOLLOW_UP, DYSTONIA_CHANGE),
    count=count,
    reporting=by_protocol.FORD,
    counts_adjudications=False,
    earlier=(before_baseline("1", RESPONSE_RULE), before_ages("2", RESPONSE_RULE)),
    needs=frozenset(
        {
            FactGroup.BACKGROUND,
            FactGroup.SCREENING_TESTS,
            FactGroup.SATISFACTION,
            FactGroup.ASSESSMENTS,
            FactGroup.COMPLICATIONS,
        }
    ),
)
