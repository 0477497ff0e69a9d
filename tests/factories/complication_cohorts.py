"""Patients with operations and complications: one cohort counted by hand, and random ones."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from registry.audit.complication_course import GRADES
from registry.audit.complication_facts import ComplicationFacts
from registry.audit.component_facts import ComponentFacts
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.procedure_facts import ProcedureFacts
from tests.factories.cohorts import CENTRES, FIRST_DAY, days, patient

GROUPS = {
    "infection_pocket": "infection", "infection_track": "infection", "meningitis": "infection",
    "infection_superficial": "infection", "dehiscence": "infection", "kink": "catheter",
    "csf_wound_leak": "fluid", "fever": "withdrawal", "anaesthetic": "general",
}  # fmt: skip

FIRST_PUMP = ("pump_implant_primary",)


def complication(key: str, code: str, on: date, **more) -> ComplicationFacts:
    return ComplicationFacts(key, on, code, GROUPS[code], **more)


def operation(key: str, on: date, *procedures: str) -> ProcedureFacts:
    return ProcedureFacts(key, on, "", procedures)


def counted_by_hand() -> Cohort:
    """Six patients; the cut is 2024-12-31.

    a: infected 31 days after a first pump, with surgery on a ward. b: the implantation is known
    from the pump only, infected on day 90. c: two places on one day, day 91. d: infected early, but
    the window of the operation is open. e: a kink, no operation, start of therapy unknown. f: none.
    """
    ward = {"hospitalisation": "ward", "needed_surgery": "yes", "grade": "grade_iii"}
    plan = {
        "a": (date(2022, 1, 1), operation("op-a", date(2022, 1, 1), *FIRST_PUMP),
              complication("c-a", "infection_pocket", date(2022, 2, 1), surgery_id="op-a", **ward)),
        "b": (date(2021, 1, 1), ComponentFacts("pump-b", "pump", implanted_on=date(2021, 1, 1)),
              complication("c-b", "infection_track", date(2021, 4, 1))),
        "c": (date(2020, 1, 1), operation("op-c", date(2020, 1, 1), *FIRST_PUMP),
              complication("c-c1", "meningitis", date(2020, 4, 1), hospitalisation="icu"),
              complication("c-c2", "infection_pocket", date(2020, 4, 1), grade="grade_ii")),
        "d": (date(2024, 1, 1), operation("op-d", date(2024, 12, 1), "pump_replacement_new_pocket"),
              complication("c-d", "infection_superficial", date(2024, 12, 10))),
        "e": (None, complication("c-e", "kink", date(2024, 5, 1))),
        "f": (date(2024, 12, 1),),
    }  # fmt: skip
    return Cohort(
        patients=tuple(
            replace(patient(key, therapy_from=start), later=tuple(later), synthetic=True)
            for key, (start, *later) in plan.items()
        )
    )


@st.composite
def patients(draw: st.DrawFn, patient_id: str) -> PatientFacts:
    """Up to three operations, pumps and complications, in any order."""
    later = [
        operation(f"{patient_id}-o{n}", draw(days), *draw(st.sampled_from([(), FIRST_PUMP])))
        for n in range(draw(st.integers(0, 2)))
    ] + [
        ComponentFacts(f"{patient_id}-p{n}", "pump", implanted_on=draw(st.none() | days))
        for n in range(draw(st.integers(0, 2)))
    ] + [
        complication(
            f"{patient_id}-c{n}",
            draw(st.sampled_from(sorted(GROUPS))),
            draw(days),
            grade=draw(st.sampled_from(["", *GRADES])),
            hospitalisation=draw(st.sampled_from(["", "none", "ward", "icu", "unknown"])),
            surgery_id=draw(st.sampled_from(["", f"{patient_id}-o0"])),
        )
        for n in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return replace(
        patient(
            patient_id,
            centre=draw(st.sampled_from(CENTRES)),
            therapy_from=draw(st.sampled_from([None, FIRST_DAY, FIRST_DAY + timedelta(500)])),
        ),
        therapy_to=draw(st.none() | st.just(FIRST_DAY + timedelta(800))),
        later=tuple(later),
    )


cohorts = st.integers(0, 6).flatmap(
    lambda n: st.tuples(*(patients(f"patient-{m}") for m in range(n)))
).map(lambda drawn: Cohort(patients=drawn))  # fmt: skip
