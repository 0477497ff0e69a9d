"""Centres whose shares were counted by hand. Synthetic throughout."""

from dataclasses import replace
from datetime import timedelta

from registry.audit.codes import Finding, StudyOutcome
from registry.audit.facts import Cohort, PatientFacts
from registry.audit.review_facts import ReviewFacts
from tests.factories.accuracy_cohorts import SOUND, found, operated_patient
from tests.factories.cohorts import FIRST_DAY, studied_patient

TORN = found("disconnection", "splice")


def _operated(patient_id: str, centre: str, day: int, *, torn: bool, symptoms: str) -> PatientFacts:
    on = FIRST_DAY + timedelta(days=day)
    one = operated_patient(patient_id, Finding.LEAK, TORN if torn else SOUND, on=on)
    (surgery,) = one.surgeries
    reviews = ()
    if symptoms:
        reviewed_on = surgery.performed_on + timedelta(days=100)
        reviews = (ReviewFacts(surgery.case_id, reviewed_on, symptoms, surgery.surgery_id),)
    return replace(one, centre=centre, later=reviews)


def _stopped(patient_id: str, centre: str, day: int) -> PatientFacts:
    on = FIRST_DAY + timedelta(days=day)
    return studied_patient(
        patient_id, outcome=StudyOutcome.STOPPED_NOT_ASPIRABLE, on=on, centre=centre
    )


def four_centres() -> Cohort:
    """EAST: 3 of 15 not aspirable; of 12 positive 1 not verified; of 11 operations 2 without a
    defect; of 10 reviewed 4 not resolved. WEST: 12 of 22 not aspirable, all 10 positive verified,
    a defect in each, 10 reviewed and resolved. NORTH and SOUTH: two studies each.
    """
    east = [_stopped(f"e-stopped-{n}", "EAST", n) for n in range(3)]
    east += [
        _operated(
            f"e-operated-{n:02}",
            "EAST",
            20 + n,
            torn=n >= 2,
            symptoms="" if n == 0 else "improved" if n < 5 else "resolved",
        )
        for n in range(11)
    ]
    east.append(
        studied_patient(
            "e-left", finding=Finding.LEAK, on=FIRST_DAY + timedelta(days=60), centre="EAST"
        )
    )
    west = [_stopped(f"w-stopped-{n:02}", "WEST", n) for n in range(12)]
    west += [
        _operated(f"w-operated-{n:02}", "WEST", 20 + n, torn=True, symptoms="resolved")
        for n in range(10)
    ]
    small = [_stopped(f"{centre}-{n}", centre, n) for centre in ("NORTH", "SOUTH") for n in (0, 1)]
    return Cohort(patients=(*east, *west, *small))
