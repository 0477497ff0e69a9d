"""Patients with a pump and patients without one, made comparable."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from .assessment_facts import AssessmentFacts
from .background_facts import BackgroundFacts
from .facts import PatientFacts
from .instruments import Instrument
from .matching import Balance, Candidate, MatchedPair, category_differences, matched
from .matching import standardised_difference as difference
from .paired_tests import SIGNED_RANK_RULE, signed_rank
from .protocol import Column, Form, TableDescription
from .result import Cell, Table
from .score_course import Measure, course, last_by, median
from .selection import Period

A_YEAR: Final = timedelta(days=365)
KNOWN_SEXES: Final = frozenset({"female", "male"})

GROUPS: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "sci": ("Spinal cord injury", frozenset({"sci_traumatic", "sci_nontraumatic"})),
    "cp": ("Cerebral palsy", frozenset({"cp_spastic", "cp_dyskinetic", "cp_mixed", "cp_ataxic"})),
    "stroke": ("Stroke", frozenset({"stroke"})),
    "ms": ("Multiple sclerosis", frozenset({"ms"})),
}
"""The diagnoses of the paper; every other one is a group of its own."""

MEASURES: Final = (
    Measure("penn_frequency", "Penn, spasm frequency", Instrument.PENN_SPASM, "frequency"),
    Measure("penn_severity", "Penn, spasm severity", Instrument.PENN_SPASM, "severity"),
    Measure("pain_severity", "Brief Pain, severity", Instrument.BRIEF_PAIN, "severity"),
    Measure("pain_interference", "Brief Pain, interference", Instrument.BRIEF_PAIN, "interference"),
    Measure("epworth", "Epworth sleepiness", Instrument.EPWORTH, "total"),
    Measure("fatigue", "Fatigue severity", Instrument.FATIGUE_SEVERITY, "mean"),
    Measure("lisat_9", "Life Satisfaction, 9 items (more is better)", Instrument.LISAT_9, "mean"),
    Measure(
        "lisat_11", "Life Satisfaction, 11 items (more is better)", Instrument.LISAT_11, "mean"
    ),
    Measure("swls", "Diener, satisfaction (more is better)", Instrument.DIENER_SWLS, "total"),
)

BALANCE: Final = TableDescription(
    key="balance",
    label="How alike the arms are, before and after matching",
    columns=(
        Column("key", "Key"),
        Column("label", "Characteristic"),
        Column("pump_before", "Pump, all", form=Form.RATIO),
        Column("other_before", "No pump, all", form=Form.RATIO),
        Column("difference_before", "Difference before", form=Form.COEFFICIENT),
        Column("pump_after", "Pump, matched", form=Form.RATIO),
        Column("other_after", "No pump, matched", form=Form.RATIO),
        Column("difference_after", "Difference after", form=Form.COEFFICIENT),
    ),
    note=(
        "Means, of yes and no the share; differences are standardised (Austin 2009): below 0.1 is "
        "commonly taken as balance. A dash: not defined, or nobody of that diagnosis was matched."
    ),
)

OUTCOMES: Final = TableDescription(
    key="outcomes",
    label="Scores within matched pairs",
    columns=(
        Column("key", "Key"),
        Column("label", "Score"),
        Column("patients", "Patients in pairs", counts=True),
        Column("pump", "Median, pump", form=Form.RATIO),
        Column("other", "Median, no pump", form=Form.RATIO),
        Column("difference", "Median difference", form=Form.RATIO),
        Column("p_value", "p", form=Form.COEFFICIENT),
    ),
    note=(
        f"Pairs in which both have the score, the last on or before the end of the period. "
        f"{SIGNED_RANK_RULE}; no correction for several scores; 0.00 is below 0.005. The means the "
        "abstract prints for spasms repeat each other to two decimals and may be misprinted, so "
        "they do not stand here."
    ),
)


@dataclass(frozen=True, slots=True)
class Eligible:
    """One patient who may be matched."""

    patient: PatientFacts
    pump: bool
    age_years: int
    sex: str
    group: str
    until: date

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.patient.patient_id, (self.sex, self.group), (float(self.age_years),))

    def score(self, measure: Measure) -> float | None:
        found = last_by(course(self.patient, measure), self.until)
        return None if found is None else found.value


def group_of(diagnosis: str) -> str:
    return next((key for key, (_, codes) in GROUPS.items() if diagnosis in codes), diagnosis)


def eligible(patient: PatientFacts, period: Period) -> Eligible | None:
    """Whoever was assessed with one of the scores in the period, with background known.

    With a pump: in therapy for a year at the last such day. Without: no pump and no operation by
    then.
    """
    wanted = {measure.instrument.value for measure in MEASURES}
    days = [
        one.performed_on
        for one in patient.of(AssessmentFacts)
        if one.instrument in wanted and period.contains(one.performed_on)
    ]
    background = next(iter(patient.of(BackgroundFacts)), None)
    if not days or background is None or background.birth_year is None:
        return None
    if background.sex not in KNOWN_SEXES:
        return None
    last = max(days)
    start, end = patient.therapy_from, patient.therapy_to
    if start is None or start > last:
        pump = False
        if patient.surgeries:
            return None
    elif last - start >= A_YEAR and (end is None or end >= last):
        pump = True
    else:
        return None
    return Eligible(
        patient=patient,
        pump=pump,
        age_years=last.year - background.birth_year,
        sex=background.sex,
        group=group_of(background.diagnosis),
        until=last,
    )


@dataclass(frozen=True, slots=True)
class Arms:
    """Everybody eligible, and the pairs."""

    everybody: Mapping[str, Eligible]
    pairs: tuple[MatchedPair, ...]

    @property
    def paired(self) -> frozenset[str]:
        return frozenset(one for pair in self.pairs for one in (pair.treated, pair.comparator))

    def of(self, *, pump: bool, matched_only: bool) -> list[Eligible]:
        paired = self.paired
        return [
            one
            for key, one in sorted(self.everybody.items())
            if one.pump is pump and (key in paired or not matched_only)
        ]


def arms(everybody: Mapping[str, Eligible]) -> Arms:
    """Optimal pairs: sex and diagnosis equal, age as near as can be.

    Who differs in sex or diagnosis is never paired, so each such group is matched for itself.
    """
    alike: dict[tuple[str, str], list[Eligible]] = {}
    for _, one in sorted(everybody.items()):
        alike.setdefault((one.sex, one.group), []).append(one)
    pairs: list[MatchedPair] = []
    for _, group in sorted(alike.items()):
        with_pump = [one.candidate for one in group if one.pump]
        pairs += matched(with_pump, [one.candidate for one in group if not one.pump]).pairs
    return Arms(everybody, tuple(pairs))


def balance_table(both: Arms) -> Table:
    """Age, sex and each diagnosis, before and after matching."""
    before, after = (
        {
            one.characteristic: one
            for one in _balances(
                both.of(pump=True, matched_only=only), both.of(pump=False, matched_only=only)
            )
        }
        for only in (False, True)
    )
    rows: list[tuple[Cell, ...]] = []
    for name in before:
        numbers = [
            value
            for found in (before[name], after.get(name))
            for value in (
                (None, None, None)
                if found is None
                else (found.treated, found.comparators, found.difference)
            )
        ]
        rows.append((name.lower().replace(": ", "_").replace(" ", "_"), name, *numbers))
    return BALANCE.filled(rows, {})


def _balances(pump: Sequence[Eligible], other: Sequence[Eligible]) -> list[Balance]:
    def values(of: Callable[[Eligible], float], arm: Sequence[Eligible]) -> list[float]:
        return [of(one) for one in arm]

    def group(one: Eligible) -> str:
        return GROUPS[one.group][0] if one.group in GROUPS else one.group

    found = [
        difference(
            "Age in years", *(values(lambda one: one.age_years, arm) for arm in (pump, other))
        ),
        difference("Male", *(values(lambda one: one.sex == "male", arm) for arm in (pump, other))),
    ]
    if pump or other:
        found += category_differences(
            "Diagnosis", [group(one) for one in pump], [group(one) for one in other]
        )
    return found


def outcomes_table(both: Arms) -> Table:
    rows: list[tuple[Cell, ...]] = []
    cells = {}
    for measure in MEASURES:
        scored = {
            (pair.treated, pair.comparator): (first, second)
            for pair in both.pairs
            if (first := both.everybody[pair.treated].score(measure)) is not None
            and (second := both.everybody[pair.comparator].score(measure)) is not None
        }
        of_pump = [one for one, _ in scored.values()]
        of_other = [other for _, other in scored.values()]
        test = signed_rank(of_pump, of_other)
        people = tuple(sorted(one for pair in scored for one in pair))
        numbers = (median(of_pump), median(of_other), test.value, test.p_value)
        rows.append((measure.key, measure.label, len(people), *numbers))
        cells[measure.key, "patients"] = people
    return OUTCOMES.filled(rows, cells)
