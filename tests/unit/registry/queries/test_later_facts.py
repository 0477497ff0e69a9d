from datetime import date
from decimal import Decimal

from registry import actions
from registry.audit.assessment_facts import AssessmentFacts
from registry.audit.background_facts import BackgroundFacts
from registry.audit.complication_facts import ComplicationFacts
from registry.audit.component_facts import ComponentFacts
from registry.audit.departure_facts import DepartureFacts
from registry.audit.dose_facts import DoseFacts
from registry.audit.fact_group import FactGroup
from registry.audit.procedure_facts import ProcedureFacts
from registry.audit.review_facts import ReviewFacts
from registry.audit.satisfaction_facts import SatisfactionFacts
from registry.audit.screening_facts import ScreeningFacts
from registry.queries import audit_facts
from tests.factories import registry_records as make


def test_reviews_come_only_when_asked_for(north):
    viewer = north.logged_by
    make.review(of=north.case, by=viewer, surgery=north.surgery)
    (plain,) = audit_facts.cohort(viewer=viewer, centre_codes=["NORTH"]).patients
    assert plain.later == ()
    (patient,) = audit_facts.cohort(
        viewer=viewer, centre_codes=["NORTH"], needs={FactGroup.REVIEWS}
    ).patients
    assert {(one.case_id, one.symptoms, one.surgery_id) for one in patient.of(ReviewFacts)} == {
        (str(north.case.public_id), "improved", str(north.surgery.public_id)),
        (str(north.case.public_id), "improved", ""),
    }


def test_components_procedures_background_and_departures_come_as_they_are_recorded(north):
    viewer, patient = north.logged_by, north.patient
    removed_on = north.surgery.performed_on
    logged = make.component(
        of=patient, by=viewer, kind="connector", model="", reservoir_ml=None, removed_on=removed_on,
        removal_reason="catheter_kink", removed_by=north.surgery,
    )  # fmt: skip
    lost = make.case(of=patient, by=viewer, opened_on=removed_on)
    actions.cases.close(
        case=lost, edition=1, by=viewer, at=make.NOW, closed_on=removed_on,
        outcome="lost_to_follow_up",
    )  # fmt: skip
    groups = set(FactGroup) - {FactGroup.REVIEWS, FactGroup.SECOND_LOOKS}
    (facts,) = audit_facts.cohort(viewer=viewer, centre_codes=["NORTH"], needs=groups).patients
    (component,) = [one for one in facts.of(ComponentFacts) if one.kind == "connector"]
    assert component == ComponentFacts(
        str(logged.public_id), "connector", logged.model, logged.implanted_on,
        logged.implanted_on_precision, removed_on, "catheter_kink", str(north.surgery.public_id),
    )  # fmt: skip
    (done,) = facts.of(ProcedureFacts)
    assert (done.surgery_id, done.indication) == (
        str(north.surgery.public_id),
        north.surgery.indication,
    )
    assert done.procedures == tuple(sorted(one.code for one in north.surgery.procedures.all()))
    (background,) = facts.of(BackgroundFacts)
    assert background == BackgroundFacts(patient.birth_year, patient.sex, patient.diagnosis)
    assert facts.of(DepartureFacts) == (DepartureFacts(str(lost.public_id), removed_on),)


def test_complications_come_with_the_group_of_their_code(north):
    make.complication(
        of=north.patient, by=north.logged_by, surgery=north.surgery, code="meningitis",
        occurred_on=north.surgery.performed_on,
    )  # fmt: skip
    (patient,) = audit_facts.cohort(
        viewer=north.logged_by, centre_codes=["NORTH"], needs={FactGroup.COMPLICATIONS}
    ).patients
    (one,) = (c for c in patient.of(ComplicationFacts) if c.code == "meningitis")
    assert (one.code_group, one.surgery_id) == ("infection", str(north.surgery.public_id))
    assert (one.study_id, one.hospital_nights, one.resolved_on) == ("", None, None)


def test_tests_answers_assessments_and_daily_doses_come_as_they_are_recorded(north):
    viewer, patient = north.logged_by, north.patient
    tested = make.screening_test(of=patient, by=viewer)
    asked = make.review(of=north.case, by=viewer, surgery=north.surgery, caregiver_satisfied="yes")
    graded = make.assessment(of=patient, by=viewer)
    for n, mode in enumerate(({}, {"mode": "stopped", "dose_ug_per_day": None})):
        make.dose_setting(of=patient, by=viewer, set_on=date(2024, 1, 10 + n), **mode)
    (facts,) = audit_facts.cohort(
        viewer=viewer,
        centre_codes=["NORTH"],
        needs={
            FactGroup.SCREENING_TESTS,
            FactGroup.SATISFACTION,
            FactGroup.ASSESSMENTS,
            FactGroup.DOSES,
        },
    ).patients
    assert ScreeningFacts(tested.performed_on, "yes") in facts.of(ScreeningFacts)
    assert facts.of(SatisfactionFacts) == (SatisfactionFacts(asked.reviewed_on, "yes"),)
    grades = (("hip_adductors_left", "2"), ("hip_adductors_right", "1+"))
    assert AssessmentFacts(
        str(graded.public_id), graded.performed_on, graded.instrument, grades
    ) in facts.of(AssessmentFacts)
    assert [one.dose_ug_per_day for one in facts.of(DoseFacts)][-2:] == [Decimal(300), Decimal(0)]
