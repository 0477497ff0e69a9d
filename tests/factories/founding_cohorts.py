"""Cohorts that yield the counts the founding papers print. Synthetic: every date, score and id in
them is invented; what a paper does not print is not asserted of them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from registry.audit.assessment_facts import AssessmentFacts
from registry.audit.background_facts import BackgroundFacts
from registry.audit.complication_facts import ComplicationFacts
from registry.audit.dose_facts import DoseFacts
from registry.audit.fact_group import LaterFact
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.instruments import Instrument, items_of
from registry.audit.satisfaction_facts import SatisfactionFacts
from registry.audit.screening_facts import ScreeningFacts
from tests.factories.cohorts import FIRST_DAY, patient

TWENTY_ONE_MONTHS = timedelta(days=639)


def synthetic(patient_id: str, *facts: LaterFact, therapy_from: date | None = None) -> PatientFacts:
    one = patient(patient_id, therapy_from=therapy_from)
    return replace(one, synthetic=True, later=facts)


def assessed(
    assessment_id: str, on: date, instrument: str, grades: Mapping[str, object]
) -> AssessmentFacts:
    return AssessmentFacts(
        assessment_id, on, instrument, tuple((item, str(grade)) for item, grade in grades.items())
    )


def ford_cohort() -> Cohort:
    """25 tested, 13 responded, all 13 implanted; of 11 followed for 21 months 6 are satisfied and
    3 gained function; 5 of the 13 were in hospital with a complication.
    """
    people = []
    for n in range(25):
        tested_on = FIRST_DAY - timedelta(days=400 - 7 * n)
        facts: list[LaterFact] = [
            BackgroundFacts(
                1960 + n, "female", "dystonia_primary" if n % 2 else "dystonia_secondary"
            ),
            ScreeningFacts(tested_on, "yes" if n < 13 else "no"),
        ]
        if n >= 13:
            people.append(synthetic(f"ford-{n:02}", *facts))
            continue
        implanted_on = tested_on + timedelta(days=30)
        if n < 11:
            asked_on = implanted_on + TWENTY_ONE_MONTHS
            facts += [
                SatisfactionFacts(asked_on, "yes" if n < 6 else "no"),
                assessed(f"f{n}-before", tested_on, "copm", {"performance_1": 3}),
                assessed(f"f{n}-after", asked_on, "copm", {"performance_1": 5 if n < 3 else 4}),
            ]
        if n % 3 == 0:
            facts.append(
                ComplicationFacts(
                    f"f{n}-complication",
                    implanted_on + timedelta(days=60),
                    "infection_pocket",
                    "infection",
                    hospitalisation="ward",
                )
            )
        people.append(synthetic(f"ford-{n:02}", *facts, therapy_from=implanted_on))
    return Cohort(patients=tuple(people))


ALL_MUSCLES = tuple(item.code for item in items_of(Instrument.ASHWORTH_0_4))


def titration_cohort() -> Cohort:
    """Six in therapy since the first day, each with 100 µg a day.

    Four are graded 3 before and 1 on day 100. `t-0` and `t-1` stay there. `t-2` and `t-3` are
    raised to 200 on day 200 and graded 1 again on day 300: above the lowest effective dose. `t-4`
    is graded before only. `t-5` has CRPS: pain 8 before, 4 at 3 and 6 months, 4 at 12; its dose is
    raised to 105. No founding document prints counts of this.
    """
    people = []
    for n in range(6):
        start = FIRST_DAY
        facts: list[LaterFact] = [
            BackgroundFacts(1980, "male", "crps" if n == 5 else "sci_traumatic"),
            DoseFacts(start, Decimal(100)),
        ]
        if n < 5:
            graded = [(-10, 3)] + ([(100, 1)] if n < 4 else [])
            if n in (2, 3):
                facts.append(DoseFacts(start + timedelta(days=200), Decimal(200)))
                graded.append((300, 1))
            facts += [
                assessed(
                    f"t{n}-{day}",
                    start + timedelta(days=day),
                    "ashworth_0_4",
                    dict.fromkeys(ALL_MUSCLES, grade),
                )
                for day, grade in graded
            ]
        else:
            facts.append(DoseFacts(start + timedelta(days=400), Decimal(105)))
            facts += [
                assessed(
                    f"t{n}-{day}",
                    start + timedelta(days=day),
                    "brief_pain",
                    {f"severity_{item}": pain for item in range(1, 5)},
                )
                for day, pain in ((-5, 8), (91, 4), (183, 4), (365, 4))
            ]
        people.append(synthetic(f"t-{n}", *facts, therapy_from=start))
    return Cohort(patients=tuple(people))


def mccormick_cohort() -> Cohort:
    """31 pairs as the paper's 62: 40 male; 38 spinal cord injury, 10 cerebral palsy, 10 stroke, 4
    multiple sclerosis. Three more with a pump have a diagnosis that nobody without one has.

    Ages differ by a year within a pair, spasm frequency is 1 with a pump and 2 without: invented.
    """
    diagnoses = ["sci_traumatic"] * 19 + ["cp_spastic"] * 5 + ["stroke"] * 5 + ["ms"] * 2
    asked_on = FIRST_DAY + timedelta(days=800)
    people = []
    for n, diagnosis in enumerate([*diagnoses, "tbi", "tbi", "tbi"]):
        sex = "male" if n < 20 else "female"
        for arm, pump in (("pump", True), ("other", False)):
            if diagnosis == "tbi" and not pump:
                continue
            facts: list[LaterFact] = [
                BackgroundFacts(1950 + n + pump, sex, diagnosis),
                assessed(
                    f"{arm}-{n}-penn",
                    asked_on,
                    "penn_spasm",
                    {"frequency": 1 if pump else 2, "severity": 1},
                ),
            ]
            if pump:
                facts.append(DoseFacts(FIRST_DAY, Decimal(500)))
            start = FIRST_DAY if pump else None
            people.append(synthetic(f"{arm}-{n:02}", *facts, therapy_from=start))
    return Cohort(patients=tuple(people))
