"""Cohorts for accuracy: studies with a known finding and operations with a known result."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import strategies as st

from registry.audit.codes import ABNORMAL_FINDINGS, Finding, OperativeStatus, StudyOutcome
from registry.audit.facts import Cohort, OperativeFacts, PatientFacts
from registry.audit.reference import DEFECTS
from registry.audit.review_facts import ReviewFacts
from tests.factories.cohorts import CENTRES, FIRST_DAY, studied_patient

SOUND = OperativeFacts("spinal_segment", "", OperativeStatus.EXCLUDED, "")
UNEXPLORED = OperativeFacts("spinal_segment", "", OperativeStatus.NOT_EXPLORED, "")
FLAT_BATTERY = OperativeFacts("pump", "pump", OperativeStatus.CONFIRMED, "battery_depleted")


def found(code: str, site: str = "") -> OperativeFacts:
    return OperativeFacts("spinal_segment", site, OperativeStatus.CONFIRMED, code)


def operated_patient(
    patient_id: str,
    finding: str,
    *findings: OperativeFacts,
    outcome: str = StudyOutcome.COMPLETED,
    on: date = FIRST_DAY,
    leak_sites: Sequence[str] = (),
) -> PatientFacts:
    """One study, and an operation five days later that found this."""
    one = studied_patient(
        patient_id,
        finding=finding or None,
        outcome=outcome,
        operated_after_days=5,
        on=on,
        leak_sites=leak_sites,
    )
    (surgery,) = one.surgeries
    return replace(one, surgeries=(replace(surgery, findings=findings),))


def reviewed(one: PatientFacts, symptoms: str, *, after_days: int) -> PatientFacts:
    (study,) = one.studies
    review = ReviewFacts(study.case_id, study.performed_on + timedelta(days=after_days), symptoms)
    return replace(one, later=(review,))


def delhaas_like() -> Cohort:
    """17 true and 2 false positives, 4 false and 27 true negatives: the cells of Delhaas.

    Synthetic: Delhaas verified by further tests, these by made-up operations.
    """
    cells = (
        *((Finding.LEAK, found("disconnection", "splice")) for _ in range(17)),
        *((Finding.INADEQUATE_POOLING, SOUND) for _ in range(2)),
        *((Finding.NORMAL_CRESCENT, found("connector_leak")) for _ in range(4)),
        *((Finding.NORMAL_CRESCENT, SOUND) for _ in range(27)),
    )
    return Cohort(
        patients=tuple(
            operated_patient(f"p{n:02}", finding, operation)
            for n, (finding, operation) in enumerate(cells)
        )
    )


def mirrored(cohort: Cohort) -> Cohort:
    """Positive and negative swapped, of the test and of the operation."""
    return Cohort(
        patients=tuple(
            replace(
                patient,
                studies=tuple(
                    replace(
                        study,
                        reads=tuple(
                            replace(read, primary_finding=_other(read.primary_finding))
                            for read in study.reads
                        ),
                    )
                    for study in patient.studies
                ),
                surgeries=tuple(
                    replace(surgery, findings=tuple(map(_opposite, surgery.findings)))
                    for surgery in patient.surgeries
                ),
            )
            for patient in cohort.patients
        )
    )


def _other(finding: str) -> str:
    if finding in ABNORMAL_FINDINGS:
        return Finding.NORMAL_CRESCENT
    return Finding.LEAK if finding == Finding.NORMAL_CRESCENT else finding


def _opposite(one: OperativeFacts) -> OperativeFacts:
    if one == SOUND:
        return found("fracture")
    return SOUND if one.finding in DEFECTS else one


@st.composite
def accuracy_cohorts(draw: st.DrawFn) -> Cohort:
    """Up to ten patients with up to two studies each, most of them operated on."""
    patients = []
    for n in range(draw(st.integers(0, 10))):
        parts = [
            operated_patient(
                f"p{n}-{m}",
                "" if outcome else draw(st.sampled_from(Finding)),
                draw(st.sampled_from([SOUND, UNEXPLORED, FLAT_BATTERY, found("fracture")])),
                outcome=outcome or StudyOutcome.COMPLETED,
                on=FIRST_DAY + timedelta(days=200 * m),
            )
            for m in range(draw(st.integers(1, 2)))
            for outcome in [draw(st.sampled_from(["", "", "", *list(StudyOutcome)[1:]]))]
        ]
        patients.append(
            replace(
                parts[0],
                patient_id=f"p{n}",
                centre=draw(st.sampled_from(CENTRES)),
                studies=tuple(study for part in parts for study in part.studies),
                surgeries=tuple(
                    surgery
                    for part in parts
                    for surgery in part.surgeries
                    if draw(st.integers(0, 3))
                ),
            )
        )
    return Cohort(patients=tuple(patients))
