"""Writes `registry/audit/synthetic_patients.json`, from which the audit learns who can be counted.

``python -m tests.factories.synthetic_patients`` after a new kind of fact has its cohort here.
"""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from registry.audit.answer_facts import AnswerFacts
from registry.audit.centre_log_facts import CentreLogFacts
from registry.audit.codes import Finding, LeakSite
from registry.audit.completeness import QUESTION_LABELS
from registry.audit.complication_course import CARE, GRADES
from registry.audit.complication_facts import ComplicationFacts
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.open_queries import CONTRADICTION_LABELS, QueryKind
from registry.audit.possible_patients import SEEDS, renamed
from registry.audit.reference import DEFECTS
from registry.audit.stored_facts import canonical_json
from registry.vocabulary import ComplicationCode
from tests.factories import (
    accuracy_cohorts,
    case_cohorts,
    centre_cohorts,
    cohorts,
    complication_cohorts,
    component_cohorts,
    founding_cohorts,
)
from tests.factories.accuracy_cohorts import found, operated_patient
from tests.factories.cohorts import FIRST_DAY, patient, surgery
from tests.factories.complication_cohorts import FIRST_PUMP, operation
from tests.factories.double_reads import read_twice
from tests.factories.quality_cohorts import open_query, with_answers


def seeds() -> Cohort:
    """One cohort out of those that were counted by hand, each under ids of its own."""
    twice = [
        read_twice(f"{one}-{other}", one, other, *third, again=other)
        for one in Finding
        for other in Finding
        for third in [("leak",) if one is other else ()]
    ]
    sites = [*LeakSite, ""]
    operated = [
        operated_patient(
            f"{finding}-{code}", finding, found(code, sites[n % len(sites)]),
            leak_sites=[sites[n % 10]] if finding is Finding.LEAK else [],
        )
        for finding in Finding
        for n, code in enumerate(DEFECTS)
    ]  # fmt: skip
    troubled = [
        replace(
            patient(f"after-{code.value}", therapy_from=FIRST_DAY),
            later=(
                operation(f"op-{code.value}", FIRST_DAY, *FIRST_PUMP),
                _complication(code, days=20 + 7 * n % 150, hospitalisation=[*CARE][n % 5]),
            ),
        )
        for n, code in enumerate(ComplicationCode)
    ]
    untreated = [
        replace(
            patient(f"without-{code.value}", therapy_from=FIRST_DAY),
            later=(_complication(code, days=40),),
        )
        for code in ComplicationCode
    ]
    graded = [
        replace(
            patient(f"graded-{grade}-{care}", therapy_from=FIRST_DAY),
            later=(
                _complication(ComplicationCode.KINK, days=9, grade=grade, hospitalisation=care),
            ),
        )
        for grade in ("", *GRADES)
        for care in ("", *CARE)
    ]
    logged = [
        replace(one, later=(*one.later, CentreLogFacts(FIRST_DAY + timedelta(days=300 * n))))
        for n, one in enumerate(component_cohorts.many_components(24).patients)
    ]
    groups = {
        "a": cohorts.abousamra_cohort().patients[:35],
        "d": accuracy_cohorts.delhaas_like().patients,
        "c": centre_cohorts.four_centres().patients,
        "s": case_cohorts.counted_by_hand().patients,
        "k": complication_cohorts.counted_by_hand().patients,
        "m": component_cohorts.many_components(30).patients,
        "f": founding_cohorts.ford_cohort().patients,
        "t": founding_cohorts.titration_cohort().patients,
        "y": founding_cohorts.mccormick_cohort().patients,
        "r": tuple(twice),
        "o": tuple(operated),
        "x": tuple(troubled),
        "u": tuple(untreated),
        "l": tuple(logged),
        "q": tuple(_checked(n) for n in range(3 * len(QUESTION_LABELS))),
        **{f"g{n}": (one,) for n, one in enumerate(graded)},
    }
    return Cohort(tuple(renamed(one, key) for key, group in groups.items() for one in group))


def _checked(n: int) -> PatientFacts:
    """A patient with an operation, one question open, unknown or answered, and maybe a query."""
    questions = [*QUESTION_LABELS]
    asked = questions[n % len(questions)]
    open_one, unknown_one = n % 3 == 0, n % 3 == 1
    answers = AnswerFacts(
        f"checked-{n}",
        FIRST_DAY,
        given=[one for one in questions if one != asked or n % 3 == 2],
        unknown=[asked] if unknown_one else (),
        missing=[asked] if open_one else (),
    )
    kind, detail = [*_QUERIES][n % len(_QUERIES)]
    queries = (
        [open_query(kind, f"checked-{n}", on=FIRST_DAY, days_old=15 * n, detail=detail)]
        if n // 3 % 2
        else []
    )
    return with_answers(
        patient(f"checked-{n}", surgeries=[surgery(f"checked-op-{n}", on=FIRST_DAY)]),
        answers,
        queries=queries,
    )


_QUERIES = (
    *((QueryKind.CONTRADICTION, code) for code in CONTRADICTION_LABELS),
    *(
        (kind, "")
        for kind in QueryKind
        if kind not in (QueryKind.CONTRADICTION, QueryKind.UNANSWERED)
    ),
)


def _complication(code: ComplicationCode, *, days: int, **more: str) -> ComplicationFacts:
    on = FIRST_DAY + timedelta(days=days)
    group = code.term.group.value if code.term.group else ""
    return ComplicationFacts(f"x-{code.value}", on, code.value, group, needed_surgery="yes", **more)


def stored() -> str:
    return json.dumps(json.loads(canonical_json(seeds())), separators=(",", ":")) + "\n"


if __name__ == "__main__":
    Path(SEEDS).write_text(stored(), encoding="ascii")
